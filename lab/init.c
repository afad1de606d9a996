// SPDX-License-Identifier: MIT
/*
 * The first and only user program of a lab host: mounts what the suite reads, loads KVM, runs one command,
 * sends what it wrote to /out over the second serial port, and powers off.
 *
 * What to do comes in files of the initramfs: /lab/modules (a path and its parameters a line, in load
 * order), /lab/argv (NUL-terminated words), /lab/lab.json (what the emulator is; handed to the command in
 * /run/vmexit-bench).  Lines that begin with "vmexit-lab:" are for lab/run, which reads the console.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "kallsyms.h"
#include "tar.h"

#define LOG_PATH   "/run/command.log"
#define ARGV_WORDS 255

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("vmexit-lab: ", stdout);
	vprintf(format, list);
	putchar('\n');
	fflush(stdout);
	va_end(list);
}

static void power_off(void)
{
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	sync();
	reboot(RB_POWER_OFF);
	for (;;) /* as init we may not return: the kernel would panic */
		pause();
}

static void mount_on(const char *type, const char *target, const char *data, int must)
{
	mkdir(target, 0755);
	/* EBUSY: there already (devtmpfs, where the kernel mounts it itself) */
	if (mount(type, target, type, 0, data) && errno != EBUSY && must)
		say("problem: mount %s on %s: %s", type, target, strerror(errno));
}

static void mount_all(void)
{
	mount_on("devtmpfs", "/dev", "", 1);
	mount_on("proc", "/proc", "", 1);
	mount_on("sysfs", "/sys", "", 1);
	mount_on("tmpfs", "/run", "mode=0755", 1);
	mount_on("tmpfs", "/tmp", "mode=1777", 1);
	mount_on("tmpfs", "/dev/shm", "mode=1777", 1);
	/* without these rows are proven by fewer witnesses or skipped, so a kernel without them still runs */
	mount_on("debugfs", "/sys/kernel/debug", "", 0);
	mount_on("tracefs", "/sys/kernel/tracing", "", 0);
	mount_on("hugetlbfs", "/dev/hugepages", "", 0);
	mkdir("/out", 0755);
	mkdir("/run/vmexit-bench", 0755);
}

static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	for (int to = 0; fd >= 0 && to <= 2; to++)
		dup2(fd, to);
	if (fd > 2)
		close(fd);
	setvbuf(stdout, NULL, _IOFBF, 4096);
}

/* The whole file with a NUL after it, or NULL with errno. */
static char *read_whole(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	long length;

	if (!f)
		return NULL;
	if (!fseek(f, 0, SEEK_END) && (length = ftell(f)) >= 0) {
		rewind(f);
		text = calloc(1, (size_t)length + 1);
		if (text && fread(text, 1, (size_t)length, f) != (size_t)length) {
			free(text);
			text = NULL;
			errno = EIO;
		} else if (text && size) {
			*size = (size_t)length;
		}
	}
	fclose(f);
	return text;
}

static void copy_to_run(const char *name)
{
	char from[128], to[128];
	size_t size;
	char *text;
	FILE *f;

	snprintf(from, sizeof(from), "/lab/%s", name);
	snprintf(to, sizeof(to), "/run/vmexit-bench/%s", name);
	text = read_whole(from, &size);
	f = text ? fopen(to, "we") : NULL;
	if (!f || fwrite(text, 1, size, f) != size)
		say("problem: %s to %s: %s", from, to, strerror(errno));
	if (f)
		fclose(f);
	free(text);
}

/* What a distribution would have: a name of the host, and the kernel's configuration where programs look. */
static void be_a_host(void)
{
	struct utsname kernel;
	char path[128];

	sethostname("vmexit-lab", strlen("vmexit-lab"));
	if (access("/lab/config", R_OK) || uname(&kernel))
		return;
	mkdir("/boot", 0755);
	snprintf(path, sizeof(path), "/boot/config-%.100s", kernel.release);
	if (symlink("/lab/config", path))
		say("problem: %s: %s", path, strerror(errno));
}

/* The kernel's log, or "" where it can't be read. */
static char *kernel_log(void)
{
	static char log[1 << 18];
	int size = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof(log) - 1);

	log[size > 0 ? size : 0] = 0;
	return log;
}

/* Why a module didn't load stands in the last lines of the log; the console shows only what is dire. */
static void show_kernel_log(void)
{
	char *log = kernel_log(), *from = log + strlen(log);

	for (int lines = 0; from > log && (from[-1] != '\n' || ++lines <= 8);)
		from--;
	fputs(from, stdout);
}

