# SPDX-License-Identifier: MIT
# The harness measured by itself.

$(O)/tests/harness/bare_loop: tests/harness/bare_loop.c
	@mkdir -p $(@D)
	$(E) "  CC      $<"
	$(Q)$(CC) $(CFLAGS) -o $@ $<

.PHONY: bench-harness
bench-harness: $(PROG) $(O)/tests/harness/bare_loop  ## what the harness adds to an exit, against a bare loop
	$(Q)scripts/bench-harness $(PROG) $(O)/tests/harness/bare_loop
