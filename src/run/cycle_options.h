/*
 * What a run was asked for, and its limits.
 */
#ifndef RUN_CYCLE_OPTIONS_H
#define RUN_CYCLE_OPTIONS_H

#include "load/destination_ops.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stdint.h>

enum { CYCLE_FAILURES_MAX = 2, CYCLE_SAMPLE_MAX = 10 };

struct cycle_options {
    enum cycle_mode mode;
    int32_t today;          /* in the portal's time zone */
    struct day_range range; /* --from, --to */
    bool some_reports;      /* and not all of the profile */
    bool accept_shrink;
    bool verify; /* compare with what stands in the table, not with its fingerprints */
    bool keep_files;
    bool resume; /* skip windows that runs since yesterday loaded and that did not come to their end
                  */
    bool live;   /* show a progress line */
    /* Show what would change and write nothing: rows in the form of history_changes go to `sample`,
     * at most CYCLE_SAMPLE_MAX a window. NULL: load. */
    destination_row *sample;
    void *sample_arg;
};

#endif
