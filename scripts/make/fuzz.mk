# SPDX-License-Identifier: MIT
# Fuzzing of every parser of files (tests/fuzz): needs clang with its libFuzzer.

FUZZ_CC      ?= clang
FUZZ_SECONDS ?= 8
FUZZ_SRC     := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_NAMES   := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=%)
# The rooms that read files, and those below them; compiled anew with the sanitizers.
FUZZ_ROOMS   := $(sort $(wildcard harness/base/*.c harness/stats/*.c harness/results/*.c harness/compare/*.c))
FUZZ_FLAGS   := -std=gnu11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
                -fno-omit-frame-pointer -D_GNU_SOURCE -Iharness -I.

# One object for all targets, and kept.
$(O)/fuzz/rooms/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<

$(O)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(FUZZ_ROOMS:%.c=$(O)/fuzz/rooms/%.o)
	$(E) "  FUZZ    $<"
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $< $(FUZZ_ROOMS:%.c=$(O)/fuzz/rooms/%.o) -ljansson -lm

-include $(FUZZ_ROOMS:%.c=$(O)/fuzz/rooms/%.d)

.SECONDARY: $(FUZZ_ROOMS:%.c=$(O)/fuzz/rooms/%.o)

.PHONY: fuzz fuzz-corpus
fuzz: $(FUZZ_NAMES:%=$(O)/fuzz/fuzz_%)  ## fuzz every parser for FUZZ_SECONDS (8) each, from its corpus
	@for name in $(FUZZ_NAMES); do \
		mkdir -p $(O)/fuzz/found/$$name; \
		echo "  FUZZ    $$name, $(FUZZ_SECONDS) s"; \
		$(O)/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -max_len=8192 \
			-print_final_stats=0 -verbosity=0 -artifact_prefix=$(O)/fuzz/$$name- \
			$(O)/fuzz/found/$$name tests/fuzz/corpus/$$name || exit 1; \
	done

fuzz-corpus: $(FUZZ_NAMES:%=$(O)/fuzz/fuzz_%)  ## run every file of the corpora once
	@for name in $(FUZZ_NAMES); do \
		$(O)/fuzz/fuzz_$$name -runs=0 -verbosity=0 tests/fuzz/corpus/$$name || exit 1; done
	@echo "fuzz corpora: $(words $(FUZZ_NAMES)) targets, no finding"
