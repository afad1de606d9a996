// SPDX-License-Identifier: MIT
/* The execution model: what each figure is made of, what is missing, and that the parts are the whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/model.h"

#define ROW(b, m, value)                                                                                     \
	{                                                                                                    \
		.key = { (b), 1, 1 }, .metric = (m), .unit = "insn", .median = (value)                       \
	}
#define OUT   "pio/out-user-1b"
#define CPUID "cpuid/leaf0"

/* Those of kvm_intel 6.12 in the lab. */
static const struct summary_row plain[] = {
	{ .key = { OUT, 2, 1 },
		.metric = "roundtrip",
		.unit = "insn",
		.median = 1 }, /* several vCPUs: not these */
	ROW("floor/stamp-host", "roundtrip", 5),
	ROW("floor/call-host", "roundtrip", 10),
	ROW("floor/syscall", "roundtrip", 360),
	ROW("floor/run-immediate", "roundtrip", 1539),
	ROW(CPUID, "net", 1156),
	ROW("pio/in-pic", "net", 1500),
	ROW("msr/tscdeadline-disarm", "net", 992),
	ROW("insn/invd", "net", 1045),
	ROW(OUT, "roundtrip", 7621),
	ROW(OUT, "guest", 7652),
	ROW(OUT, "exit_leg", 1520),
	ROW(OUT, "entry_leg", 6110),
};

static const struct summary_row traced[] = {
	ROW(OUT, "roundtrip", 7621),
	ROW(OUT, "guest", 7652),
	ROW(OUT, "exit_leg", 1520),
	ROW(OUT, "entry_leg", 6110),
	ROW(OUT, "traced_guest", 9434),
	ROW(OUT, "traced_guest_entry", 8232),
	ROW(OUT, "traced_guest_exit", 8274),
	ROW(OUT, "traced_guest_user", 8224),
	ROW(OUT, "trace_vmexit", 492),
	ROW(OUT, "trace_handler", 1654),
	ROW(OUT, "trace_return", 573),
	ROW(OUT, "trace_user", 22),
	ROW(OUT, "trace_switch", 1923),
	ROW(OUT, "trace_vmenter", 4770),
	ROW(CPUID, "guest", 1164),
	ROW(CPUID, "traced_guest", 2370),
	ROW(CPUID, "traced_guest_entry", 1744),
	ROW(CPUID, "traced_guest_exit", 1160), /* noise: less than without */
	ROW(CPUID, "trace_vmexit", 493),
	ROW(CPUID, "trace_handler", 1286),
	ROW(CPUID, "trace_vmenter", 591),
};

static double of(const struct model *m, enum model_figure f)
{
	return m->figures[f].value;
}

static void each_figure_is_the_difference_that_it_says(void **state)
{
	struct model m;
	struct error err;

	(void)state;
	assert_int_equal(model__build(&m, plain, ARRAY_SIZE(plain), 3000000, &err), 0);
	assert_true(of(&m, MODEL_SYSTEM_CALL) == 350);
	assert_true(of(&m, MODEL_RUN) == 1179);
	assert_true(of(&m, MODEL_SWITCH) == 1156); /* the cheapest, not the last */
	assert_true(of(&m, MODEL_ROUNDTRIP) == 7616);
	assert_true(
		of(&m, MODEL_SYSTEM_CALL) + of(&m, MODEL_RUN) + of(&m, MODEL_SWITCH) + of(&m, MODEL_REST) ==
		of(&m, MODEL_ROUNDTRIP));
	assert_true(of(&m, MODEL_EXIT_LEG) + of(&m, MODEL_HANDLER) + of(&m, MODEL_ENTRY_LEG) ==
		    of(&m, MODEL_GUEST));
	assert_true(of(&m, MODEL_FASTPATH) == 992);
	assert_string_equal(m.fastpath, "msr/tscdeadline-disarm");
	assert_string_equal(m.figures[MODEL_FASTPATH].how, "msr/tscdeadline-disarm guest - floor/null-loop");
	assert_true(m.tsc_khz == 0); /* instructions are no time */
	assert_false(m.traced);
}

static void a_fast_path_that_is_no_faster_was_not_taken(void **state)
{
	struct summary_row rows[ARRAY_SIZE(plain)];
	struct model m;
	struct error err;

	(void)state;
	memcpy(rows, plain, sizeof(rows));
	rows[7].median = rows[8].median = 1156;
	assert_int_equal(model__build(&m, rows, ARRAY_SIZE(rows), 0, &err), 0);
	assert_true(isnan(of(&m, MODEL_FASTPATH)));
	assert_null(m.fastpath);
}

