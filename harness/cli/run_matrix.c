// SPDX-License-Identifier: MIT
#include "cli/run_matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_axis(const struct matrix_axis *axis, bool change_host, struct error *err)
{
	struct setting_choice choice;
	size_t i;

	if (axis->is_file) {
		if (!change_host)
			return error__set(err, EXIT_USAGE,
				"--matrix %s changes the host: add --change-host if that is meant (it is put back after)",
				axis->name);
		return 0;
	}
	for (i = 0; i < axis->count; i++)
		if (setting__choose(axis->name, axis->values[i], &choice, err) < 0)
			return error__prefix(err, "--matrix");
	return 0;
}

static int parse_axis(const char *text, struct matrix_axis *axis, struct error *err)
{
	char *equals, *value, *rest;
	size_t i;

	axis->text = strdup(text);
	axis->name = axis->text;
	axis->count = 0;
	equals = axis->text ? strchr(axis->text, '=') : NULL;
	if (!equals || equals == axis->text || !equals[1])
		return error__set(err, EXIT_USAGE, "--matrix '%s' is not NAME=VALUE,VALUE...", text);
	*equals = '\0';
	axis->is_file = axis->name[0] == '/';
	for (rest = equals + 1; (value = strsep(&rest, ","));) {
		for (i = 0; i < axis->count; i++)
			if (strcmp(axis->values[i], value) == 0)
				return error__set(
					err, EXIT_USAGE, "--matrix '%s' names %s twice", text, value);
		if (!*value || axis->count == MATRIX_VALUES)
			return error__set(err, EXIT_USAGE, "--matrix '%s': %s", text,
				*value ? "too many values" : "an empty value");
		axis->values[axis->count++] = value;
	}
	return 0;
}

/* Twice the same setting: the second would be what counts, and the directories be named after both. */
static bool is_there(const struct run_matrix *m, const struct matrix_axis *axis)
{
	const struct matrix_axis *other;

	for (other = m->axes; other < axis; other++)
		if (strcmp(other->name, axis->name) == 0)
			return true;
	return false;
}

int run_matrix__parse(
	const struct string_list *texts, bool change_host, struct run_matrix *m, struct error *err)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->combinations = 1;
	if (texts->count > MATRIX_AXES)
		return error__set(err, EXIT_USAGE, "--matrix: at most %d times", MATRIX_AXES);
	for (i = 0; i < texts->count; i++) {
		struct matrix_axis *axis = &m->axes[m->count++];

		if (parse_axis(texts->items[i], axis, err) < 0 || check_axis(axis, change_host, err) < 0) {
			run_matrix__free(m);
			return -1;
		}
		if (is_there(m, axis)) {
			error__set(err, EXIT_USAGE,
				"--matrix %s is given twice: list its values once (%s=V,V)", axis->name,
				axis->name);
			run_matrix__free(m);
			return -1;
		}
		m->combinations *= axis->count;
	}
	return 0;
}

void run_matrix__free(struct run_matrix *m)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		free(m->axes[i].text);
	m->count = 0;
}

/* A path of /sys is named by its last part: enough to tell the directories apart, run.json has all of it. */
static const char *short_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

void run_matrix__choose(const struct run_matrix *m, size_t combination, struct matrix_choices *choices,
	struct run_request *request)
{
	size_t settings = 0, files = 0, used = 0, i;

	choices->name[0] = '\0';
	for (i = 0; i < m->count; i++) {
		const struct matrix_axis *axis = &m->axes[i];
		const char *value = axis->values[combination % axis->count];

		combination /= axis->count;
		if (axis->is_file)
			choices->files[files++] = (struct host_setting){ axis->name, value };
		else
			setting__choose(axis->name, value, &choices->settings[settings++], NULL);
		if (used < sizeof(choices->name))
			used += (size_t)snprintf(choices->name + used, sizeof(choices->name) - used,
				"%s%s=%s", used ? "," : "", short_name(axis->name), value);
	}
	request->settings = (struct setting_list){ choices->settings, settings };
	request->host_settings = choices->files;
	request->host_setting_count = files;
}
