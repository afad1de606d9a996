// SPDX-License-Identifier: MIT
#include "cli/compare_options.h"

#include <string.h>

int compare_settings__across(
	const struct option_spec *spec, const char *value, void *settings, struct error *err)
{
	unsigned *across = (unsigned *)((char *)settings + spec->offset);
	char word[32];

	for (const char *p = value; *p;) {
		size_t length = strcspn(p, ",");
		unsigned bits = 0;

		if (length < sizeof(word)) {
			memcpy(word, p, length);
			word[length] = '\0';
			bits = factor__parse(word);
		}
		if (!bits)
			return error__set(
				err, EXIT_USAGE, "is not a list of cpu, kernel, backend, emulator, all");
		*across |= bits;
		p += length + (p[length] == ',');
	}
	return *across ? 0 : error__set(err, EXIT_USAGE, "names nothing");
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
