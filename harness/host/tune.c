// SPDX-License-Identifier: MIT
#include "host/tune.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "host/cpus.h"
#include "host/host.h"
#include "host/tune_journal.h"

#define CPU_DIR "/sys/devices/system/cpu"
#define THP_DIR "/sys/kernel/mm/transparent_hugepage"

static const struct setting {
	const char *path; /* with %u: once for each online CPU */
	const char *wanted;
	const char *only_if; /* changed from this value only; NULL: from any */
} settings[] = {
	{ CPU_DIR "/cpu%u/cpufreq/scaling_governor", "performance", NULL },
	{ CPU_DIR "/intel_pstate/no_turbo", "1", NULL },
	{ CPU_DIR "/cpufreq/boost", "0", NULL },
	{ THP_DIR "/enabled", "madvise", "always" },
	{ THP_DIR "/khugepaged/defrag", "0", NULL },
	{ "/sys/kernel/mm/ksm/run", "0", "1" },
	{ "/proc/sys/kernel/numa_balancing", "0", NULL },
	{ "/proc/sys/kernel/nmi_watchdog", "0", NULL },
};

/* One write(2) of the value and a newline, as echo does. Cutting the file means nothing to /sys and /proc, and
 * makes plain files right, in tests; only after the write, so that a kill between the two loses no value. */
