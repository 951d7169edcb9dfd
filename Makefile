# The one build. `make` builds the program and the simulator; `make help` lists the rest.
VARIANT ?= release
CC      ?= gcc
BUILD   ?= build/$(VARIANT)

VERSION  := 0.1.0
LIBS     := -lpq -ljansson -lyaml -lsqlite3 -lcrypto -lunistring -lxxhash -lcurl -lz -lzip -lzstd \
            -lmicrohttpd -lm
SIM_LIBS := -lmicrohttpd -lunistring -lcrypto -lz

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wformat=2 -Wundef -Werror
# _FORTIFY_SOURCE is an error without optimization, and whoever sets it means it.
FORTIFY := $(if $(filter -O0 -D_FORTIFY_SOURCE% -U_FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,-D_FORTIFY_SOURCE=2)
HARDEN  := -fstack-protector-strong -fPIE $(FORTIFY)

OPT_release  := -O2 -g $(HARDEN)
OPT_debug    := -Og -g3
OPT_san      := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_tsan     := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
# Atomic counters: threads count together. gnu17, because in c17 gcc does not know fork and execve: what a child did before it
# became another program would be counted nowhere.
OPT_coverage := -std=gnu17 -O0 -g --coverage -fprofile-update=atomic
# Without traces of comparisons twice as much is tried; the words that matter are in the corpora.
OPT_fuzz     := -O2 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-coverage=trace-cmp
LINK_release := -pie -Wl,-z,relro,-z,now
LINK_fuzz    := -fsanitize=fuzzer,address,undefined
ifeq ($(VARIANT),fuzz)
CC := clang
endif
ifeq ($(OPT_$(VARIANT)),)
$(error VARIANT=$(VARIANT) is unknown: use release, debug, san, tsan, coverage or fuzz)
endif

# CPPFLAGS, CFLAGS and LDFLAGS are the user's, behind ours: they add, and never take away what we need.
OUR_CFLAGS  := -std=c17 -D_GNU_SOURCE -Isrc -I. -MMD -MP $(WARN) $(OPT_$(VARIANT))
OUR_LDFLAGS := $(LINK_$(VARIANT))
ifneq ($(VARIANT),fuzz)
OUR_LDFLAGS += $(filter -fsanitize% --coverage,$(OPT_$(VARIANT)))
endif
COMPILE = $(CC) $(OUR_CFLAGS) $(MORE_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK    = $(CC) $(OUR_LDFLAGS) $(LDFLAGS)

objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))

