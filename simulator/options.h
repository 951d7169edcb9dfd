/*
 * Reads the command line by one table of flags; each belongs to some of the subcommands.
 */
#ifndef SIMULATOR_OPTIONS_H
#define SIMULATOR_OPTIONS_H

#include "base/error.h"
#include "simulator/fault.h"
#include "simulator/history.h"
#include "simulator/variant.h"

enum options_command {
    OPTIONS_SERVE = 1,
    OPTIONS_TRUTH = 2,
    OPTIONS_EXPORT = 4,
    OPTIONS_HELP = 8,
    OPTIONS_VERSION = 16,
};

struct sim_options {
    enum options_command command;
    struct history history;
    uint16_t port;
    struct variant variant;
    struct fault_table faults;
    enum report_kind report;
    int32_t from, to;
};

/* Reads flags, written as `--name value` or `--name=value`. `today` is the default of --today.
 * ERROR_CONFIG names the argument that is wrong. */
bool sim_options_parse(struct sim_options *out, int argc, char **argv, int32_t today,
                       struct error *err);

extern const char sim_options_help[], sim_options_help_faults[]; /* options_help.c */

#endif
