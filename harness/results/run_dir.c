// SPDX-License-Identifier: MIT
#include "results/run_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "results/json_file.h"
#include "results/schema.h"
#include "results/whole_file.h"

#define FULL_DISK_REMEDY "free space there, or choose another directory with -o"
#define RESERVE_FILE     "reserve.tmp"

static int file_path(const struct run_dir *d, const char *file, char out[PATH_MAX], struct error *err)
{
	if (snprintf(out, PATH_MAX, "%s/%s", d->path, file) >= PATH_MAX)
		return error__set_errno(err, EXIT_USAGE, ENAMETOOLONG, "%s/%s", d->path, file);
	return 0;
}

/* mkdir -p. A directory that is there already is fine here. */
static int make_folders(const char *path, struct error *err)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	for (size_t i = 1; i <= length; i++) {
		if (i < length && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			return error__set_errno(err, EXIT_IO, errno,
				"%s: creating the directory for the results (choose a writable one with -o)",
				part);
	}
	return 0;
}

/* 1 where the directory has anything in it, 0 where it hasn't, -1 with err. */
static int has_entries(const char *path, struct error *err)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);
	int found = 0;

	if (!dir)
		return error__set_errno(err, errno == ENOTDIR ? EXIT_USAGE : EXIT_IO, errno,
			"%s: opening the directory", path);
	while (!found && (entry = readdir(dir)))
		found = strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return found;
}

static int open_file(const struct run_dir *d, const char *file, int flags, struct error *err)
{
	char path[PATH_MAX];
	int fd;

	if (file_path(d, file, path, err))
		return -1;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | flags, 0666);
	if (fd < 0 && errno == EEXIST)
		return error__set(err, EXIT_USAGE,
			"%s: another run has just begun to write there: choose another directory with -o",
			path);
	if (fd < 0)
		return error__set_errno(err, EXIT_IO, errno,
			"%s: opening for writing (choose a writable directory with -o)", path);
	return fd;
}

/* Opens, or makes with its header line, the file of a schema; O_EXCL: makes it, or fails. The descriptor or -1. */
static int start_file(const struct run_dir *d, const struct schema *s, int flags, struct error *err)
{
	struct text header = { 0 };
	char path[PATH_MAX];
	struct stat now;
	int fd = open_file(d, s->file, flags, err), failed;

	if (fd < 0)
		return -1;
	failed = fstat(fd, &now) ? -errno : 0;
	if (!failed && !now.st_size) {
		schema__add_header(s, &header);
		failed = whole_file__append(fd, &header);
		text__free(&header);
	}
	if (failed) {
		close(fd);
		if (!file_path(d, s->file, path, NULL) && !now.st_size)
			unlink(path);
		return error__set_errno(err, EXIT_IO, -failed,
			"%s/%s: writing the header (" FULL_DISK_REMEDY ")", d->path, s->file);
	}
	return fd;
}

/* A file with only its header line in it. */
static void remove_empty(const struct run_dir *d, const struct schema *s, int fd)
{
	char path[PATH_MAX];

	close(fd);
	if (!file_path(d, s->file, path, NULL))
		unlink(path);
}

static int start_files(struct run_dir *d, int flags, struct error *err)
{
	d->samples_fd = d->checks_fd = -1;
	d->results_fd = start_file(d, &schema_results, flags, err);
	if (d->results_fd < 0)
		return -1;
	d->checks_fd = start_file(d, &schema_checks, flags, err);
	if (d->checks_fd >= 0)
		return 0;
	/* Leave the directory as empty as it was. */
	remove_empty(d, &schema_results, d->results_fd);
	return -1;
}

static int create_at(const char *path, struct run_dir *d, struct error *err)
{
	int used;

	if (!*path)
		return error__set(err, EXIT_USAGE, "the name of the directory for the results is empty");
	if (snprintf(d->path, sizeof(d->path), "%s", path) >= (int)sizeof(d->path))
		return error__set_errno(err, EXIT_USAGE, ENAMETOOLONG, "%.200s...", path);
	if (make_folders(path, err))
		return -1;
	used = has_entries(path, err);
	if (used < 0)
		return -1;
	if (used)
		return error__set(err, EXIT_USAGE,
			"%s: the directory isn't empty, and results are never overwritten: choose another with -o",
			path);
	/* Of two programs that both saw it empty one gets it. */
	return start_files(d, O_EXCL, err);
}

static int create_default(struct run_dir *d, struct error *err)
{
	char stem[PATH_MAX - 16], path[PATH_MAX], stamp[32];
	time_t now = time(NULL);
	struct utsname u;
	struct tm utc;

	uname(&u);
	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	snprintf(stem, sizeof(stem), "results/%s-%s-%s", stamp, u.nodename, u.release);
	if (make_folders("results", err))
		return -1;
	for (unsigned i = 1; i < 1000; i++) {
		if (i == 1)
			snprintf(path, sizeof(path), "%s", stem);
		else
			snprintf(path, sizeof(path), "%s-%u", stem, i);
		/* mkdir decides which of two programs that start in the same second gets the name. */
		if (!mkdir(path, 0777))
			return create_at(path, d, err);
		if (errno != EEXIST)
			return error__set_errno(err, EXIT_IO, errno,
				"%s: creating the directory for the results (choose a writable one with -o)",
				path);
	}
	return error__set_errno(err, EXIT_IO, EEXIST, "%s: creating the directory for the results", stem);
}

int run_dir__create(const char *path, struct run_dir *d, struct error *err)
{
	*d = (struct run_dir){ .results_fd = -1, .checks_fd = -1, .samples_fd = -1, .reserve_fd = -1 };
	return path ? create_at(path, d, err) : create_default(d, err);
}

