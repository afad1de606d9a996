# SPDX-License-Identifier: MIT
# Manual pages, installing, and packages.

BINDIR  = $(DESTDIR)$(PREFIX)/bin
MANDIR  = $(DESTDIR)$(PREFIX)/share/man
BASHDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR  = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
DOCDIR  = $(DESTDIR)$(PREFIX)/share/doc/vmexit-bench
DOCS    = LICENSE CONTRIBUTING.md $(wildcard docs/*.md)
DIST    = vmexit-bench-$(VERSION)

.PHONY: man install uninstall dist deb
man: $(O)/man/vmexit-bench.1 $(O)/man/vmexit-bench-results.5  ## the manual pages: $(O)/man

$(O)/man/vmexit-bench.1: docs/man/vmexit-bench.1.in scripts/make-man $(PROG)
	@mkdir -p $(@D)
	$(E) "  MAN     $@"
	$(Q)scripts/make-man $(PROG) '$(VERSION)' < $< > $@.tmp && mv $@.tmp $@

$(O)/man/%.5: docs/man/%.5
	@mkdir -p $(@D)
	$(Q)cp $< $@

install: $(PROG) man    ## into DESTDIR and PREFIX (/usr/local): program, manual, completions
	install -D -m 755 $(PROG) "$(BINDIR)/vmexit-bench"
	install -D -m 644 $(O)/man/vmexit-bench.1 "$(MANDIR)/man1/vmexit-bench.1"
	install -D -m 644 $(O)/man/vmexit-bench-results.5 "$(MANDIR)/man5/vmexit-bench-results.5"
	install -D -m 644 completions/vmexit-bench.bash "$(BASHDIR)/vmexit-bench"
	install -D -m 644 completions/_vmexit-bench "$(ZSHDIR)/_vmexit-bench"
	for doc in $(DOCS); do install -D -m 644 $$doc "$(DOCDIR)/$$(basename $$doc)" || exit 1; done
	for image in docs/images/*; do install -D -m 644 $$image "$(DOCDIR)/images/$$(basename $$image)" || exit 1; done
	sed 's,](docs/,](,g' README.md > "$(DOCDIR)/README.md"

uninstall:              ## take away what install put there
	rm -f "$(BINDIR)/vmexit-bench" "$(MANDIR)/man1/vmexit-bench.1" "$(MANDIR)/man5/vmexit-bench-results.5"
	rm -f "$(BASHDIR)/vmexit-bench" "$(ZSHDIR)/_vmexit-bench"
	rm -rf "$(DOCDIR)"

dist:                   ## a source archive of what is committed: $(O)/vmexit-bench-VERSION.tar.gz
	@mkdir -p $(O)
	git archive --format=tar --prefix=$(DIST)/ HEAD | gzip -9n > $(O)/$(DIST).tar.gz
	@echo "$(O)/$(DIST).tar.gz"

# In a copy of what is committed, so that the package holds nothing that happens to lie about.
deb:                    ## a Debian package by dpkg-buildpackage: $(O)/deb
	@INSTALL='$(INSTALL)' scripts/install-deps build deb
	@rm -rf $(O)/deb && mkdir -p $(O)/deb
	git archive --format=tar --prefix=$(DIST)/ HEAD | tar -x -C $(O)/deb
	cd $(O)/deb/$(DIST) && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES dpkg-buildpackage -us -uc -b
	@ls $(O)/deb/*.deb
