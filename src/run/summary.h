/*
 * Adds up what became of the windows of a run, report by report, and chooses its exit code
 * (exit_code.h).
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
    size_t shared;  /* loaded by other runs that share the cycle; no part of `windows` */
    struct batch_counts rows;
    struct change_counts changes;
    double seconds;
    char **columns; /* names of the new columns that this run added; owned, the other text is not */
    size_t column_count;
    size_t not_kept;      /* exports that were loaded and that the bronze archive lacks */
    struct error failure; /* the first failure, of a window or of the end of the report */
    struct error hold;    /* why the first held window was held */
};

struct summary {
    char run_id[RUN_ID_SIZE];
    struct report_summary *reports;
    size_t report_count;
    bool rehearsal; /* nothing was written: `columns` are those that a run would add */
    double seconds;
    size_t not_sent;    /* exports that the bronze archive has and its bucket lacks */
    struct error error; /* what ended the run early; or ERROR_NONE */
};

void summary_done(struct summary *summary); /* accepts a zeroed one */

/* Adds the outcome of a window to its report. `err` is the reason if it was not loaded. */
void summary_add(struct report_summary *report, const struct ledger_entry *entry,
                 const struct error *err);

/* Adds what another run did for the same report, but not its number of windows. */
void summary_merge(struct report_summary *report, const struct report_summary *other);

/* Adds a new column to its report; false if it is there already. The name is copied. */
bool summary_note_column(struct report_summary *report, const char *name);

/* Whether windows of the report were loaded and no export had a record. A portal that has lost its
 * data, or a user who has lost the right to see them, gives such exports. */
bool summary_is_empty(const struct report_summary *report);

/* Returns the exit code of the run, by its worst outcome. */
int summary_exit_code(const struct summary *summary);

#endif
