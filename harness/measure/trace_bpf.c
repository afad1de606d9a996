// SPDX-License-Identifier: MIT
#include "measure/trace_bpf.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"

/* The value of the map's one element, in user space and in the program. */
struct trace_bpf_words {
	volatile uint64_t count;
	volatile uint64_t step; /* what a hit adds: 1 while counting, 0 while stopped */
};

#define WORDS_BYTES 4096 /* a map is mapped in whole pages */

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int make_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(struct trace_bpf_words),
		.max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
	};

	return bpf(BPF_MAP_CREATE, &attr);
}

#define INSN(c, dst, src, offset, immediate)                                                                 \
	{                                                                                                    \
		.code = (c), .dst_reg = (dst), .src_reg = (src), .off = (offset),                            \
		.imm = (int32_t)(immediate)                                                                  \
	}
/* A 64-bit constant takes two instructions. */
#define LOAD64(dst, src, value)                                                                              \
	INSN(BPF_LD | BPF_IMM | BPF_DW, dst, src, 0, (uint64_t)(value)),                                     \
		INSN(0, 0, 0, 0, (uint64_t)(value) >> 32)

/*
 *	struct bpf_pidns_info who;                          on the stack, at r10 - 8
 *	if (bpf_get_ns_current_pid_tgid(dev, ino, &who, sizeof(who)) == 0 && who.pid == tid)
 *		atomic_add(&words->count, words->step);
 *	return 0;
 *
 * The thread's number is that of our own PID namespace (dev, ino), which in a container isn't the first.
 */
static int load_program(int map_fd, pid_t tid, const struct stat *ns)
{
	struct bpf_insn program[] = {
		LOAD64(BPF_REG_1, 0, ns->st_dev),
		LOAD64(BPF_REG_2, 0, ns->st_ino),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_10, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_3, 0, 0, -8),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_4, 0, 0, sizeof(struct bpf_pidns_info)),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_get_ns_current_pid_tgid),
		INSN(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0, 6, 0), /* to the end */
		INSN(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_1, BPF_REG_10, -8, 0),
		INSN(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_1, 0, 4, tid), /* to the end */
		LOAD64(BPF_REG_1, BPF_PSEUDO_MAP_VALUE, (uint32_t)map_fd),
		INSN(BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_2, BPF_REG_1, offsetof(struct trace_bpf_words, step),
			0),
		INSN(BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_1, BPF_REG_2,
			offsetof(struct trace_bpf_words, count), BPF_ADD),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insns = (uintptr_t)program,
		.insn_cnt = ARRAY_SIZE(program),
		.license = (uintptr_t) "MIT", /* no helper used here is for the GPL alone */
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

static int attach(int program_fd, const char *event)
{
	const char *colon = strchr(event, ':');
	union bpf_attr attr = {
		.raw_tracepoint = {
			.name = (uintptr_t)(colon ? colon + 1 : event),
			.prog_fd = (uint32_t)program_fd,
		},
	};

	return bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
}

static int set_error(const char *event, int failed, struct error *err)
{
	if (failed == EPERM || failed == EACCES)
		return error__set(
			err, EXIT_USAGE, "%s: counting it with BPF needs root (CAP_BPF, CAP_PERFMON)", event);
	if (failed == ENOENT)
		return error__set(err, EXIT_USAGE,
			"%s: this kernel has no such tracepoint (is the module loaded?)", event);
	if (failed == ENOSYS)
		return error__set(err, EXIT_USAGE, "%s: this kernel has no BPF (CONFIG_BPF_SYSCALL)", event);
	return error__set_errno(err, EXIT_USAGE, failed, "%s: counting it with BPF", event);
}

int trace_bpf__open(struct trace_bpf *t, const char *event, pid_t tid, struct error *err)
{
	int map_fd = make_map(), program_fd = -1, failed = errno;
	struct stat ns;

	t->link_fd = -1;
	t->words = NULL;
	if (map_fd < 0)
		return set_error(event, failed, err);
	t->words = mmap(NULL, WORDS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (t->words == MAP_FAILED || stat("/proc/self/ns/pid", &ns)) {
		failed = errno;
	} else {
		program_fd = load_program(map_fd, tid ? tid : gettid(), &ns);
		if (program_fd >= 0)
			t->link_fd = attach(program_fd, event);
		failed = errno;
	}
	/* The link holds the program, and the program the map. */
	close(map_fd);
	if (program_fd >= 0)
		close(program_fd);
	if (t->link_fd >= 0)
		return 0;
	if (t->words == MAP_FAILED)
		t->words = NULL;
	trace_bpf__close(t);
	return set_error(event, failed, err);
}

void trace_bpf__start(struct trace_bpf *t)
{
	t->words->count = 0;
	t->words->step = 1;
}

void trace_bpf__stop(struct trace_bpf *t)
{
	t->words->step = 0;
}

uint64_t trace_bpf__read(const struct trace_bpf *t)
{
	return t->words->count;
}

void trace_bpf__close(struct trace_bpf *t)
{
	if (t->link_fd >= 0)
		close(t->link_fd);
	t->link_fd = -1;
	if (t->words)
		munmap(t->words, WORDS_BYTES);
	t->words = NULL;
}
