/*
 * What became of a run: one line a report, and the exit code that says it to machines.
 */
#ifndef RUN_SUMMARY_H
#define RUN_SUMMARY_H

#include "base/error.h"
#include "model/ledger.h"

#include <stdbool.h>
#include <stddef.h>

struct report_summary {
    const char *report;
    size_t windows; /* planned */
    size_t loaded, held, refused, failed;
    size_t resumed; /* loaded by an earlier run and skipped; no part of `windows` */
    struct batch_counts rows;
    struct change_counts changes;
    double seconds;
    char **columns; /* new in the exports: added by this run; owned, like no other text here */
    size_t column_count;
    struct error failure; /* the first, of a window or of the report itself */
    struct error hold;    /* the first reason of the guard */
};

struct summary {
    char run_id[RUN_ID_SIZE];
    struct report_summary *reports;
    size_t report_count;
    bool rehearsal; /* nothing was written: columns are those that a run would add */
    double seconds;
    struct error error; /* that ended the run early; ERROR_NONE otherwise */
};

void summary_done(struct summary *summary); /* accepts a zeroed one */

/* Adds the outcome of a window to its report's line. */
void summary_add(struct report_summary *report, const struct ledger_entry *entry,
                 const struct error *err);

/* Adds a new column to its report's line; false if it is there already. The name is copied. */
bool summary_note_column(struct report_summary *report, const char *name);

/* Whether its windows were loaded and none of them held any record: what a portal gives that has
 * lost its data, or the right to see them. */
bool summary_is_empty(const struct report_summary *report);

/* The worst outcome of the run. */
int summary_exit_code(const struct summary *summary);

#endif
