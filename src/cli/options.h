/*
 * Reads the options of a command line: one parser for all commands, so that an option means the
 * same everywhere.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *profile;    /* --profile DIR; NULL: the built-in one */
    const char *env_file;   /* --env-file FILE; NULL: .env if there is one */
    const char *report;     /* --report NAME */
    bool json;              /* --json */
    bool accept_shrink;     /* --accept-shrink */
    bool keep_files;        /* --keep-files */
    bool plan;              /* --plan */
    bool resume;            /* --resume */
    bool share;             /* --share[=NAME] */
    const char *share_name; /* NULL: no NAME */
    bool verify;            /* --verify */
    bool offline;           /* --offline */
    bool compact;           /* --compact */
    bool refresh;           /* --refresh */
    bool drop;              /* --drop */
    bool print;             /* --print */
    bool bronze;            /* --bronze */
    const char *address;    /* --address HOST:PORT */
    const char *out;        /* --out FILE */
    bool allow_run;         /* --allow-run */
    bool allow_accept;      /* --allow-accept */
    bool hash_password;     /* --hash-password */
    bool has_today;         /* --today DATE */
    int32_t today;
    struct day_range range;        /* --from DATE, --to DATE */
    const char *from_url, *to_url; /* the same of `copy`: databases */
    bool has_since;                /* --since DATE */
    int32_t since;
    const char *run;  /* --run ID */
    int64_t limit;    /* --limit N; 0: not given */
    int64_t next;     /* --next N; 0: not given */
    char **arguments; /* the words that are no options; part of argv */
    int argument_count;
};

/* The help text of the options of all commands that load. */
#define OPTIONS_HELP                                                                               \
    "  --profile DIR     read the portal and its reports from DIR, not the built-in profile\n"     \
    "  --env-file FILE   read the settings from FILE, not from .env\n"                             \
    "  --json            print the log and the final table as JSON\n"

/* The same, of those that export. */
#define OPTIONS_EXPORT_HELP                                                                        \
    "  --keep-files      do not remove the exported files, and log where they are\n" OPTIONS_HELP

/* The help text of the options of one cycle. */
#define OPTIONS_CYCLE_HELP                                                                         \
    "  --from DATE       first day to load (yyyy-mm-dd or dd/mm/yyyy)\n"                           \
    "  --to DATE         last day to load\n"                                                       \
    "  --plan            show what would change, with a sample, and write nothing\n"               \
    "  --resume          skip the windows that interrupted runs loaded since yesterday\n"          \
    "  --accept-shrink   load what the guard holds, of one report from --from to --to\n"           \
    "  --today DATE      take DATE for today\n" OPTIONS_EXPORT_HELP

#define OPTIONS_SHARE_HELP                                                                         \
    "  --share[=NAME]    share the cycle NAME with all processes that are started so, on this\n"   \
    "                    machine or others: each loads some windows; without NAME: of today\n"

/* Reads the options of the command argv[0]. All strings are argv's. ERROR_CONFIG names the option
 * and what is wrong with it; also if the command does not take it. */
bool options_parse(int argc, char **argv, struct options *out, struct error *err);

#endif
