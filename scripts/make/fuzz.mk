# SPDX-License-Identifier: MIT
# Fuzzing of every parser of files (tests/fuzz): with clang's libFuzzer where there is one, else the corpora
# and changed copies of them.

FUZZ_CC      ?= clang
FUZZ_SECONDS ?= 8
FUZZ_SRC     := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_NAMES   := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=%)
# The rooms that read files, and those below them; compiled anew with the sanitizers, once for all targets.
FUZZ_ROOMS   := $(sort $(wildcard harness/base/*.c harness/stats/*.c harness/results/*.c harness/compare/*.c)) \
                harness/measure/trace_text.c
FUZZ_FLAGS   := -std=gnu11 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
                -fno-omit-frame-pointer -D_GNU_SOURCE -Iharness -I.

$(O)/fuzz/rooms/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

$(O)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(FUZZ_ROOMS:%.c=$(O)/fuzz/rooms/%.o)
	$(E) "  FUZZ    $<"
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_ROOMS:%.c=$(O)/fuzz/rooms/%.o) -ljansson -lm

$(O)/fuzz/replay/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<

$(O)/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c tests/fuzz/fuzz.h $(FUZZ_ROOMS:%.c=$(O)/fuzz/replay/%.o)
	$(E) "  REPLAY  $<"
	$(Q)$(CC) $(FUZZ_FLAGS) -o $@ $< tests/fuzz/replay.c $(FUZZ_ROOMS:%.c=$(O)/fuzz/replay/%.o) -ljansson -lm

-include $(FUZZ_ROOMS:%.c=$(O)/fuzz/rooms/%.d) $(FUZZ_ROOMS:%.c=$(O)/fuzz/replay/%.d)

.PHONY: fuzz fuzz-replay fuzz-smoke
fuzz: $(FUZZ_NAMES:%=$(O)/fuzz/fuzz_%)  ## fuzz every parser for FUZZ_SECONDS (8) each, from its corpus; needs clang
	@for name in $(FUZZ_NAMES); do \
		mkdir -p $(O)/fuzz/found/$$name; \
		$(O)/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -max_len=8192 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix=$(O)/fuzz/$$name- \
			$(O)/fuzz/found/$$name tests/fuzz/corpus/$$name >$(O)/fuzz/$$name.log 2>&1 || \
			{ cat $(O)/fuzz/$$name.log; exit 1; }; \
		awk -v name=$$name '/number_of_executed_units/ { printf "  FUZZED  %s: %s inputs, no finding\n", name, $$2 }' \
			$(O)/fuzz/$$name.log; \
	done

fuzz-replay: $(FUZZ_NAMES:%=$(O)/fuzz/replay_%)  ## the corpora and changed copies of them, without libFuzzer
	@for name in $(FUZZ_NAMES); do $(O)/fuzz/replay_$$name tests/fuzz/corpus/$$name || exit 1; done
	@echo "  REPLAY  $(words $(FUZZ_NAMES)) targets, no finding"

# A minute in all: what CI runs.
fuzz-smoke:
	@if echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return d && n < 0; }' | \
		$(FUZZ_CC) -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null; then \
		$(MAKE) --no-print-directory O=$(O) FUZZ_SECONDS=7 fuzz; \
	else \
		echo "no $(FUZZ_CC) with libFuzzer here: the corpora alone"; \
		$(MAKE) --no-print-directory O=$(O) fuzz-replay; \
	fi
