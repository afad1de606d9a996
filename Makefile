# SPDX-License-Identifier: MIT
# vmexit-bench: build, run, check.  `make help` lists the targets.
#
# Sources are found by wildcard: a new file in bench/, guests/ or a room of harness/ is built and
# linked without an edit here.  Objects go on the link line, never into an archive: the members that
# register themselves in a linker section would vanish from it.

SHELL    := /bin/sh
O        ?= build
V        ?= 0
INSTALL  ?= yes
PREFIX   ?= /usr/local
VERSION  := $(shell cat VERSION)
# Where git doesn't know this tree: what `git archive` put into .revision; never that of a repository around it.
REVISION := $(shell { if [ -e .git ]; then git describe --always --dirty --abbrev=12; \
                      else sed '/Format/d' .revision; fi; } 2>/dev/null | grep . || echo unknown)

CC       ?= cc
OBJCOPY  ?= objcopy
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes -Wwrite-strings \
            -Wno-missing-field-initializers -Wno-format-nonliteral
override CFLAGS += -std=gnu11 $(WARNINGS) -pthread -fno-omit-frame-pointer -fno-strict-aliasing
CPPFLAGS += -Iharness -I. -I$(O)/gen -D_GNU_SOURCE
LDLIBS   += -lm -pthread

ifeq ($(WERROR),1)
override CFLAGS += -Werror
endif
ifeq ($(ASAN),1)
SANITIZE += -fsanitize=address
endif
ifeq ($(UBSAN),1)
SANITIZE += -fsanitize=undefined -fno-sanitize-recover=undefined
endif
override CFLAGS  += $(SANITIZE)
override LDFLAGS += $(SANITIZE)

ifeq ($(V),1)
Q :=
E := @:
else
Q := @
E := @echo
endif

# ---- what is built from what -------------------------------------------------------------------

