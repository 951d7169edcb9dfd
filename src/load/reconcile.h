/*
 * Compares the clean rows of a window with the rows of the table, the same for every database
 * (pure: no I/O, no clock).
 *
 *   key in the batch, not in the snapshot          -> insert
 *   key in both, fingerprints differ               -> update
 *   key in both, fingerprints equal                -> same: nothing is written
 *   key in both, the stored row on another day     -> delete and insert: the day is part of the
 *                                                     key, so a person or a trigger changed it
 *   key in the snapshot, not in the batch          -> delete, if the window is complete and no line
 *                                                     that could not be read may be that row
 *
 * A row is deleted only because the portal no longer shows it. Where the batch has lines that could
 * not be read, a missing row stays in two cases:
 *   - A line may have had the key of the row. The row stays for as long as that line is there.
 *   - A line whose key is unknown may be the row, by what is left of its key (load/resemble.h), and
 *     the line comes for the first time. The row then stays for as long as a line that the same run
 *     met first is there and may be it (load/doubts.h).
 *
 * An undated row is never deleted by reconcile: it belongs to no window. Only reconcile_undated, at
 * the end of a full cycle, deletes undated rows (run/undated_rows.c).
 */
#ifndef LOAD_RECONCILE_H
#define LOAD_RECONCILE_H

#include "load/open_lines.h"
#include "load/plan.h"
#include "load/resemble.h"
#include "model/batch.h"
#include "model/window.h"

/* The input of a comparison; all borrowed. */
struct comparison {
    const struct batch *batch;
    const struct snapshot *snapshot;
    struct window window;
    /* One flag for each owned day, from window.own_first on: whether the day was loaded before.
     * NULL: none was. An insert on such a day is a change of the past and is logged; so is the
     * insert of an undated row if any owned day was loaded before. */
    const bool *covered;
    const struct doubts *before; /* what earlier loads of these days noted; or NULL */
    /* Key values of the rows that may be missing; NULL: any line may be any row. */
    const struct row_keys *keys;
    const char *run; /* the id of this run */
};

/* Decides every row of the batch and every stored row. The caller ends *out with plan_done. */
void reconcile(const struct comparison *input, struct plan *out);

/* Decides the undated rows at the end of a full cycle whose windows were all loaded. `shown` are
 * the undated rows of all its exports. A stored undated row whose key is not among them is deleted,
 * unless one of `lines`, which the cycle could not read, may be it. `before`, `keys` and `run` are
 * as in struct comparison. */
void reconcile_undated(const struct snapshot *held, const struct snapshot *shown,
                       const struct open_lines *lines, const struct doubts *before,
                       const struct row_keys *keys, const char *run, struct plan *out);

#endif
