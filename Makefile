# The one build. `make` builds the program and the simulator; `make help` lists the rest.
VARIANT ?= release
CC      ?= gcc
BUILD   := build/$(VARIANT)

LIBS     := -ljansson -lyaml -lsqlite3 -lcrypto -lunistring -lxxhash
SIM_LIBS := -lmicrohttpd -lunistring -lcrypto

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wformat=2 -Wundef -Werror
HARDEN := -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2

OPT_release  := -O2 -g $(HARDEN)
OPT_debug    := -Og -g3
OPT_san      := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_coverage := -O0 -g --coverage
OPT_fuzz     := -O1 -g -fsanitize=fuzzer-no-link,address,undefined
LINK_release := -pie -Wl,-z,relro,-z,now
LINK_fuzz    := -fsanitize=fuzzer,address,undefined
ifeq ($(VARIANT),fuzz)
CC := clang
endif
ifeq ($(OPT_$(VARIANT)),)
$(error VARIANT=$(VARIANT) is unknown: use release, debug, san, coverage or fuzz)
endif

CFLAGS  += -std=c17 -D_GNU_SOURCE -Isrc -I. -MMD -MP $(WARN) $(OPT_$(VARIANT))
LDFLAGS += $(LINK_$(VARIANT))
ifneq ($(VARIANT),fuzz)
LDFLAGS += $(filter -fsanitize% --coverage,$(OPT_$(VARIANT)))
endif

objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))

PROFILES  := $(sort $(wildcard profiles/sigos/*.yaml))
LIB_SRC   := $(sort $(wildcard src/*/*.c)) src/config/builtin.S
SIM_SRC   := $(sort $(wildcard simulator/*.c))
UNIT_SRC  := $(sort $(wildcard tests/unit/test_*.c))
BASE_OBJ  := $(call objects,$(wildcard src/base/*.c))
LIB_OBJ   := $(call objects,$(LIB_SRC))
SIM_OBJ   := $(call objects,$(SIM_SRC))
SUPPORT   := $(call objects,$(sort $(wildcard tests/support/*.c)))
UNIT      := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SRC))

.PHONY: all
all: $(BUILD)/etl-sigos $(BUILD)/sigos-sim

$(BUILD)/etl-sigos: $(call objects,src/main.c) $(LIB_OBJ)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/sigos-sim: $(SIM_OBJ) $(BASE_OBJ)
	$(CC) $(LDFLAGS) -o $@ $^ $(SIM_LIBS)

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(SUPPORT) $(LIB_OBJ) $(filter-out %/main.o,$(SIM_OBJ))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(SIM_LIBS) -lcmocka

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

# The profile is part of the program: an analyst's machine needs one file.
$(BUILD)/src/config/builtin.o: src/config/builtin.S $(PROFILES)
	@mkdir -p $(@D)
	$(CC) -I. -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
