// SPDX-License-Identifier: MIT
#include "tar.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512

struct header {
	char name[100];
	char mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8];
	char type;
	char link[100];
	char magic[6], version[2];
	char rest[247];
};
_Static_assert(sizeof(struct header) == BLOCK, "a tar header is one block");

struct tar {
	int out;
	long long bytes;
};

static int put(struct tar *t, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		ssize_t n = write(t->out, from, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		from += n;
		size -= (size_t)n;
		t->bytes += n;
	}
	return 0;
}

static int put_header(struct tar *t, const char *name, char type, long long size)
{
	struct header h = { .type = type, .magic = "ustar", .version = { '0', '0' } };
	unsigned sum = 0;

	if (strlen(name) >= sizeof(h.name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(h.name, name);
	snprintf(h.mode, sizeof(h.mode), "%07o", type == '5' ? 0755u : 0644u);
	snprintf(h.uid, sizeof(h.uid), "%07o", 0u);
	snprintf(h.gid, sizeof(h.gid), "%07o", 0u);
	snprintf(h.size, sizeof(h.size), "%011llo", (unsigned long long)size & 077777777777ULL);
	snprintf(h.mtime, sizeof(h.mtime), "%011o", 0u);
	/* the sum is taken with its own field full of blanks */
	memset(h.checksum, ' ', sizeof(h.checksum));
	for (size_t i = 0; i < sizeof(h); i++)
		sum += ((const unsigned char *)&h)[i];
	snprintf(h.checksum, sizeof(h.checksum), "%06o", sum & 0777777);
	return put(t, &h, sizeof(h));
}

static int put_file(struct tar *t, const char *path, const char *name)
{
	static char buffer[64 * BLOCK];
	int fd = open(path, O_RDONLY | O_CLOEXEC), result = -1;
	long long left;
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) || put_header(t, name, '0', st.st_size))
		goto out;
	for (left = st.st_size; left > 0;) {
		size_t want = left < (long long)sizeof(buffer) ? (size_t)left : sizeof(buffer), padded;
		ssize_t n = read(fd, buffer, want);

		/* the header promised st_size bytes: a file that shrinks would tear the archive */
		if (n <= 0 || (size_t)n != want) {
			errno = n < 0 ? errno : EIO;
			goto out;
		}
		padded = (want + BLOCK - 1) / BLOCK * BLOCK;
		memset(buffer + want, 0, padded - want);
		if (put(t, buffer, padded))
			goto out;
		left -= n;
	}
	result = 0;
out:
	close(fd);
	return result;
}

static int no_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int put_folder(struct tar *t, const char *folder, const char *prefix)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, no_dots, by_name), result = n < 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		char path[PATH_MAX], name[PATH_MAX];
		struct stat st;

		if (result)
			goto next;
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		snprintf(name, sizeof(name), "%s%s", prefix, entries[i]->d_name);
		result = lstat(path, &st);
		if (!result && S_ISREG(st.st_mode)) {
			result = put_file(t, path, name);
		} else if (!result && S_ISDIR(st.st_mode)) {
			strncat(name, "/", sizeof(name) - strlen(name) - 1);
			result = put_header(t, name, '5', 0);
			if (!result)
				result = put_folder(t, path, name);
		}
	next:
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return result;
}

long long tar__write_folder(const char *folder, int out)
{
	static const char end[2 * BLOCK];
	struct tar t = { .out = out };

	if (put_folder(&t, folder, "") || put(&t, end, sizeof(end)))
		return -1;
	return t.bytes;
}
