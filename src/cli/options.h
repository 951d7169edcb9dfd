/*
 * The options that commands share, read by one parser so that they mean the same everywhere.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *profile;  /* --profile DIR; NULL: the built-in one */
    const char *env_file; /* --env-file FILE; NULL: .env if there is one */
    const char *report;   /* --report NAME */
    bool json;            /* --json */
    bool accept_shrink;   /* --accept-shrink */
    bool keep_files;      /* --keep-files */
    bool plan;            /* --plan */
    bool resume;          /* --resume */
    bool verify;          /* --verify */
    bool has_today;       /* --today DATE */
    int32_t today;
    struct day_range range; /* --from DATE, --to DATE */
    bool has_since;         /* --since DATE */
    int32_t since;
    const char *run;  /* --run ID */
    int64_t limit;    /* --limit N; 0: not given */
    char **arguments; /* what is no option; part of argv */
    int argument_count;
};

/* The text that explains these options, for the commands' help. */
#define OPTIONS_HELP                                                                               \
    "  --profile DIR     the portal and its reports, instead of the built-in profile\n"            \
    "  --env-file FILE   settings, instead of .env\n"                                              \
    "  --json            logs and the final table as JSON\n"                                       \
    "  --keep-files      leave the exported files in place and say where\n"

#define OPTIONS_CYCLE_HELP                                                                         \
    "  --from DATE       first day to load (yyyy-mm-dd or dd/mm/yyyy)\n"                           \
    "  --to DATE         last day to load\n"                                                       \
    "  --plan            show what would change, with a sample, and write no row\n"                \
    "  --resume          skip what runs since yesterday loaded that did not come to their end\n"   \
    "  --accept-shrink   apply what the guard holds, of one report between --from and --to\n"      \
    "  --today DATE      pretend that today is DATE\n" OPTIONS_HELP

/* Reads the options of the command argv[0]; ERROR_CONFIG names the option and what is wrong with
 * it, also where it means nothing to that command. Strings stay argv's. */
bool options_parse(int argc, char **argv, struct options *out, struct error *err);

#endif
