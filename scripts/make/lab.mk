# SPDX-License-Identifier: MIT
# The lab: the real kvm_amd.ko and kvm_intel.ko under emulators.  LAB_KERNEL and LAB_ARGS go to lab/run.

LAB_KERNEL ?= default
LAB_ARGS   ?=

.PHONY: lab check-lab
lab:                    ## run the suite on an emulated AMD and an emulated Intel host (LAB_KERNEL=6.1 LAB_ARGS='cpuid/*')
	$(Q)$(MAKE) --no-print-directory static
	$(Q)lab/both --binary $(O)/vmexit-bench.static --kernel $(LAB_KERNEL) $(LAB_ARGS)

# Programs that test a part of the suite on the lab's kernel, which they may change.
LAB_TEST_BIN := $(patsubst %.c,$(O)/%,$(wildcard tests/lab/*.c))
$(O)/tests/lab/%: $(O)/tests/lab/%.o $(ALL_OBJ)
	$(E) "  LINK    $@"
	$(Q)$(CC) $(LDFLAGS) -static -o $@ $^ $(CONFIG_LDLIBS_STATIC) $(LDLIBS)

check-lab: $(LAB_TEST_BIN)  ## short lab runs: both vendors, repeatable, sensitive to one setting
	$(Q)$(MAKE) --no-print-directory static
	$(Q)LAB_TESTS="$$(readlink -f $(O)/tests/lab)" LAB_BINARY="$$(readlink -f $(O)/vmexit-bench.static)" bats tests/lab
