/*
 * The options of a run, as the command line gives them, and its limits.
 */
#ifndef RUN_CYCLE_OPTIONS_H
#define RUN_CYCLE_OPTIONS_H

#include "load/destination_ops.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CYCLE_FAILURES_MAX = 2, /* failures in a row that end a report */
    CYCLE_SAMPLE_MAX = 10,  /* changes of a window that a rehearsal shows */
};

struct cycle_options {
    enum cycle_mode mode;
    int32_t today;          /* day number, in the portal's time zone */
    struct day_range range; /* --from, --to */
    bool some_reports;      /* not all reports of the profile */
    bool accept_shrink;     /* do not ask the guard */
    bool verify;            /* compare with the cells in the table, not with their fingerprints */
    bool keep_files;
    bool resume;       /* skip windows that interrupted runs loaded since yesterday */
    const char *share; /* the name of the cycle that is shared (run/share.h); or NULL */
    bool live;         /* show a progress line */
    /* Not NULL: a rehearsal, which writes nothing. Gets what would change, at most CYCLE_SAMPLE_MAX
     * rows a window, in the form of history_changes. */
    destination_row *sample;
    void *sample_arg;
};

#endif