/* A figure from a kernel that complained is worth a second look. */
static void report_complaints(void)
{
	static const char *const complaints[] = { "WARNING: CPU", "BUG: ", "Oops: ", "INFO: task ",
		"unknown parameter '" };
	char *next = kernel_log(), *line;

	while ((line = strsep(&next, "\n"))) {
		for (size_t i = 0; i < sizeof(complaints) / sizeof(*complaints); i++) {
			if (strstr(line, complaints[i])) {
				say("problem: the guest's kernel says %s", line);
				break;
			}
		}
	}
}

/* Each line of /lab/modules: "name parameters...". False at the first module that doesn't load. */
static int load_modules(void)
{
	char *list = read_whole("/lab/modules", NULL), *next = list, *line;

	while ((line = strsep(&next, "\n")) && *line) {
		const char *name = strsep(&line, " "), *parameters = line ? line : "";
		char path[256];
		int fd;

		snprintf(path, sizeof(path), "/lab/modules.d/%s.ko", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0)) {
			int error = errno;

			show_kernel_log();
			say("no-kvm loading %s \"%s\": %s", name, parameters, strerror(error));
			return 0;
		}
		close(fd);
	}
	free(list);
	return 1;
}

static int kvm_works(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC), vm;

	if (fd < 0) {
		say("no-kvm open /dev/kvm: %s", strerror(errno));
		return 0;
	}
	vm = ioctl(fd, 0xae01, 0); /* KVM_CREATE_VM: a module may load and yet find no hardware */
	if (vm < 0)
		say("no-kvm KVM_CREATE_VM: %s", strerror(errno));
	else
		close(vm);
	close(fd);
	return vm >= 0;
}

static void exec_command(void)
{
	char *words[ARGV_WORDS + 1] = { 0 };
	size_t size = 0;
	char *text = read_whole("/lab/argv", &size);
	int n = 0;

	for (char *word = text; word && word < text + size && n < ARGV_WORDS; word += strlen(word) + 1)
		words[n++] = word;
	setenv("PATH", "/", 1);
	setenv("HOME", "/tmp", 1);
	if (n)
		execv(words[0], words);
	fprintf(stderr, "exec %s: %s\n", n ? words[0] : "/lab/argv", strerror(errno));
	_exit(127);
}

/* Runs the command with its output in a file, unless /lab/verbose exists: a serial port that drains while
 * something is measured would send its interrupts into the figures. Returns the exit status. */
static int run_command(void)
{
	int status = 0, quiet = access("/lab/verbose", F_OK);
	pid_t pid = fork();

	if (pid < 0) {
		say("problem: fork: %s", strerror(errno));
		return 126;
	}
	if (!pid) {
		int fd = quiet ? open(LOG_PATH, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644) : -1;
		int null = open("/dev/null", O_RDONLY);

		dup2(null, STDIN_FILENO);
		if (fd >= 0) {
			dup2(fd, STDOUT_FILENO);
			dup2(fd, STDERR_FILENO);
		}
		setsid();
		exec_command();
	}
	while (waitpid(pid, &status, 0) != pid)
		;
	if (quiet) {
		char *log = read_whole(LOG_PATH, NULL);

		fputs(log ? log : "", stdout);
		free(log);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The second serial port, on which nothing but files goes out; -1 where there is none. */
static int open_port(void)
{
	int fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct termios raw;

	if (fd < 0) {
		say("problem: open /dev/ttyS1: %s", strerror(errno));
		return -1;
	}
	if (!tcgetattr(fd, &raw)) {
		cfmakeraw(&raw);
		raw.c_cflag |= CLOCAL;
		cfsetspeed(&raw, B115200);
		tcsetattr(fd, TCSANOW, &raw);
	}
	return fd;
}

static void send(int port, const char *what, long long bytes)
{
	if (tcdrain(port) || bytes < 0)
		say("problem: sending %s: %s", what, strerror(errno));
	else
		say("%s %lld", what, bytes);
}

int main(void)
{
	int port;

	mount_all();
	open_console();
	say("up");
	copy_to_run("lab.json");
	be_a_host();
	port = open_port();
	if (load_modules() && kvm_works()) {
		/* a profiler outside wants to name functions while they run */
		if (!access("/lab/send-kallsyms", F_OK))
			send(port, "kallsyms", kallsyms__write(port));
		say("running");
		say("status %d", run_command());
		report_complaints();
		send(port, "sent", tar__write_folder("/out", port));
	}
	say("end");
	power_off();
}
