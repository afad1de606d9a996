// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_below(const char *root, const char *path, int flags)
{
	char full[PATH_MAX];
	int fd;

	if (snprintf(full, sizeof(full), "%s%s", root ? root : "", path) >= (int)sizeof(full))
		return -ENAMETOOLONG;
	fd = open(full, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int file__read(const char *root, const char *path, char *buf, size_t size)
{
	int fd = open_below(root, path, O_RDONLY);
	size_t used = 0;
	ssize_t got;

	if (fd < 0)
		return fd;
	while (used + 1 < size) {
		got = read(fd, buf + used, size - 1 - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int err = errno;

			close(fd);
			return -err;
		}
		if (got == 0)
			break;
		used += (size_t)got;
	}
	close(fd);
	while (used && isspace((unsigned char)buf[used - 1]))
		used--;
	buf[used] = '\0';
	return (int)used;
}

int file__read_long(const char *root, const char *path, long long *value)
{
	char text[64], *end;
	int got = file__read(root, path, text, sizeof(text));

	if (got < 0)
		return got;
	errno = 0;
	*value = strtoll(text, &end, 0);
	return end == text || errno ? -EINVAL : 0;
}

int file__write(const char *root, const char *path, const char *text)
{
	int fd = open_below(root, path, O_WRONLY);
	int err = 0;

	if (fd < 0)
		return fd;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

bool file__exists(const char *root, const char *path)
{
	int fd = open_below(root, path, O_PATH);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}