static void what_is_lost_in_noise_is_no_cost(void **state)
{
	struct summary_row rows[ARRAY_SIZE(plain)];
	char *svg = NULL;
	double x, width, end = 0;
	struct model m;
	struct error err;
	size_t size;
	FILE *out;

	(void)state;
	memcpy(rows, plain, sizeof(rows));
	rows[5].median = -1370; /* cpuid/leaf0 */
	rows[7].median = -1594; /* msr/tscdeadline-disarm */
	assert_int_equal(model__build(&m, rows, ARRAY_SIZE(rows), 0, &err), 0);
	assert_true(isnan(of(&m, MODEL_KERNEL)) && isnan(of(&m, MODEL_FASTPATH)));
	assert_null(m.fastpath);
	/* It is a part all the same, or the sum would be wrong; but the bar stays within its frame. */
	assert_true(
		of(&m, MODEL_SYSTEM_CALL) + of(&m, MODEL_RUN) + of(&m, MODEL_SWITCH) + of(&m, MODEL_REST) ==
		of(&m, MODEL_ROUNDTRIP));
	out = open_memstream(&svg, &size);
	model__svg(&m, "", true, out);
	fclose(out);
	for (const char *at = svg; (at = strstr(at, "<rect x=\"")); at++)
		if (sscanf(at, "<rect x=\"%lf\" y=\"310\" width=\"%lf\"", &x, &width) == 2)
			end = x + width;
	assert_true(end > 759 && end < 761);
	free(svg);
}

static void what_is_missing_is_no_figure(void **state)
{
	struct model m;
	struct error err;

	(void)state;
	assert_int_equal(model__build(&m, plain, 9, 0, &err), -1);
	assert_non_null(strstr(err.text, OUT));
	assert_int_equal(model__build(&m, plain + 9, 1, 0, &err), 0);
	assert_true(isnan(of(&m, MODEL_SYSTEM_CALL)));
	assert_true(isnan(of(&m, MODEL_REST)));
	assert_true(isnan(of(&m, MODEL_ENTRY_LEG)));
}

static void tracepoints_give_the_inner_arrows(void **state)
{
	const struct model_way *w;
	struct model m;
	struct error err;

	(void)state;
	assert_int_equal(model__build(&m, traced, ARRAY_SIZE(traced), 0, &err), 0);
	assert_true(m.traced);
	w = &m.user_way;
	assert_true(w->arrows[ARROW_VMENTER] == 4770);
	assert_true(w->entry == 580 && w->exit == 622 && w->user == 572);
	/* An arrow can hold no more than the tracepoints at its ends cost; user space has none. */
	assert_true(w->tracing[ARROW_VMEXIT] == 492); /* nor more than all of it */
	assert_true(w->tracing[ARROW_HANDLER] == 622 + 572);
	assert_true(w->tracing[ARROW_RETURN] == 572);
	assert_true(w->tracing[ARROW_USER] == 0);
	assert_true(w->tracing[ARROW_SWITCH] == 580 && w->tracing[ARROW_VMENTER] == 580);
	/* Handled in KVM: from kvm_exit to kvm_entry, and nothing of user space. */
	w = &m.kernel_way;
	assert_true(isnan(w->arrows[ARROW_RETURN]) && isnan(w->arrows[ARROW_SWITCH]));
	assert_true(w->exit == 0);
	assert_true(w->tracing[ARROW_HANDLER] == 580);
}

/* Returns the text; the caller frees it. */
static char *text_of(const struct model *m, unsigned width)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	model__text(m, width, out);
	fclose(out);
	return text;
}

static void the_text_shows_tracing_beside_the_arrows(void **state)
{
	struct model m;
	struct error err;
	char *text;

	(void)state;
	assert_int_equal(model__build(&m, traced, ARRAY_SIZE(traced), 0, &err), 0);
	text = text_of(&m, 0);
	assert_non_null(strstr(text, "-VMENTER-4770--> "));
	assert_non_null(strstr(text, "<-VMEXIT--492-----"));
	assert_non_null(strstr(text, "  VMENTER                     4770    <= 580   trace_vmenter"));
	assert_non_null(strstr(text, "= entry leg                 6693       583   without tracing 6110"));
	assert_non_null(strstr(text, "= the whole                 9434      1782   without tracing 7652"));
	assert_non_null(strstr(
		text, "Tracing adds 23 %: kvm_entry alone 580, kvm_exit 622, kvm_userspace_exit 572."));
	assert_non_null(strstr(text, "trace_handler: kvm_exit to kvm_entry"));
	free(text);
	text = text_of(&m, 80);
	for (char *next = text, *line; (line = strsep(&next, "\n"));)
		assert_in_range(strlen(line), 0, 80);
	free(text);
	m.traced = false;
	text = text_of(&m, 0);
	assert_null(strstr(text, "racepoint"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_figure_is_the_difference_that_it_says),
		cmocka_unit_test(a_fast_path_that_is_no_faster_was_not_taken),
		cmocka_unit_test(what_is_lost_in_noise_is_no_cost),
		cmocka_unit_test(what_is_missing_is_no_figure),
		cmocka_unit_test(tracepoints_give_the_inner_arrows),
		cmocka_unit_test(the_text_shows_tracing_beside_the_arrows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