static int write_setting(const char *root, const char *path, const char *value)
{
	char full[PATH_MAX * 2], text[256];
	int fd, ret = 0;

	snprintf(full, sizeof(full), "%s%s", root, path);
	fd = open(full, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	snprintf(text, sizeof(text), "%s\n", value);
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	else if (ftruncate(fd, (off_t)strlen(text)))
		ret = 0; /* not a plain file */
	close(fd);
	return ret;
}

static void read_boot_id(const char *root, char *buf, size_t size)
{
	if (file__read(root, "/proc/sys/kernel/random/boot_id", buf, size) < 0)
		snprintf(buf, size, "unknown");
}

static bool may_be_written(const char *path)
{
	return (!strncmp(path, "/sys/", 5) || !strncmp(path, "/proc/sys/", 10)) && !strstr(path, "..");
}

struct undo {
	const char *root;
	char failed[PATH_MAX];
};

static int undo_one(void *context, const char *path, const char *old, const char *new)
{
	struct undo *undo = context;
	char now[256];
	int ret;

	if (!may_be_written(path))
		return 0;
	ret = host__choice(undo->root, path, now, sizeof(now));
	/* Gone with its CPU or module; as it was; or as somebody else wants it by now. */
	if (ret == -ENOENT || (!ret && (!strcmp(now, old) || strcmp(now, new))))
		return 0;
	if (!ret)
		ret = write_setting(undo->root, path, old);
	if (!ret && (host__choice(undo->root, path, now, sizeof(now)) || strcmp(now, old)))
		ret = -EIO;
	if (ret && !*undo->failed)
		snprintf(undo->failed, sizeof(undo->failed), "%s (was %s)", path, old);
	return ret ? ret : 1;
}

/* Undoes what the locked journal says, and removes it if all went well. The number undone, or -1 with err. */
static int undo_all(const char *root, const char *journal_path, int fd, struct error *err)
{
	struct undo undo = { .root = root };
	char boot_id[64];
	int ret;

	read_boot_id(root, boot_id, sizeof(boot_id));
	ret = journal__replay(fd, boot_id, undo_one, &undo);
	if (ret < 0)
		return error__set_errno(err, EXIT_IO, -ret,
			"putting back %s, which --tune had changed; put it back by hand and remove %s. Writing it",
			*undo.failed ? undo.failed : "a setting", journal_path);
	if (unlink(journal_path))
		return error__set_errno(err, EXIT_IO, errno, "removing the tuning journal %s", journal_path);
	return ret;
}

int tune__recover(const char *root, const char *journal_path, struct error *err)
{
	int fd, undone;

	switch (journal__open(journal_path, false, &fd, err)) {
	case JOURNAL_NONE:
	case JOURNAL_IN_USE:
		return 0;
	case JOURNAL_FAILED:
		return -1;
	case JOURNAL_READY:
		break;
	}
	undone = undo_all(root, journal_path, fd, err);
	close(fd);
	return undone;
}

static void remember(struct tune *t, const char *path, const char *old, const char *new)
{
	struct tune_change *more = realloc(t->change, (t->count + 1) * sizeof(*more));

	/* For showing only: the journal has it. */
	if (!more)
		return;
	t->change = more;
	more[t->count++] = (struct tune_change){ strdup(path), strdup(old), strdup(new) };
}

static void refuse(struct tune *t, const char *path, const char *wanted, int err)
{
	if (!*t->refused)
		snprintf(t->refused, sizeof(t->refused), "%.200s can't be set to %s: %s", path, wanted,
			strerror(err));
}

/* 0, or -errno where the journal can't be written: the one thing that stops everything. */
static int apply_one(struct tune *t, const struct setting *s, const char *path)
{
	char old[256], now[256];
	int ret;

	if (host__choice(t->root, path, old, sizeof(old)) || !strcmp(old, s->wanted) ||
		(s->only_if && strcmp(old, s->only_if)))
		return 0;
	ret = journal__add(t->journal_fd, path, old, s->wanted);
	if (ret)
		return ret;
	ret = write_setting(t->root, path, s->wanted);
	if (ret) {
		refuse(t, path, s->wanted, -ret);
		return 0;
	}
	if (host__choice(t->root, path, now, sizeof(now)) || strcmp(now, s->wanted)) {
		/* The kernel took it and did something else: not ours to guess. */
		refuse(t, path, s->wanted, EINVAL);
		write_setting(t->root, path, old);
		return 0;
	}
	remember(t, path, old, s->wanted);
	return 0;
}

static int apply_all(struct tune *t)
{
	struct cpu_list online;
	int ret = 0;

	if (cpu_list__read(t->root, CPU_DIR "/online", &online))
		online = (struct cpu_list){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(settings) && !ret; i++) {
		size_t paths = strstr(settings[i].path, "%u") ? online.count : 1;

		for (size_t c = 0; c < paths && !ret; c++) {
			char path[256];

			snprintf(path, sizeof(path), settings[i].path, online.count ? online.cpu[c] : 0);
			ret = apply_one(t, &settings[i], path);
		}
	}
	cpu_list__free(&online);
	return ret;
}

/* While the file is held open with 0 us in it no CPU enters a state that takes longer to leave; the kernel
 * undoes that when it is closed, however the process ends (Documentation/power/pm_qos_interface). */
static int hold_latency(const char *root)
{
	char path[PATH_MAX * 2];
	int32_t zero_us = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/dev/cpu_dma_latency", root);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, &zero_us, sizeof(zero_us)) != sizeof(zero_us)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int journal_failed(struct tune *t, int ret, struct error *err)
{
	error__set_errno(
		err, EXIT_IO, -ret, "writing the tuning journal %s; nothing stays changed", t->journal);
	tune__restore(t, NULL);
	return -1;
}

int tune__begin(struct tune *t, const char *root, const char *journal_path, struct error *err)
{
	char boot_id[64];
	int ret;

	memset(t, 0, sizeof(*t));
	t->journal_fd = t->latency_fd = -1;
	snprintf(t->root, sizeof(t->root), "%s", root ? root : "");
	snprintf(t->journal, sizeof(t->journal), "%s", journal_path);
	if (tune__recover(t->root, journal_path, err) < 0)
		return -1;
	if (journal__open(journal_path, true, &t->journal_fd, err) != JOURNAL_READY) {
		t->journal_fd = -1;
		return -1;
	}
	read_boot_id(t->root, boot_id, sizeof(boot_id));
	ret = journal__begin(t->journal_fd, boot_id);
	return ret ? journal_failed(t, ret, err) : 0;
}

int tune__set(struct tune *t, const char *path, const char *value, struct error *err)
{
	const struct setting s = { .path = path, .wanted = value };
	int ret;

	if (!may_be_written(path))
		return error__set(err, EXIT_USAGE,
			"%s is not a file of /sys or /proc/sys: it can't be a setting", path);
	if (!file__exists(t->root, path))
		return error__set(err, EXIT_USAGE, "this host has no setting %s", path);
	t->refused[0] = '\0';
	ret = apply_one(t, &s, path);
	if (ret)
		return journal_failed(t, ret, err);
	return t->refused[0] ? error__set(err, EXIT_USAGE, "%s", t->refused) : 0;
}

int tune__apply(struct tune *t, const char *root, const char *journal_path, struct error *err)
{
	int ret;

	if (tune__begin(t, root, journal_path, err) < 0)
		return -1;
	ret = apply_all(t);
	if (ret)
		return journal_failed(t, ret, err);
	t->latency_fd = hold_latency(t->root);
	return 0;
}

int tune__restore(struct tune *t, struct error *err)
{
	int ret = 0;

	if (t->latency_fd >= 0)
		close(t->latency_fd);
	t->latency_fd = -1;
	if (t->journal_fd >= 0) {
		ret = undo_all(t->root, t->journal, t->journal_fd, err);
		close(t->journal_fd);
	}
	t->journal_fd = -1;
	for (size_t i = 0; i < t->count; i++) {
		free(t->change[i].path);
		free(t->change[i].old);
		free(t->change[i].new);
	}
	free(t->change);
	t->change = NULL;
	t->count = 0;
	return ret < 0 ? -1 : 0;
}
