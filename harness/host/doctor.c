// SPDX-License-Identifier: MIT
#include "host/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/doctor_checks.h"
#include "host/json.h"

static const struct check_table *const tables[] = {
	&doctor_kvm_checks,
	&doctor_cpu_checks,
	&doctor_system_checks,
	&doctor_memory_checks,
};

static const char *const state_names[FINDING_STATE_COUNT] = {
	[FINDING_OK] = "ok",
	[FINDING_INFO] = "info",
	[FINDING_WARNING] = "warning",
	[FINDING_UNKNOWN] = "unknown",
};

const char *finding_state__name(enum finding_state state)
{
	return state < FINDING_STATE_COUNT ? state_names[state] : "?";
}

#define FILL(buffer, format)                                                                                 \
	do {                                                                                                 \
		va_list ap;                                                                                  \
		va_start(ap, format);                                                                        \
		vsnprintf(buffer, sizeof(buffer), format, ap);                                               \
		va_end(ap);                                                                                  \
	} while (0)

void finding__set(struct finding *f, enum finding_state state, const char *format, ...)
{
	f->state = state;
	FILL(f->value, format);
}

void finding__change(struct finding *f, const char *format, ...)
{
	FILL(f->change, format);
}

void finding__restore(struct finding *f, const char *format, ...)
{
	FILL(f->restore, format);
}

void finding__file_commands(struct finding *f, const char *path, const char *wanted, const char *now)
{
	finding__change(f, "echo %s > %s", wanted, path);
	finding__restore(f, "echo %s > %s", now, path);
}

int doctor__run(const char *root, struct doctor_report *report, struct error *err)
{
	size_t count = 0;

	*report = (struct doctor_report){ 0 };
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		count += tables[t]->count;
	report->finding = calloc(count, sizeof(*report->finding));
	if (!report->finding)
		return error__set_errno(err, EXIT_IO, ENOMEM, "doctor: %zu checks", count);
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		for (size_t i = 0; i < tables[t]->count; i++) {
			const struct check *check = &tables[t]->check[i];
			struct finding *f = &report->finding[report->count++];

			f->id = check->id;
			f->why = check->why;
			check->look(root ? root : "", f);
			report->by_state[f->state]++;
		}
	}
	return 0;
}

void doctor_report__free(struct doctor_report *report)
{
	free(report->finding);
	*report = (struct doctor_report){ 0 };
}

const struct finding *doctor_report__find(const struct doctor_report *report, const char *id)
{
	for (size_t i = 0; i < report->count; i++)
		if (!strcmp(report->finding[i].id, id))
			return &report->finding[i];
	return NULL;
}

json_t *doctor_report__json(const struct doctor_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->count; i++) {
		const struct finding *f = &report->finding[i];

		json_array_append_new(array,
			json_pack("{ss ss so ss so so}", "id", f->id, "state", finding_state__name(f->state),
				"value", host_json__text(f->value), "why", f->why, "change",
				*f->change ? host_json__text(f->change) : json_null(), "restore",
				*f->restore ? host_json__text(f->restore) : json_null()));
	}
	return array;
}
