# SPDX-License-Identifier: MIT
# The tests. `make check` is the one command; what it does is the plan below, counted by scripts/run-tests.

CHECK_O   := $(O)/check
SAN_O     := $(O)/check-sanitized
TEST_NAMES = $(UNIT_SRC:tests/unit/%.c=%)
KVM_SRC   := $(sort $(wildcard tests/kvm/test_*.c))
KVM_BIN   := $(KVM_SRC:%.c=$(O)/%)
KVM_NAMES  = $(KVM_SRC:tests/kvm/%.c=%)
BATS      := $(sort $(wildcard tests/cli/*.bats tests/plots/*.bats))
# Targets that other parts of the Makefile may have.
has = $(shell grep -lqs '^$(1):' scripts/make/*.mk Makefile && echo yes)

define newline


endef

# One line a suite: kind, label, command (see scripts/run-tests).
define CHECK_PLAN
step build-warnings-are-errors $(MAKE) --no-print-directory $(PARALLEL) O=$(CHECK_O) WERROR=1 all unit-bins kvm-bins
tap lint scripts/lint
$(foreach t,$(TEST_NAMES),tap unit/$(t) $(CHECK_O)/tests/unit/$(t)$(newline))
$(foreach t,$(BATS),tap $(t:tests/%.bats=%) VMEXIT_BENCH=$(CHECK_O)/vmexit-bench bats --tap $(t)$(newline))
$(foreach t,$(KVM_NAMES),tap kvm/$(t) $(CHECK_O)/tests/kvm/$(t)$(newline))
step build-sanitized $(MAKE) --no-print-directory $(PARALLEL) O=$(SAN_O) WERROR=1 ASAN=1 UBSAN=1 unit-bins
$(foreach t,$(TEST_NAMES),tap sanitized/$(t) $(SAN_O)/tests/unit/$(t)$(newline))
$(if $(call has,fuzz-smoke),step fuzz-smoke $(MAKE) --no-print-directory O=$(CHECK_O) fuzz-smoke)
$(if $(filter no,$(LAB)),skip lab LAB=no was given,$(if $(call has,check-lab),tap lab $(MAKE) --no-print-directory O=$(CHECK_O) WERROR=1 check-lab))
endef

.PHONY: check kvm-bins lint format
check:                  ## install what is missing, build, run every test, count them (LAB=no: without the lab)
	@INSTALL='$(INSTALL)' scripts/install-deps build check lab plots
	@rm -f $(CHECK_O)/logs/summary
	$(shell mkdir -p $(CHECK_O)/logs)$(file >$(CHECK_O)/plan,$(CHECK_PLAN))
	+@env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL scripts/run-tests $(CHECK_O)/logs < $(CHECK_O)/plan

# Tests that need /dev/kvm; they skip themselves, with the reason, where there is none.
kvm-bins: $(KVM_BIN)
$(O)/tests/kvm/%: $(O)/tests/kvm/%.o $(ALL_OBJ)
	$(E) "  LINK    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CONFIG_LDLIBS) -lcmocka $(LDLIBS)

lint:                   ## shellcheck, clang-format, licence lines, layers, and warnings as errors
	@scripts/lint
	+@$(MAKE) --no-print-directory O=$(CHECK_O) WERROR=1 all unit-bins kvm-bins

format:                 ## lay out every C file by .clang-format (not assembly, nor generated headers)
	$(Q)$$(command -v clang-format-14 || echo clang-format) -i $$(git ls-files --cached --others --exclude-standard \
		'*.c' '*.h' ':!guests/include' ':!tests/golden')
