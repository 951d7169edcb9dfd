/*
 * Loads a prepared window into its table: the second half of a window's way, after
 * run/window_prepare.h.
 *
 *     compare with the rows that the table holds -> ask the guard -> write the difference
 *
 * The difference is written in one transaction; new columns are added in another one before it.
 */
#ifndef RUN_WINDOW_LOAD_H
#define RUN_WINDOW_LOAD_H

#include "base/error.h"
#include "layers/summaries.h"
#include "load/destination.h"
#include "load/doubts.h"
#include "load/habits.h"
#include "load/open_lines.h"
#include "load/plan.h"
#include "model/ledger.h"
#include "run/schema_drift.h"
#include "run/window_prepare.h"

#include <stdbool.h>

/* What stays the same for all windows of one report in one run; all borrowed. */
struct window_loader {
    const struct run *run;
    struct schema_drift *drift;
    const struct report *report; /* the drift's, which may grow */
    struct destination *destination;
    /* For a rehearsal beside a table that a load would adopt: the database whose rows the guard
     * counts, as it would in that load. Else NULL. */
    struct destination *legacy_rows;
    struct summaries *summaries; /* that follow what the windows change; or NULL */
    struct snapshot *undated;    /* gathers the undated rows that the exports show */
    const struct habits *known;  /* the portal's habits that the database has */
    struct habits now;           /* the portal's habits that the run knows */
    const struct doubts *doubts; /* that earlier runs left */
    struct open_lines *open;     /* gathers the lines that could not be read; or NULL */
    bool accept_shrink;          /* the guard is not asked */
    int32_t today;               /* day number: days before it are past */
    bool may_doubt;              /* a portal can be asked for doubtful days again */
    int32_t last_day;            /* the last day that any window of the report asks for */
    destination_row *sample;     /* not NULL: a rehearsal, whose changes are handed over */
    void *sample_arg;
    int64_t sample_max; /* at most so many changes of a window */
};

/*
 * Loads a window that was prepared, or records why it was not loaded. *entry is filled as far as
 * the window came, with its outcome and counts; its texts are empty afterwards.
 *
 * True: the window is in the table, and the entry is in the ledger as loaded. False: the rows are
 * as they were, the reason is in *err, and the entry is in the ledger if the database could still
 * take it. The entry says held for ERROR_HELD, refused for ERROR_DATA, failed for the rest; a
 * window that failed before, in prepared->error, fails with that error.
 *
 * If days of the window must be asked for again first (run/confirm.h), nothing is written and
 * nothing recorded: false, with prepared->doubted set and prepared->confirmed not.
 *
 * Columns that the report does not know are treated as its policy says (run/schema_drift.h). A
 * column that was added stays, even if the window fails after that.
 *
 * With a sample the window is written, its changes are handed over, and all of it is rolled back.
 * The counts are those of a real load; the ledger gets no entry.
 */
bool window_load(const struct window_loader *loader, struct prepared *prepared,
                 struct ledger_entry *entry, struct error *err);

#endif
