// SPDX-License-Identifier: MIT
#include "results/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t put = write(fd, data, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		/* A short write says that space ran out in the middle; the next one says why. */
		data += put;
		length -= (size_t)put;
	}
	return 0;
}

int whole_file__append(int fd, const struct text *content)
{
	struct stat before;
	int failed;

	if (content->failed)
		return -ENOMEM;
	if (fstat(fd, &before))
		return -errno;
	failed = write_all(fd, content->data, content->used);
	/* Cutting back needs no space, so it works where writing did not. */
	if (failed && ftruncate(fd, before.st_size))
		return -errno;
	return failed;
}

int whole_file__append_path(const char *path, const struct text *content, struct error *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666), failed;

	if (fd < 0)
		return error__set_errno(err, EXIT_IO, errno, "%s: opening for appending", path);
	failed = whole_file__append(fd, content);
	if (close(fd) && !failed)
		failed = -errno;
	return failed ? error__set_errno(err, EXIT_IO, -failed,
				failed == -ENOSPC || failed == -EDQUOT ? "%s: appending (free space there)"
								       : "%s: appending",
				path)
		      : 0;
}

static void sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	char *slash;
	int fd;

	if (snprintf(folder, sizeof(folder), "%s", path) >= (int)sizeof(folder))
		return;
	slash = strrchr(folder, '/');
	if (!slash)
		strcpy(folder, ".");
	else
		slash[slash == folder] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* The rename is done; some file systems can't sync a folder, and that loses nothing but a crash. */
	(void)fsync(fd);
	close(fd);
}

int whole_file__write(const char *path, const struct text *content, struct error *err)
{
	char temporary[PATH_MAX];
	int fd, failed;

	if (content->failed)
		return error__set_errno(err, EXIT_IO, ENOMEM, "%s: writing", path);
	if (snprintf(temporary, sizeof(temporary), "%s.tmp", path) >= (int)sizeof(temporary))
		return error__set_errno(err, EXIT_USAGE, ENAMETOOLONG, "%s", path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return error__set_errno(err, EXIT_IO, errno, "%s: creating", temporary);
	failed = write_all(fd, content->data, content->used);
	if (!failed && fsync(fd))
		failed = -errno;
	if (close(fd) && !failed)
		failed = -errno;
	if (!failed && rename(temporary, path))
		failed = -errno;
	if (failed) {
		unlink(temporary);
		return error__set_errno(err, EXIT_IO, -failed,
			failed == -ENOSPC || failed == -EDQUOT
				? "%s: writing %zu bytes (free space there, or choose another directory with -o)"
				: "%s: writing %zu bytes",
			path, content->used);
	}
	sync_folder_of(path);
	return 0;
}

int whole_file__read(const char *path, struct text *content, struct error *err)
{
	static const size_t most = 1 << 30;
	int fd = open(path, O_RDONLY | O_CLOEXEC), failed = 0;
	char piece[65536];

	if (fd < 0)
		return error__set_errno(
			err, errno == ENOENT || errno == ENOTDIR ? EXIT_USAGE : EXIT_IO, errno, "%s", path);
	while (!failed) {
		ssize_t got = read(fd, piece, sizeof(piece));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			failed = got < 0 ? -errno : 0;
			break;
		}
		text__add(content, piece, (size_t)got);
		if (content->failed || content->used > most)
			failed = content->failed ? -ENOMEM : -EFBIG;
	}
	close(fd);
	if (failed)
		text__free(content);
	if (failed == -EFBIG)
		return error__set(err, EXIT_IO,
			"%s: more than %zu MiB: no file of this program's is so large", path, most >> 20);
	return failed ? error__set_errno(err, EXIT_IO, -failed, "%s: reading", path) : 0;
}
