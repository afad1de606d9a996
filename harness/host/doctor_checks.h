/* SPDX-License-Identifier: MIT */
/* Inside the doctor: the tables of checks and what they are written with. */
#ifndef HOST_DOCTOR_CHECKS_H
#define HOST_DOCTOR_CHECKS_H

#include "host/doctor.h"

struct check {
	const char *id;
	const char *why;
	void (*look)(const char *root, struct finding *f); /* fills everything but id and why */
};

struct check_table {
	const struct check *check;
	size_t count;
};

extern const struct check_table doctor_cpu_checks, doctor_system_checks, doctor_memory_checks,
	doctor_kvm_checks;

/* Sets state and value. */
void finding__set(struct finding *f, enum finding_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void finding__change(struct finding *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
void finding__restore(struct finding *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Both commands at once for a setting that is one file: echo VALUE > PATH. */
void finding__file_commands(struct finding *f, const char *path, const char *wanted, const char *now);

#endif
