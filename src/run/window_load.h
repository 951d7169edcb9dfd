/*
 * The second half of a window: what its export brought is compared with the table, guarded and
 * written.
 */
#ifndef RUN_WINDOW_LOAD_H
#define RUN_WINDOW_LOAD_H

#include "base/error.h"
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
    const struct report *report; /* drift's, which may grow */
    struct destination *destination;
    /* Not NULL for a rehearsal beside a table that a load would adopt: where its rows are counted,
     * so that the guard judges them as it would then. */
    struct destination *legacy_rows;
    struct snapshot *undated;    /* gathers the undated rows that the exports show */
    const struct habits *known;  /* of the portal, as the database has them, */
    struct habits now;           /* and as they are */
    const struct doubts *doubts; /* that earlier runs have left */
    struct open_lines *open;     /* gathers the lines that nobody could read; or NULL */
    bool accept_shrink;          /* the guard is overruled */
    int32_t today;               /* days before it are past */
    bool may_doubt;              /* somebody can be asked for doubtful days again */
    int32_t last_day;            /* that was asked for of the report, by any window */
    destination_row *sample;     /* not NULL: write nothing, hand over up to sample_max changes */
    void *sample_arg;
    int64_t sample_max;
};

/*
 * Loads a window that was prepared, or records why it could not be. *entry is filled as far as the
 * window came, with its outcome and numbers (its texts are empty afterwards): on true it is in the
 * ledger as loaded; on false the rows are as they were, the reason is in err, and the entry (held,
 * refused or failed) is in the ledger if the database could still take it.
 *
 * Columns that the report does not know are dealt with as its policy says (run/schema_drift.h). One
 * that was added stays, even if the window fails after that.
 *
 * Where it has days that must be asked for again first (run/confirm.h), nothing is written or
 * recorded: false, with prepared->doubted set.
 *
 * Where a sample is wished for, the window is written, its changes are read back, and all of it is
 * rolled back: the numbers are those of the real thing, and the ledger knows nothing of it.
 */
bool window_load(const struct window_loader *loader, struct prepared *prepared,
                 struct ledger_entry *entry, struct error *err);

#endif