PROFILES  := $(sort $(wildcard profiles/sigos/*.yaml))
LIB_SRC   := $(sort $(wildcard src/*/*.c src/*/*/*.c)) src/config/builtin.S
SIM_SRC   := $(sort $(wildcard simulator/*.c))
UNIT_SRC  := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SRC  := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BASE_OBJ  := $(call objects,$(wildcard src/base/*.c))
LIB_OBJ   := $(call objects,$(LIB_SRC))
SIM_OBJ   := $(call objects,$(SIM_SRC))
SUPPORT   := $(call objects,$(sort $(wildcard tests/support/*.c)))
UNIT      := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SRC))

.SECONDARY: # objects of tests are kept
.PHONY: all
all: $(BUILD)/etl-sigos $(BUILD)/sigos-sim

$(BUILD)/etl-sigos: $(call objects,src/main.c) $(LIB_OBJ)
	$(LINK) -o $@ $^ $(LIBS)

# From an archive: of base/ only what it uses, so that it needs none of the program's libraries.
$(BUILD)/sigos-sim: $(SIM_OBJ) $(BUILD)/base.a
	$(LINK) -o $@ $^ $(SIM_LIBS)

# Today's ClickHouse for tests.
$(BUILD)/engine: $(BUILD)/tests/clickhouse/engine.o $(BUILD)/base.a
	$(LINK) -o $@ $^ $(SIM_LIBS)

# ClickHouse for end-to-end tests: Debian's, or today's.
$(BUILD)/clickhouse_stand: $(call objects,tests/clickhouse/stand.c tests/support/clickhouse_server.c) $(LIB_OBJ)
	$(LINK) -o $@ $^ $(LIBS)

# A week of the timetable in a few minutes.
$(BUILD)/week: $(BUILD)/tests/week/week.o $(LIB_OBJ)
	$(LINK) -o $@ $^ $(LIBS)

# Takes the messages that the program sends in end-to-end tests.
$(BUILD)/receiver: $(BUILD)/tests/e2e/receiver.o $(BUILD)/tests/e2e/small_server.o
	$(LINK) -o $@ $^ $(SIM_LIBS)

# A small S3, which verifies signatures.
$(BUILD)/bucket_server: $(BUILD)/tests/e2e/bucket_server.o $(BUILD)/tests/e2e/small_server.o
	$(LINK) -o $@ $^ $(SIM_LIBS)

$(BUILD)/base.a: $(BASE_OBJ)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(SUPPORT) $(LIB_OBJ) $(filter-out %/main.o,$(SIM_OBJ))
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS) $(SIM_LIBS) -lcmocka

# Preloaded into a server that knows nothing of our sanitizers.
$(BUILD)/disk_full.so: tests/shim/disk_full.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE $(WARN) -O2 -g -fPIC -shared -o $@ $<
$(BUILD)/tests/test_destination_postgres_disk: | $(BUILD)/disk_full.so

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(BUILD)/src/cli/cmd_version.o: MORE_CFLAGS := -DETL_VERSION='"$(VERSION)"'

# Profiles, SQL and the page's script are part of the program: an analyst's machine needs one file. They
# are embedded by .incbin, which -MMD does not see.
$(BUILD)/src/layers/models.o: $(wildcard sql/layers/*.sql sql/layers/*/*.sql)
$(BUILD)/src/layers/dictionary.o: sql/layers/dicionario.tsv
$(BUILD)/src/layers/catalog.o: sql/layers/etl_camadas.sql
$(BUILD)/src/load/sqlite/schema.o: $(wildcard sql/sqlite/*.sql)
$(BUILD)/src/load/postgres/schema.o: $(wildcard sql/postgres/0*.sql)
$(BUILD)/src/load/clickhouse/schema.o: $(wildcard sql/clickhouse/*.sql)
$(BUILD)/src/extract/browser/script.o: src/extract/browser/page.js
$(BUILD)/src/serve/assets.o: $(wildcard src/pages/static/*) /usr/share/javascript/chart.js/chart.min.js
$(BUILD)/simulator/assets.o: $(wildcard simulator/www/*)
$(BUILD)/src/config/builtin.o: src/config/builtin.S $(PROFILES)
	@mkdir -p $(@D)
	$(CC) -I. $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- tests ----------------------------------------------------------------------------------------------

E2E := $(sort $(wildcard tests/e2e/*.sh))

.PHONY: units
units: $(UNIT)

unit_in = $(addprefix build/$(1)/tests/test_,$(2))
e2e_named = $(patsubst %,tests/e2e/%.sh,$(1))

SAN_UNITS := $(patsubst tests/unit/%.c,build/san/tests/%,$(UNIT_SRC)) \
             $(patsubst tests/fuzz/fuzz_%.c,build/san/replay_%,$(FUZZ_SRC))

# The sanitizers make a program three times as slow. So what is about many rows or many files runs without them, and the
# code that it runs through has them in the other unit tests, in the replayed corpora and in the tests of SAN_E2E, which go
# through all layers and through what fails there. `make sanitized` has them everywhere.
MANY_UNITS := first_principle layers_at_once layers_figures statements_postgres statements_sqlite
SAN_E2E    := $(call e2e_named,cycles edges failures)
TSAN_E2E   := $(call e2e_named,portal_jobs)
# About rows on both databases. Those of PAGES_E2E run on PostgreSQL only, because the whole must stay short: `make data`
# runs them on both, too.
LAYERS_E2E := $(call e2e_named,bronze dbt layers)
PAGES_E2E  := $(call e2e_named,bucket pages pages_figures pages_odd)
# They take minutes and mostly wait, so they begin first, while others keep the processors busy.
LONG_E2E   := $(call e2e_named,portal_faults portal_variants manual)
OTHER_E2E  := $(filter-out $(SAN_E2E) $(TSAN_E2E) $(LAYERS_E2E) $(PAGES_E2E) $(LONG_E2E),$(E2E))

# What end-to-end tests start or preload besides the program.
HELPERS := receiver bucket_server kill_shim.so disk_full.so clock_shim.so clickhouse_stand

# Everything: layers and style, what clang and the linters find, then unit, golden and end-to-end tests, and a few kills.
# test_first_principle runs twice: all of it without the sanitizers, and a tenth with them.
.PHONY: test
test: static
	@$(MAKE) -s LINT_DEPTH=shallow lint-program
	@$(MAKE) -s VARIANT=release all $(call unit_in,release,$(MANY_UNITS)) \
	    $(addprefix build/release/,$(HELPERS))
	@$(MAKE) -s VARIANT=tsan all $(THREADED)
	@$(MAKE) -s VARIANT=san all units replays $(addprefix build/san/,$(HELPERS))
	@tests/run VARIANT=release -- $(LONG_E2E) tests/kill/kills.sh VARIANT=san -- $(SAN_E2E) \
	    VARIANT=release $(call unit_in,release,$(MANY_UNITS)) -- $(LAYERS_E2E) $(OTHER_E2E) \
	    ONLY_DATABASE=postgres $(PAGES_E2E) ONLY_DATABASE= \
	    VARIANT=tsan $(THREADED) -- $(TSAN_E2E) \
	    VARIANT=san FILES=10000 EXPORTS=1000 $(filter-out $(call unit_in,san,$(filter-out first_principle,$(MANY_UNITS))),$(SAN_UNITS))

# The same tests on both databases, the pages under all filters.
.PHONY: data
data: all $(addprefix $(BUILD)/,$(HELPERS))
	@PAGES_ALL=1 tests/run VARIANT=release -- $(LAYERS_E2E) $(PAGES_E2E)

# All tests under the sanitizers.
.PHONY: sanitized
sanitized:
	@$(MAKE) -s VARIANT=san all units replays $(addprefix build/san/,$(HELPERS))
	@$(MAKE) -s VARIANT=release all build/release/kill_shim.so
	@tests/run VARIANT=san $(SAN_UNITS) -- $(E2E) tests/kill/kills.sh

# What several threads do at once, under the thread sanitizer: it ends a program that has a data race with 66.
THREADED := $(call unit_in,tsan,pipeline window_loop scratch sessions)
.PHONY: threads
threads:
	@$(MAKE) -s VARIANT=tsan all $(THREADED)
	@tests/run VARIANT=tsan $(THREADED) -- $(TSAN_E2E)

# The inner loop: no server, no browser, under 30 s.
BROWSER_TESTS := $(addprefix $(BUILD)/tests/test_extract_,boxes browser failure_snapshot faults login manners portal recovery strategy variants)
# Hundreds of databases each.
SLOW_TESTS := $(addprefix $(BUILD)/tests/test_,$(MANY_UNITS))
QUICK_TESTS := $(filter-out $(BROWSER_TESTS) $(SLOW_TESTS),$(UNIT))
.PHONY: check
check: static lint-if-there all $(QUICK_TESTS)
	@tests/run $(QUICK_TESTS)

.PHONY: static
static:
	@scripts/check_layers
	@scripts/check_style

# --- linters: a file is looked at again when it or what it includes has changed ----------------------------

LINT        = build/lint/$(LINT_DEPTH)
LINT_FLAGS := -std=c17 -D_GNU_SOURCE -Isrc -I. $(filter-out -Werror,$(WARN))
# shallow: clang-tidy's analyzer looks at each function by itself, which takes a tenth of the time.
LINT_DEPTH := deep
LINT_SRC   := $(sort $(wildcard src/*.c $(foreach tree,src simulator tests,$(tree)/*/*.c $(tree)/*/*/*.c) simulator/*.c))
LINT_TOOLS := clang-tidy cppcheck shellcheck

.PHONY: lint
lint: lint-program $(LINT_SRC:%.c=$(LINT)/%.tidy)

# Without clang-tidy's look at the tests: that takes a minute, and `make check` and the job of CI have it.
.PHONY: lint-program
lint-program: $(patsubst %.c,$(LINT)/%.tidy,$(filter-out tests/%,$(LINT_SRC))) lint-cppcheck lint-shell

$(LINT)/%.tidy: %.c .clang-tidy tests/.clang-tidy
	@mkdir -p $(@D)
	@$(CC) $(LINT_FLAGS) -MM -MP -MT $@ -MF $@.d $<
	@clang-tidy --quiet $< -- $(LINT_FLAGS) -Xclang -analyzer-config -Xclang mode=$(LINT_DEPTH) >$@.out 2>&1 || { cat $@.out; exit 1; }
	@touch $@

# cppcheck and check_shell find out by themselves what has changed.
.PHONY: lint-cppcheck lint-shell
lint-cppcheck:
	@scripts/check_cppcheck build/lint
lint-shell:
	@scripts/check_shell --stamp build/lint/shell

# What the linters say is no reason to install them for the inner loop; `make test` demands them.
.PHONY: lint-if-there
lint-if-there:
	@for tool in $(LINT_TOOLS); do \
	    command -v $$tool >/dev/null || { echo "make check: without $$tool nothing is linted"; exit 0; }; \
	done; $(MAKE) -s lint

.PHONY: golden
golden: $(BUILD)/tests/test_transform ## writes the expected files anew; review the diff
	GOLDEN_UPDATE=1 $<

.PHONY: bench
bench: $(BUILD)/etl-sigos $(BUILD)/sigos-sim $(BUILD)/load_windows $(BUILD)/bench_transform $(BUILD)/clickhouse_stand
	tests/bench/transform
	tests/bench/overhead
	tests/bench/portal
	tests/bench/incremental
	tests/bench/postgres
	tests/bench/layers
	tests/bench/clickhouse
	tests/bench/share

$(BUILD)/load_windows $(BUILD)/bench_transform: $(BUILD)/%: $(BUILD)/tests/bench/%.o $(LIB_OBJ)
	$(LINK) -o $@ $^ $(LIBS)

# What the tests run of src/: the floors and what is left out are in scripts/coverage. Counters of an earlier run are none
# of this one's; a test that fails is told after the figures.
COVERED := $(patsubst tests/unit/%.c,build/coverage/tests/%,$(UNIT_SRC)) \
           $(patsubst tests/fuzz/fuzz_%.c,build/coverage/replay_%,$(FUZZ_SRC))
.PHONY: coverage
coverage:
	@$(MAKE) -s VARIANT=coverage all units replays
	@find build/coverage -name '*.gcda' -delete
	@VARIANT=coverage SIGOS_SIM=build/coverage/sigos-sim tests/run $(COVERED) -- $(E2E); code=$$?; \
	scripts/coverage build/coverage && exit $$code

# --- fuzzing: make fuzz [FUZZ="--seconds 600 transform"] ---------------------------------------------------

FUZZ_OBJ := $(addprefix $(BUILD)/tests/support/,good_file.o two_versions.o)
.PHONY: fuzz
fuzz:
	@$(MAKE) -s VARIANT=fuzz fuzzers
	@tests/fuzz/run $(FUZZ)

.PHONY: fuzzers
fuzzers: $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(FUZZ_SRC))

# From an archive, so that a target has only what it needs: the fuzzer looks through all of it each time.
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/fuzz.a
	$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/fuzz.a: $(FUZZ_OBJ) $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^

# Their corpora once, without a fuzzer.
.PHONY: replays
replays: $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/replay_%,$(FUZZ_SRC))

$(BUILD)/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(FUZZ_OBJ) $(LIB_OBJ)
	$(LINK) -o $@ $^ $(LIBS)

# --- the rest ---------------------------------------------------------------------------------------------

.PHONY: demo
demo: all
	@scripts/demo

# Killed at many points and run again: make kill [KILL="--database postgres --points 200"]
.PHONY: kill
kill: $(BUILD)/etl-sigos $(BUILD)/sigos-sim $(BUILD)/kill_shim.so
	tests/kill/run $(KILL)

$(BUILD)/kill_shim.so: tests/kill/kill_shim.c
	@mkdir -p $(@D)
	$(COMPILE) -fPIC -shared -o $@ $<

# Not part of `make test`: it fetches packages of npm, into build/aws-test. Without npm or the network it is skipped.
.PHONY: aws-test
aws-test: $(BUILD)/etl-sigos $(BUILD)/sigos-sim
	@tests/aws/run

# The same; into build/s3-test.
.PHONY: s3 s3-test
s3: s3-test
s3-test: $(BUILD)/etl-sigos $(BUILD)/sigos-sim
	@tests/s3/run $(S3)

# The same; into build/clickhouse-test.
.PHONY: clickhouse
clickhouse: $(BUILD)/engine $(addprefix $(BUILD)/tests/test_clickhouse_,client lease ledger compact compact_lost readers rules window) \
    $(BUILD)/tests/test_destination_clickhouse all $(BUILD)/clickhouse_stand $(BUILD)/clock_shim.so
	@tests/clickhouse/run

# The same; into build/pages-test. The pictures of the manual: make pages PAGES=--shots
.PHONY: pages
pages: $(BUILD)/etl-sigos $(BUILD)/sigos-sim $(BUILD)/clock_shim.so
	@tests/pages/run $(PAGES)

$(BUILD)/clock_shim.so: tests/shim/clock_shim.c
	@mkdir -p $(@D)
	$(COMPILE) -fPIC -shared -o $@ $<

# The manual for analysts and operators, from docs/manual. `make test` builds it too where mkdocs is installed.
SITE ?= build/site
.PHONY: docs
docs:
	@mkdocs build --strict --quiet --site-dir '$(abspath $(SITE))'
	@echo '$(SITE)/index.html'

.PHONY: figures
figures:
	@scripts/figures

# A week of the timetable in accelerated time, on a real PostgreSQL and the simulator.
.PHONY: week
week: all $(BUILD)/week
	@tests/week/run

# The image, built and run as production would run it: root, three minutes, buildah and podman (./task container).
.PHONY: container-test container
container: container-test
container-test: $(BUILD)/etl-sigos $(BUILD)/sigos-sim
	@tests/container/run $(CONTAINER)

.PHONY: fresh
fresh:
	scripts/fresh_machine

# A few lines that find the script of whatever work tree commits: git's folder of hooks is one for all of them.
.PHONY: hooks
hooks:
	@hook=$$(git rev-parse --git-path hooks)/pre-commit; \
	if [ -e "$$hook" ] && ! grep -q scripts/pre_commit "$$hook"; then \
	    echo "make hooks: $$hook is somebody else's" >&2; exit 1; \
	fi; \
	mkdir -p "$${hook%/*}" && \
	printf '#!/bin/sh\nexec "$$(git rev-parse --show-toplevel)/scripts/pre_commit"\n' >"$$hook" && chmod +x "$$hook" && \
	echo "$$hook"

.PHONY: format
format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

# The names of the GNU standards, all of them overridable; DESTDIR is only put before them. Nothing goes to
# sysconfdir: the program reads no file of the system, so the example of a .env is among the documents.
PREFIX       ?= /usr/local
prefix        = $(PREFIX)
exec_prefix   = $(prefix)
bindir        = $(exec_prefix)/bin
datarootdir   = $(prefix)/share
datadir       = $(datarootdir)
docdir        = $(datarootdir)/doc/etl-sigos
INSTALL       = install
INSTALL_PROGRAM = $(INSTALL) -m 755
INSTALL_DATA  = $(INSTALL) -m 644

pkgdatadir    = $(datadir)/etl-sigos
INSTALLED_DOCS := README.md LICENSE CHANGELOG.md SECURITY.md $(sort $(wildcard docs/*.md))
# The profiles are built in: these are to be copied and edited.
INSTALLED_DATA := $(PROFILES) sql/postgres/readonly_role.sql

.PHONY: install
install: $(BUILD)/etl-sigos
	$(INSTALL_PROGRAM) -D $< '$(DESTDIR)$(bindir)/etl-sigos'
	for file in $(INSTALLED_DATA); do $(INSTALL_DATA) -D $$file '$(DESTDIR)$(pkgdatadir)'/$$file || exit; done
	for file in $(INSTALLED_DOCS); do $(INSTALL_DATA) -D $$file '$(DESTDIR)$(docdir)'/$$file || exit; done
	$(INSTALL_DATA) -D docs/example.env '$(DESTDIR)$(docdir)/examples/etl-sigos.env'

.PHONY: install-strip
install-strip:
	$(MAKE) install INSTALL_PROGRAM='$(INSTALL_PROGRAM) -s'

# A folder goes when it is ours and nothing of somebody else is in it.
.PHONY: uninstall
uninstall:
	rm -f '$(DESTDIR)$(bindir)/etl-sigos' '$(DESTDIR)$(docdir)/examples/etl-sigos.env'
	for file in $(INSTALLED_DATA); do rm -f '$(DESTDIR)$(pkgdatadir)'/$$file || exit; done
	for file in $(INSTALLED_DOCS); do rm -f '$(DESTDIR)$(docdir)'/$$file || exit; done
	for folder in '$(DESTDIR)$(pkgdatadir)' '$(DESTDIR)$(docdir)'; do \
	    [ ! -d "$$folder" ] || find "$$folder" -depth -type d -empty -delete || exit; done

.PHONY: clean
clean:
	rm -rf build

.PHONY: help
help:
	@echo 'make              the program and the portal simulator, in build/release'
	@echo 'make demo         a portal, a full cycle, an audit, another cycle: watch what changes'
	@echo 'make test         everything that is tested'
	@echo 'make check        the inner loop: layers, style, unit and golden tests'
	@echo 'make lint         clang-tidy, cppcheck, shellcheck: what changed since the last time'
	@echo 'make sanitized    all unit and end-to-end tests under the sanitizers (most of `make test` runs without)'
	@echo 'make data         what the database makes of many rows, on SQLite too, the pages under all filters'
	@echo 'make bench        what the program adds to the time that the portal needs'
	@echo 'make fuzz         fuzz whatever reads bytes of others (tests/fuzz/fuzz_*.c), 60 s each'
	@echo 'make coverage     what the tests run of src/, per folder; fails below the floors of scripts/coverage'
	@echo 'make golden       write the expected files of the golden tests anew'
	@echo 'make kill         SIGKILL at hundreds of points, and a run after each'
	@echo 'make aws-test     deploy/aws/ against the specification of AWS (needs npm and the network)'
	@echo 'make s3-test      the bronze archive in a bucket of s3rver (needs npm and the network)'
	@echo 'make clickhouse   the tests of ClickHouse with the engine of today (needs npm and the network, 559 MB)'
	@echo 'make pages        the pages in Chromium: phone, keyboard, paper, accessibility (needs npm and the network)'
	@echo 'make week         a week of the timetable in a few minutes: outages, sleep, audits, memory'
	@echo 'make container-test  the image, built and run as in production (root, buildah, podman; ./task container)'
	@echo 'make docs         the manual as a site of HTML, in build/site (needs mkdocs and mkdocs-material)'
	@echo 'make fresh        demo and test on a bare Debian 12 (root, debootstrap)'
	@echo 'make hooks        before each commit: layers, style, shellcheck, the program builds'
	@echo 'make figures      how long files and functions are, what stands twice'
	@echo 'make format       clang-format all sources'
	@echo 'make install      into PREFIX=/usr/local; DESTDIR, bindir, datadir, docdir as usual; make uninstall'
	@echo
	@echo 'VARIANT=release|debug|san|tsan|coverage|fuzz chooses how things are built; CC=clang by whom.'

-include $(shell find $(BUILD) $(LINT) -name '*.d' 2>/dev/null)
