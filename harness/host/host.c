// SPDX-License-Identifier: MIT
#include "host/host.h"

#include <cpuid.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

/* The first processor's block: its flags alone take some 2 KiB. */
#define CPUINFO_BYTES 16384

/* CPUID leaf of hypervisors (reserved for software by both manuals; Linux Documentation/virt/kvm/x86/cpuid). */
#define CPUID_HYPERVISOR 0x40000000u

static void copy(char *buf, size_t size, const char *text, size_t length)
{
	if (!size)
		return;
	if (length >= size)
		length = size - 1;
	memcpy(buf, text, length);
	buf[length] = '\0';
}

int host__cpu_field(const char *root, const char *field, char *buf, size_t size)
{
	char text[CPUINFO_BYTES];
	int got = file__read(root, "/proc/cpuinfo", text, sizeof(text));
	size_t length = strlen(field);

	copy(buf, size, "", 0);
	if (got < 0)
		return got;
	for (char *line = text, *next; line && *line && *line != '\n'; line = next) {
		char *end = strchr(line, '\n');
		char *value = line + length;

		next = end ? end + 1 : NULL;
		if (!end)
			end = line + strlen(line);
		if (strncmp(line, field, length))
			continue;
		while (*value == '\t' || *value == ' ')
			value++;
		if (*value != ':')
			continue;
		do {
			value++;
		} while (*value == ' ');
		copy(buf, size, value, (size_t)(end > value ? end - value : 0));
		return 0;
	}
	return -ENOENT;
}

const char *host__vendor(const char *root, char *buf, size_t size)
{
	if (host__cpu_field(root, "vendor_id", buf, size))
		copy(buf, size, "unknown", strlen("unknown"));
	return buf;
}

/* Is `word` one of the words of `text`, which are separated by blanks? */
static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; length && (at = strstr(at, word)); at += length)
		if ((at == text || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

bool host__cpu_has_flag(const char *root, const char *flag)
{
	char flags[CPUINFO_BYTES];

	return !host__cpu_field(root, "flags", flags, sizeof(flags)) && has_word(flags, flag);
}

bool host__has_hypervisor(const char *root)
{
	return host__cpu_has_flag(root, "hypervisor") || file__exists(root, "/sys/hypervisor/type");
}

const char *host__hypervisor_signature(const char *root, char *buf, size_t size)
{
	char text[13] = "";
	unsigned a, b, c, d;

	copy(buf, size, "", 0);
	if ((root && *root) || !host__cpu_has_flag(root, "hypervisor"))
		return buf;
	__cpuid(CPUID_HYPERVISOR, a, b, c, d);
	memcpy(text, &b, 4);
	memcpy(text + 4, &c, 4);
	memcpy(text + 8, &d, 4);
	for (char *p = text; *p; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	copy(buf, size, text, strlen(text));
	return buf;
}

const char *host__backend(const char *root, char *buf, size_t size)
{
	bool intel = file__exists(root, "/sys/module/kvm_intel");
	bool amd = file__exists(root, "/sys/module/kvm_amd");
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	copy(buf, size, "unknown", strlen("unknown"));
	if (intel && (!amd || !host__cpu_has_flag(root, "svm")))
		copy(buf, size, "vmx", 3);
	else if (amd)
		copy(buf, size, "svm", 3);
	/* A vendor module without its CPU feature can't run anything: another may. */
	if ((intel && host__cpu_has_flag(root, "vmx")) || (amd && host__cpu_has_flag(root, "svm")))
		return buf;
	snprintf(path, sizeof(path), "%s/sys/module", root ? root : "");
	dir = opendir(path);
	if (!dir)
		return buf;
	while ((entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (strncmp(name, "kvm_", 4) || !strcmp(name, "kvm_intel") || !strcmp(name, "kvm_amd"))
			continue;
		copy(buf, size, name + 4, strlen(name + 4));
		break;
	}
	closedir(dir);
	return buf;
}

int host__module_parameter(const char *root, const char *name, char *buf, size_t size)
{
	const char *dot = strchr(name, '.');
	char path[256];
	int got;

	copy(buf, size, "", 0);
	if (!dot)
		return -EINVAL;
	snprintf(path, sizeof(path), "/sys/module/%.*s/parameters/%s", (int)(dot - name), name, dot + 1);
	got = file__read(root, path, buf, size);
	return got < 0 ? got : 0;
}

int host__choice(const char *root, const char *path, char *buf, size_t size)
{
	char text[512], *open, *close;
	int got = file__read(root, path, text, sizeof(text));

	copy(buf, size, "", 0);
	if (got < 0)
		return got;
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close)
		copy(buf, size, open + 1, (size_t)(close - open - 1));
	else
		copy(buf, size, text, (size_t)got);
	return 0;
}

int host__cmdline(const char *root, const char *name, char *buf, size_t size)
{
	char text[4096]; /* COMMAND_LINE_SIZE of x86 is 2048 */
	int got = file__read(root, "/proc/cmdline", text, sizeof(text));
	size_t length = strlen(name);
	int ret = -ENOENT;

	copy(buf, size, "", 0);
	if (got < 0)
		return got;
	for (char *at = text, *save = NULL, *word; (word = strtok_r(at, " ", &save)); at = NULL) {
		if (!strcmp(word, "--"))
			break; /* the rest is init's */
		if (strncmp(word, name, length) || (word[length] && word[length] != '='))
			continue;
		word += length + (word[length] == '=');
		copy(buf, size, word, strlen(word));
		ret = 0;
	}
	return ret;
}

/* Opens the kernel's configuration as text; *is_pipe says how to close it. */
static FILE *open_config(const char *root, bool *is_pipe)
{
	char release[256], path[PATH_MAX], command[PATH_MAX + 64];
	FILE *file;

	*is_pipe = false;
	if (!root)
		root = "";
	if (file__read(root, "/proc/sys/kernel/osrelease", release, sizeof(release)) > 0) {
		snprintf(path, sizeof(path), "%s/boot/config-%s", root, release);
		file = fopen(path, "re");
		if (file)
			return file;
	}
	/* The root is one of ours; a quote in it is refused, not passed to a shell. */
	if (!file__exists(root, "/proc/config.gz") || strchr(root, '\''))
		return NULL;
	snprintf(command, sizeof(command), "gzip -dc '%s/proc/config.gz' 2>/dev/null", root);
	*is_pipe = true;
	return popen(command, "re");
}

int host__kernel_options(const char *root, const char *const *options, char *buf, size_t size)
{
	bool is_pipe;
	FILE *file = open_config(root, &is_pipe);
	size_t lines = 0, used = 0;
	char line[1024];

	copy(buf, size, "", 0);
	if (!file)
		return -ENOENT;
	while (fgets(line, sizeof(line), file)) {
		char *value = strchr(line, '=');

		lines++;
		if (!value || *line == '#')
			continue;
		*value++ = '\0';
		for (const char *const *option = options; *option; option++)
			if (!strcmp(line, *option) && *value != 'n' && used < size)
				used += (size_t)snprintf(
					buf + used, size - used, "%s%s", used ? " " : "", line);
	}
	if (is_pipe)
		pclose(file);
	else
		fclose(file);
	/* gzip missing: nothing came. */
	return lines ? 0 : -ENOENT;
}
