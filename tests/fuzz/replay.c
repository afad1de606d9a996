// SPDX-License-Identifier: MIT
/*
 * Runs a target without libFuzzer, where there is no clang: every file of the folders given, each of its
 * first bytes alone, and copies with a few bytes changed. The changes are the same every time.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>

#include "stats/random.h"

#define CHANGED_COPIES 300
#define FILE_MOST      65536

static struct random generator;

static void run_file(const char *path)
{
	static uint8_t data[FILE_MOST], changed[FILE_MOST];
	FILE *file = fopen(path, "r");
	size_t size;

	if (!file)
		return;
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	for (size_t n = 0; n <= size; n++)
		LLVMFuzzerTestOneInput(data, n);
	for (int i = 0; i < CHANGED_COPIES && size; i++) {
		memcpy(changed, data, size);
		for (uint64_t k = 1 + random__below(&generator, 4); k > 0; k--)
			changed[random__below(&generator, size)] =
				(uint8_t) "\",\n\r0-.%#{}[]\0\xff"[random__below(&generator, 16)];
		LLVMFuzzerTestOneInput(changed, size);
	}
}

int main(int argc, char **argv)
{
	size_t files = 0;

	random__seed(&generator, 1);
	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		const struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char path[4096];

			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
			run_file(path);
			files++;
		}
		if (dir)
			closedir(dir);
	}
	if (!files)
		fprintf(stderr, "no corpus in %s\n", argc > 1 ? argv[1] : "no folder");
	return files ? 0 : 1;
}
