# SPDX-License-Identifier: MIT
# Building on a machine that may lack what it takes, and running the suite there.

ARGS ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 1)
# A sub-make inherits -j from the command line; without one, use the machine.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

.PHONY: deps run docs
deps:                   ## install what building needs and this machine lacks (INSTALL=no: only say so)
	@INSTALL='$(INSTALL)' scripts/install-deps build

# The build is another make: this one was started before the compiler may have been there.
run: deps               ## install what is missing, build, run the suite on /dev/kvm, write its report: ARGS='--quick pio/*'
	+@$(MAKE) --no-print-directory $(PARALLEL) all
	@scripts/run-and-report $(PROG) $(ARGS)

docs: $(PROG)           ## write docs/benchmarks.md from the descriptors
	@mkdir -p docs
	$(Q)$(PROG) list --format markdown > $(O)/benchmarks.md
	$(Q)cmp -s $(O)/benchmarks.md docs/benchmarks.md || cp $(O)/benchmarks.md docs/benchmarks.md
	$(E) "  DOCS    docs/benchmarks.md"
