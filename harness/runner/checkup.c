// SPDX-License-Identifier: MIT
#include "runner/checkup.h"

#include <stdio.h>

#include "host/doctor.h"

const char *checkup__run(json_t *metadata, char *buf, size_t size)
{
	struct doctor_report report;
	size_t used = 0, i;

	buf[0] = '\0';
	if (doctor__run("", &report, NULL) < 0)
		return buf;
	json_object_set_new(metadata, "doctor", doctor_report__json(&report));
	for (i = 0; i < report.count && used < size; i++)
		if (report.finding[i].state == FINDING_WARNING)
			used += (size_t)snprintf(buf + used, size - used, "%s%s",
				used ? ", " : "what disturbs figures here: ", report.finding[i].id);
	if (used && used < size)
		snprintf(buf + used, size - used, " ('vmexit-bench doctor' says why and what to do)");
	doctor_report__free(&report);
	return buf;
}
