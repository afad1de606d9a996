// SPDX-License-Identifier: MIT
#include "kallsyms.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

long long kallsyms__write(int out)
{
	FILE *in = fopen("/proc/kallsyms", "re"), *to = NULL;
	char line[512], name[256], type;
	unsigned long long address;
	long long bytes = 0;
	int fd, n, bad;

	if (!in)
		return -1;
	fd = dup(out);
	to = fd < 0 ? NULL : fdopen(fd, "w");
	if (!to) {
		fclose(in);
		return -1;
	}
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%llx %c %255s", &address, &type, name) != 3 || !strchr("tTwW", type))
			continue;
		if (!address) { /* kptr_restrict: addresses of nothing would name nothing */
			errno = EPERM;
			bytes = -1;
			break;
		}
		n = fprintf(to, "%llx %s\n", address, name);
		if (n < 0)
			break;
		bytes += n;
	}
	if (bytes >= 0 && (n = fprintf(to, "end\n")) > 0)
		bytes += n;
	bad = ferror(in) || ferror(to);
	fclose(in);
	if (fclose(to) || bad)
		return -1;
	return bytes;
}