int run_dir__open(const char *path, struct run_dir *d, struct error *err)
{
	char file[PATH_MAX];

	*d = (struct run_dir){ .results_fd = -1, .checks_fd = -1, .samples_fd = -1, .reserve_fd = -1 };
	if (snprintf(d->path, sizeof(d->path), "%s", path) >= (int)sizeof(d->path))
		return error__set_errno(err, EXIT_USAGE, ENAMETOOLONG, "%.200s...", path);
	if (file_path(d, schema_results.file, file, err))
		return -1;
	if (access(file, F_OK))
		return error__set_errno(
			err, EXIT_USAGE, errno, "%s: no run directory, it has no results.csv", path);
	return start_files(d, 0, err);
}

/* One file's part of a piece: where it goes and how long the file was. */
struct append {
	const struct schema *schema;
	int fd;
	off_t before;
	struct text text;
};

static void add_rows(struct append *a, const struct schema *s, const void *rows, size_t count)
{
	a->schema = s;
	schema__add_rows(s, &a->text, rows, count);
}

static int append_all(struct append *parts, size_t count)
{
	struct stat now;
	size_t done;
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].fd >= 0 && fstat(parts[i].fd, &now))
			return -errno;
		parts[i].before = parts[i].fd >= 0 ? now.st_size : 0;
	}
	for (done = 0; done < count && !failed; done++) {
		if (parts[done].text.used || parts[done].text.failed)
			failed = whole_file__append(parts[done].fd, &parts[done].text);
	}
	if (failed) {
		/* The one that failed has cut itself back; take the ones before it out again. */
		for (size_t i = 0; i + 1 < done; i++) {
			if (parts[i].text.used && ftruncate(parts[i].fd, parts[i].before))
				failed = -errno;
		}
	}
	return failed;
}

int run_dir__append(struct run_dir *d, const struct run_piece *piece, struct error *err)
{
	struct append parts[3] = { 0 };
	size_t bytes = 0;
	int failed;

	if (piece->sample_count && d->samples_fd < 0) {
		d->samples_fd = start_file(d, &schema_samples, 0, err);
		if (d->samples_fd < 0)
			return -1;
	}
	add_rows(&parts[0], &schema_samples, piece->samples, piece->sample_count);
	add_rows(&parts[1], &schema_checks, piece->checks, piece->check_count);
	/* Last, so that a row here means that its proof and its samples are there. */
	add_rows(&parts[2], &schema_results, piece->results, piece->result_count);
	parts[0].fd = d->samples_fd;
	parts[1].fd = d->checks_fd;
	parts[2].fd = d->results_fd;
	failed = append_all(parts, 3);
	for (size_t i = 0; i < 3; i++) {
		bytes += parts[i].text.used;
		text__free(&parts[i].text);
	}
	if (failed)
		return error__set_errno(err, EXIT_IO, -failed,
			"%s: appending %zu bytes of one job; what was finished before is kept (" FULL_DISK_REMEDY
			")",
			d->path, bytes);
	return 0;
}

int run_dir__write_summary(struct run_dir *d, const struct summary_row *rows, size_t count, struct error *err)
{
	struct text t = { 0 };
	char path[PATH_MAX];
	int failed;

	if (file_path(d, schema_summary.file, path, err))
		return -1;
	schema__add_header(&schema_summary, &t);
	schema__add_rows(&schema_summary, &t, rows, count);
	failed = whole_file__write(path, &t, err);
	text__free(&t);
	return failed;
}

int run_dir__write_json(struct run_dir *d, const json_t *root, struct error *err)
{
	char path[PATH_MAX];

	return file_path(d, "run.json", path, err) ? -1 : json_file__write(path, root, err);
}

int run_dir__reserve(struct run_dir *d, size_t bytes, struct error *err)
{
	char path[PATH_MAX];
	int failed;

	if (file_path(d, RESERVE_FILE, path, err))
		return -1;
	d->reserve_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (d->reserve_fd < 0)
		return error__set_errno(err, EXIT_IO, errno, "%s: creating", path);
	/* Whatever ends this process gives the space back. */
	unlink(path);
	failed = posix_fallocate(d->reserve_fd, 0, (off_t)bytes);
	if (failed != ENOSPC && failed != EDQUOT)
		return 0;
	run_dir__release(d);
	return error__set_errno(err, EXIT_IO, failed,
		"%s: setting %zu bytes aside for summary.csv and run.json (" FULL_DISK_REMEDY ")", d->path,
		bytes);
}

void run_dir__release(struct run_dir *d)
{
	if (d->reserve_fd >= 0)
		close(d->reserve_fd);
	d->reserve_fd = -1;
}

static int close_file(int *fd)
{
	int failed = 0;

	if (*fd < 0)
		return 0;
	if (fsync(*fd))
		failed = -errno;
	if (close(*fd) && !failed)
		failed = -errno;
	*fd = -1;
	return failed;
}

void run_dir__abandon(struct run_dir *d)
{
	char path[PATH_MAX];

	run_dir__release(d);
	remove_empty(d, &schema_results, d->results_fd);
	remove_empty(d, &schema_checks, d->checks_fd);
	if (!file_path(d, "run.json", path, NULL))
		unlink(path);
	d->results_fd = d->checks_fd = -1;
}

int run_dir__close(struct run_dir *d, struct error *err)
{
	int results = close_file(&d->results_fd), checks = close_file(&d->checks_fd),
	    samples = close_file(&d->samples_fd);
	int failed = results ? results : checks ? checks : samples;

	if (failed)
		return error__set_errno(err, EXIT_IO, -failed, "%s: syncing (" FULL_DISK_REMEDY ")", d->path);
	return 0;
}
