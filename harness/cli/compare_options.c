// SPDX-License-Identifier: MIT
#include "cli/compare_options.h"

#include "cli/values.h"

int compare_settings__across(
	const struct option_spec *spec, const char *value, void *settings, struct error *err)
{
	unsigned bits;

	if (value__bits(value, factor__parse, "cpu, kernel, backend, emulator, all", &bits, err))
		return -1;
	*(unsigned *)((char *)settings + spec->offset) |= bits;
	return 0;
}

int compare_settings__resolve(struct compare_settings *s, struct compare_options *options, struct error *err)
{
	*options = (struct compare_options)COMPARE_OPTIONS_DEFAULT;
	options->across |= s->across;
	if (s->limit_percent > 0)
		options->delta = s->limit_percent / 100;
	if (!s->thresholds_path)
		return 0;
	if (thresholds__read(s->thresholds_path, &s->thresholds, err))
		return -1;
	options->thresholds = &s->thresholds;
	return 0;
}
