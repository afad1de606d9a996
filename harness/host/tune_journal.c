// SPDX-License-Identifier: MIT
#include "host/tune_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER        "vmexit-bench tune 1 "
#define JOURNAL_BYTES (1 << 20)

/* Only root's own file may tell root what to write where. */
static int check_owner(int fd, const char *path, struct error *err)
{
	struct stat s;

	if (fstat(fd, &s))
		return error__set_errno(err, EXIT_IO, errno, "fstat() of the tuning journal %s", path);
	if (!S_ISREG(s.st_mode) || s.st_uid != geteuid() || (s.st_mode & (S_IWGRP | S_IWOTH)))
		return error__set(err, EXIT_IO,
			"the tuning journal %s isn't a file that this user alone may write: look at it, then remove it",
			path);
	return 0;
}

/* 0 locked, 1 somebody else has it, -1 with err. */
static int lock(int fd, const char *path, struct error *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (!fcntl(fd, F_SETLK, &whole))
		return 0;
	if (errno != EACCES && errno != EAGAIN)
		return error__set_errno(err, EXIT_IO, errno, "locking the tuning journal %s", path);
	if (!fcntl(fd, F_GETLK, &whole) && whole.l_type != F_UNLCK)
		error__set(err, EXIT_USAGE,
			"another run with --tune is active (process %d, journal %s): wait for it, or run without --tune",
			(int)whole.l_pid, path);
	else
		error__set(err, EXIT_USAGE, "another run with --tune has just ended (journal %s): try again",
			path);
	return 1;
}

enum journal_state journal__open(const char *path, bool create, int *fd, struct error *err)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0);
	struct stat s;
	int locked;

	/* Again where its owner removed it between our open() and our lock. */
	for (int attempt = 0; attempt < 16; attempt++) {
		*fd = open(path, flags, 0600);
		/* Root's, met by another user: nothing that he could put back, and no news for each of his commands. */
		if (*fd < 0 && (errno == ENOENT || errno == EACCES) && !create)
			return JOURNAL_NONE;
		if (*fd < 0) {
			error__set_errno(err, EXIT_IO, errno,
				"opening the tuning journal %s (changing settings of the host needs root)",
				path);
			return JOURNAL_FAILED;
		}
		locked = check_owner(*fd, path, err) ? -1 : lock(*fd, path, err);
		if (!locked && !fstat(*fd, &s) && s.st_nlink)
			return JOURNAL_READY;
		close(*fd);
		*fd = -1;
		if (locked)
			return locked > 0 ? JOURNAL_IN_USE : JOURNAL_FAILED;
	}
	error__set(err, EXIT_IO, "the tuning journal %s is removed again and again by others", path);
	return JOURNAL_FAILED;
}

static int write_line(int fd, const char *line)
{
	size_t length = strlen(line);
	ssize_t wrote = write(fd, line, length);

	if (wrote < 0)
		return -errno;
	if ((size_t)wrote < length)
		return -ENOSPC;
	return fsync(fd) && errno != EINVAL ? -errno : 0;
}

int journal__begin(int fd, const char *boot_id)
{
	char line[256];

	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	snprintf(line, sizeof(line), HEADER "%s\n", boot_id);
	return write_line(fd, line);
}

int journal__add(int fd, const char *path, const char *old, const char *new)
{
	char line[1024];

	if (strpbrk(path, "\t\n") || strpbrk(old, "\t\n") || strpbrk(new, "\t\n") ||
		snprintf(line, sizeof(line), "%s\t%s\t%s\n", path, old, new) >= (int)sizeof(line))
		return -EINVAL;
	return write_line(fd, line);
}

/* The whole journal as a text; NULL with errno. */
static char *read_all(int fd)
{
	char *text = malloc(JOURNAL_BYTES);
	size_t used = 0;
	ssize_t got = 1;

	while (text && used < JOURNAL_BYTES - 1 && got > 0) {
		got = pread(fd, text + used, JOURNAL_BYTES - 1 - used, (off_t)used);
		if (got > 0)
			used += (size_t)got;
	}
	if (text && got < 0) {
		free(text);
		return NULL;
	}
	if (text)
		text[used] = '\0';
	return text;
}

int journal__replay(int fd, const char *boot_id, journal_undo_fn undo, void *context)
{
	char *text = read_all(fd), header[256];
	int undone = 0, failed = 0;
	char *end;

	if (!text)
		return -errno;
	snprintf(header, sizeof(header), HEADER "%s\n", boot_id);
	end = strrchr(text, '\n');
	if (strncmp(text, header, strlen(header)) || !end) {
		free(text);
		return 0;
	}
	/* From the last complete line backwards to the header. */
	while (end > text + strlen(header)) {
		char *path, *old, *new;
		int ret;

		*end = '\0';
		end = strrchr(text, '\n');
		path = end + 1;
		old = strchr(path, '\t');
		new = old ? strchr(old + 1, '\t') : NULL;
		if (!new)
			continue;
		*old++ = '\0';
		*new ++ = '\0';
		ret = undo(context, path, old, new);
		if (ret < 0 && !failed)
			failed = ret;
		else if (ret > 0)
			undone += ret;
	}
	free(text);
	return failed ? failed : undone;
}