PROG        := $(O)/vmexit-bench
HARNESS_SRC := $(sort $(wildcard harness/*/*.c))
BENCH_SRC   := $(sort $(wildcard bench/*.c))
GUEST_SRC   := $(sort $(wildcard guests/*.S guests/*.c))
GUESTS      := $(sort $(basename $(notdir $(GUEST_SRC))))
UNIT_SRC    := $(sort $(wildcard tests/unit/test_*.c))

MAIN_OBJ    := $(O)/harness/cli/main.o
HARNESS_OBJ := $(filter-out $(MAIN_OBJ),$(HARNESS_SRC:%.c=$(O)/%.o))
BENCH_OBJ   := $(BENCH_SRC:%.c=$(O)/%.o)
GUEST_OBJ   := $(GUESTS:%=$(O)/guests/%.embed.o)
ALL_OBJ     := $(HARNESS_OBJ) $(BENCH_OBJ) $(GUEST_OBJ)
UNIT_BIN    := $(UNIT_SRC:%.c=$(O)/%)

.PHONY: all
all: $(PROG)

# ---- probes: what this machine has; a missing optional part is left out with one line ------------

NO_CONFIG := help clean distclean deps dist
ifneq ($(if $(MAKECMDGOALS),$(filter-out $(NO_CONFIG) run check lab deb,$(MAKECMDGOALS)),all),)
include $(O)/config.mk
endif

$(O)/config.mk: scripts/probe-features
	@mkdir -p $(O)
	@CC="$(CC)" scripts/probe-features > $@.tmp || { rm -f $@.tmp; exit 1; }
	@mv $@.tmp $@

# ---- guests: freestanding, flat, embedded ---------------------------------------------------------

# -mno-red-zone: an interrupt handler may run on the interrupted stack; no SSE: CR4.OSFXSR may be
# off and software backends can't execute it; no CET notes: they would sit in front of the code.
GUEST_FLAGS := -ffreestanding -nostdlib -fno-pic -fno-pie -mno-red-zone -mgeneral-regs-only -fcf-protection=none \
               -fno-stack-protector -fno-asynchronous-unwind-tables -mcmodel=small -O2 -g -std=gnu11 \
               $(WARNINGS) $(if $(filter 1,$(WERROR)),-Werror) -I. -Iguests/include

$(O)/guests/%.guest.o: guests/%.S
	@mkdir -p $(@D)
	$(E) "  GUEST   $<"
	$(Q)$(CC) $(GUEST_FLAGS) -MMD -MP -c -o $@ $<

$(O)/guests/%.guest.o: guests/%.c
	@mkdir -p $(@D)
	$(E) "  GUEST   $<"
	$(Q)$(CC) $(GUEST_FLAGS) -MMD -MP -c -o $@ $<

$(O)/guests/%.elf: $(O)/guests/%.guest.o $(O)/guests/lib/entry.o guests/lib/guest.lds
	$(Q)$(LD) -nostdlib -static -z noexecstack --build-id=none -T guests/lib/guest.lds -o $@ $(O)/guests/lib/entry.o $<

$(O)/guests/lib/entry.o: guests/lib/entry.S
	@mkdir -p $(@D)
	$(Q)$(CC) $(GUEST_FLAGS) -MMD -MP -c -o $@ $<

$(O)/guests/%.bin: $(O)/guests/%.elf
	$(Q)$(OBJCOPY) -O binary $< $@

$(O)/guests/%.embed.o: guests/lib/embed.S $(O)/guests/%.bin
	$(Q)$(CC) -c -DGUEST_NAME=$* -DGUEST_FILE='"$(O)/guests/$*.bin"' -o $@ $<

# What is built on the way stays: the next build starts from it.
.SECONDARY:

# ---- the program ------------------------------------------------------------------------------------

# Changes only when the version, the revision or the flags do: builds stay incremental.
$(O)/gen/version.h: FORCE
	@mkdir -p $(@D)
	@scripts/make-version-header '$(VERSION)' '$(REVISION)' '$(CC)' '$(CFLAGS)' > $@.tmp
	@cmp -s $@.tmp $@ && rm -f $@.tmp || mv $@.tmp $@
.PHONY: FORCE
FORCE:

$(O)/%.o: %.c | $(O)/gen/version.h
	@mkdir -p $(@D)
	$(E) "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(CONFIG_CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(PROG): $(MAIN_OBJ) $(ALL_OBJ)
	$(E) "  LINK    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CONFIG_LDLIBS) $(LDLIBS)

.PHONY: static
static: $(PROG).static  ## one binary without shared libraries: $(O)/vmexit-bench.static
$(PROG).static: $(MAIN_OBJ) $(ALL_OBJ)
	$(E) "  LINK    $@"
	$(Q)$(CC) $(LDFLAGS) -static -o $@ $^ $(CONFIG_LDLIBS_STATIC) $(LDLIBS)

# ---- tests ------------------------------------------------------------------------------------------

$(O)/tests/unit/%: $(O)/tests/unit/%.o $(ALL_OBJ)
	$(E) "  LINK    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CONFIG_LDLIBS) -lcmocka $(LDLIBS)

.PHONY: unit-bins
unit-bins: $(UNIT_BIN)

-include $(wildcard $(O)/*/*.d $(O)/*/*/*.d)
include $(sort $(wildcard scripts/make/*.mk))

.PHONY: clean distclean help
clean:                  ## remove what was built in O (default build/)
	rm -rf $(O)
distclean: clean        ## remove every build folder, keep results and lab caches
	rm -rf build build-*

help:                   ## this list
	@echo "vmexit-bench $(VERSION).  make [TARGET] [O=DIR] [V=1] [ASAN=1] [UBSAN=1] [WERROR=1] [INSTALL=no]"
	@echo
	@printf '  %-18s %s\n' all 'the program: $$O/vmexit-bench (default target)'
	@export LC_ALL=C; grep -hE '^[a-z][a-z-]*:.*## ' Makefile scripts/make/*.mk | sed -E 's/:[^#]*## */\t/' | sort | \
	 awk -F '\t' '{printf "  %-18s %s\n", $$1, $$2}'
