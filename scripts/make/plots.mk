# SPDX-License-Identifier: MIT
# Pictures, the report, whole VM lives; and their place in an installed program.

PLOTS_DATA  = $(DESTDIR)$(PREFIX)/share/vmexit-bench/plots
PLOTS_FILES = $(wildcard plots/*.gp plots/*.bash plots/*.awk)
export VMEXIT_BENCH_PLOTS ?= $(CURDIR)/plots

.PHONY: plots report lifecycle check-plots install-plots uninstall-plots
plots: $(PROG)          ## pictures of a run directory, SVG and PNG: DIR='results/...' (several: compared with the first)
	@test -n '$(DIR)' || { echo "make plots: say of what: DIR=results/..." >&2; exit 1; }
	@VMEXIT_BENCH="$$(readlink -f $(PROG))" plots/draw $(DIR)

report: $(PROG)         ## one HTML page of a run directory: DIR='results/...'
	@test -n '$(DIR)' || { echo "make report: say of what: DIR=results/..." >&2; exit 1; }
	@$(PROG) report $(DIR)

lifecycle: $(PROG)      ## time whole VM lives with hyperfine, as rows of a run directory: DIR=results/...
	@test -n '$(DIR)' || { echo "make lifecycle: say where the rows go: DIR=results/..." >&2; exit 1; }
	@scripts/lifecycle --binary $(PROG) $(DIR)

check-plots: $(PROG)    ## every picture and the report from committed results, looked at by gnuplot and a browser
	@VMEXIT_BENCH="$$(readlink -f $(PROG))" bats --tap tests/plots

install: install-plots
uninstall: uninstall-plots

install-plots:
	install -D -m 755 plots/draw "$(PLOTS_DATA)/draw"
	for file in $(PLOTS_FILES); do install -D -m 644 $$file "$(PLOTS_DATA)/$$(basename $$file)" || exit 1; done

uninstall-plots:
	rm -rf "$(DESTDIR)$(PREFIX)/share/vmexit-bench"
