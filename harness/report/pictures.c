// SPDX-License-Identifier: MIT
#include "report/pictures.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <libgen.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/whole_file.h"

extern char **environ;

static int found(char out[PATH_MAX], const char *format, const char *folder)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), format, folder) >= (int)sizeof(path) || !realpath(path, out))
		return 0;
	return !access(out, X_OK);
}

/* 1 where there is a draw script; `self` gets the program's own path. */
static int find_draw(char out[PATH_MAX], char self[PATH_MAX])
{
	const char *given = getenv("VMEXIT_BENCH_PLOTS");
	char folder[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, PATH_MAX - 1);

	if (length < 0)
		return 0;
	self[length] = '\0';
	if (given && *given)
		return found(out, "%s/draw", given);
	memcpy(folder, self, (size_t)length + 1);
	dirname(folder);
	return found(out, "%s/../plots/draw", folder) ||
	       found(out, "%s/../share/vmexit-bench/plots/draw", folder);
}

static int run(const char *draw, char *const *paths, size_t count, const char *folder, int *status,
	struct error *err)
{
	char **argv = calloc(count + 8, sizeof(*argv)), list[PATH_MAX + 8], said[PATH_MAX + 8];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t by_default;
	size_t n = 0;
	pid_t child;
	int failed;

	if (!argv)
		return error__set_errno(err, EXIT_IO, ENOMEM, "drawing");
	argv[n++] = (char *)draw;
	for (size_t i = 0; i < count; i++)
		argv[n++] = paths[i];
	argv[n++] = (char *)"-o";
	argv[n++] = (char *)folder;
	argv[n++] = (char *)"--format";
	argv[n++] = (char *)"svg";
	snprintf(list, sizeof(list), "%s/list", folder);
	snprintf(said, sizeof(said), "%s/said", folder);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, list, O_WRONLY | O_CREAT, 0600);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, said, O_WRONLY | O_CREAT, 0600);
	/* What this program ignores would break the pipes of a script silently. */
	sigemptyset(&by_default);
	sigaddset(&by_default, SIGPIPE);
	sigaddset(&by_default, SIGXFSZ);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &by_default);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	failed = posix_spawn(&child, draw, &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free(argv);
	if (failed)
		return error__set_errno(err, EXIT_IO, failed, "%s", draw);
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			return error__set_errno(err, EXIT_IO, errno, "waiting for %s", draw);
	return 0;
}

/* The file below `folder`; "" where it can't be read. */
static char *slurp(const char *folder, const char *file)
{
	struct text content = { 0 };
	char path[PATH_MAX];
	char *out;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= (int)sizeof(path) ||
		whole_file__read(path, &content, NULL) || !content.data)
		out = strdup("");
	else
		out = strdup(content.data);
	text__free(&content);
	return out;
}

static int add(struct pictures *p, const char *folder, char *path)
{
	struct picture *grown = realloc(p->list, (p->count + 1) * sizeof(*p->list)), *picture;
	char *file = basename(path), *content = slurp(folder, file), *start, *dot;

	if (!grown || !content) {
		if (grown)
			p->list = grown;
		free(content);
		return -1;
	}
	p->list = grown;
	picture = &p->list[p->count];
	start = strstr(content, "<svg");
	dot = strstr(file, ".svg");
	if (!start || !dot) {
		free(content);
		return 0;
	}
	*dot = '\0';
	picture->name = strdup(file);
	picture->svg = strdup(start);
	free(content);
	if (!picture->name || !picture->svg) {
		free(picture->name);
		free(picture->svg);
		return -1;
	}
	p->count++;
	return 0;
}

static void remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(folder);
}

/* The last line of what was said: the reason. */
static char *last_line(const char *said)
{
	size_t end = strlen(said), start;

	while (end && said[end - 1] == '\n')
		end--;
	for (start = end; start && said[start - 1] != '\n'; start--)
		;
	return end > start ? strndup(said + start, end - start) : strdup("plots/draw failed");
}

static int collect(struct pictures *p, const char *folder, int status, struct error *err)
{
	char *list = slurp(folder, "list"), *state, *line;
	int failed = 0;

	p->notes = slurp(folder, "said");
	if (list && p->notes && (!WIFEXITED(status) || WEXITSTATUS(status)))
		p->why = last_line(p->notes);
	else
		for (line = list ? strtok_r(list, "\n", &state) : NULL; line && !failed;
			line = strtok_r(NULL, "\n", &state))
			failed = add(p, folder, line);
	if (!list || !p->notes || failed)
		failed = error__set_errno(err, EXIT_IO, ENOMEM, "reading the pictures");
	free(list);
	return failed;
}

int pictures__draw(char *const *paths, size_t count, struct pictures *p, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	char draw[PATH_MAX], self[PATH_MAX], folder[PATH_MAX];
	int status = 0, failed;

	memset(p, 0, sizeof(*p));
	if (!find_draw(draw, self)) {
		p->notes = strdup("");
		p->why = strdup("plots/draw was not found; VMEXIT_BENCH_PLOTS names its folder");
		return p->notes && p->why ? 0 : error__set_errno(err, EXIT_IO, ENOMEM, "drawing");
	}
	snprintf(folder, sizeof(folder), "%s/vmexit-bench-report-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return error__set_errno(err, EXIT_IO, errno, "a temporary folder, %s", folder);
	/* The pictures' verdicts are this program's. */
	setenv("VMEXIT_BENCH", self, 1);
	failed = run(draw, paths, count, folder, &status, err) || collect(p, folder, status, err) ? -1 : 0;
	remove_folder(folder);
	return failed;
}

void pictures__free(struct pictures *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->list[i].name);
		free(p->list[i].svg);
	}
	free(p->list);
	free(p->notes);
	free(p->why);
}
