/*
 * The comparison, made in C once for every database (pure: no I/O, no clock).
 *
 *   key in the batch, not in the snapshot          -> insert
 *   key in both, fingerprints differ               -> update
 *   key in both, fingerprints equal                -> same: nothing is written
 *   key in both, the stored row on another day     -> delete it there, insert: somebody changed it,
 *                                                     for the day is part of the key
 *   key in the snapshot, not in the batch          -> delete, if the window is complete and no line
 *                                                     that could not be read may be that row
 *
 * A row goes only because the portal no longer shows it. Where the batch has lines that could not
 * be read, a row that is missing stays
 *   - if a key that a line may have had is its own: for as long as the line is there;
 *   - if a line of which that is not known may be it by what is left of its key
 *     (load/resemble.h) and comes for the first time: from then on for as long as that line is
 *     there (load/doubts.h).
 *
 * An undated row is never deleted here: it belongs to no window, and only a full cycle may judge it
 * absent (run/cycle.c).
 */
#ifndef LOAD_RECONCILE_H
#define LOAD_RECONCILE_H

#include "load/open_lines.h"
#include "load/plan.h"
#include "load/resemble.h"
#include "model/batch.h"
#include "model/window.h"

/* What is compared; all borrowed. */
struct comparison {
    const struct batch *batch;
    const struct snapshot *snapshot;
    struct window window;
    /* For each owned day, from window.own_first on, whether it had been loaded before: an insert on
     * such a day, or of an undated row where any day is, is a change of the past and goes into the
     * change log. NULL: no day was. */
    const bool *covered;
    const struct doubts *before; /* that earlier loads of these days have left; or NULL */
    const struct row_keys
        *keys;       /* of rows that may be missing; NULL: any line may be any of them */
    const char *run; /* the id of this one */
};

/* Decides every row of the batch and every held row. */
void reconcile(const struct comparison *what, struct plan *out);

/* For the end of a full cycle whose windows were all loaded: every undated held row whose key is
 * not among `shown` (the undated rows of all its exports) is deleted, unless one of the lines that
 * the cycle could not read may be it. `before` and `keys` as above. */
void reconcile_undated(const struct snapshot *held, const struct snapshot *shown,
                       const struct open_lines *lines, const struct doubts *before,
                       const struct row_keys *keys, const char *run, struct plan *out);

#endif
