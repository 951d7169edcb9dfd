/*
 * The comparison, made in C once for every database (pure: no I/O, no clock).
 *
 *   key in the batch, not in the snapshot          -> insert
 *   key in both, fingerprints differ               -> update
 *   key in both, fingerprints equal                -> same: nothing is written
 *   key in both, the held row on another day       -> delete it there, insert: the day is part of the
 *                                                     key, so somebody changed it
 *   key in the snapshot, not in the batch          -> delete, if the window is complete and no line
 *                                                     that could not be read may be that row
 *
 * A row goes only because the portal no longer shows it. Where the batch has lines that could not be read,
 * a row that is missing stays
 *   - if the key that a line may have had is its own: for as long as the line is there;
 *   - if a line of which that is not known is there for the first time: any missing row may be it, and all
 *     stay, from then on for as long as that line is there (load/doubts.h).
 *
 * An undated row is never deleted here: it belongs to no window, and only a full cycle may judge it
 * absent (run/cycle.c).
 */
#ifndef LOAD_RECONCILE_H
#define LOAD_RECONCILE_H

#include "load/plan.h"
#include "model/batch.h"
#include "model/window.h"

/*
 * Decides every row of the batch and every held row. `covered` tells for each owned day, from
 * window.own_first on, whether it had been loaded before: an insert on such a day, or of an undated
 * row where any day is covered, is a change of the past and goes into the change log. NULL: no day
 * was. `before` are the doubts that earlier loads of these days have left, `run` is the id of this one.
 */
void reconcile(const struct batch *batch, const struct snapshot *snapshot, struct window window,
               const bool *covered, const struct doubts *before, const char *run, struct plan *out);

/* For the end of a full cycle whose windows were all loaded: every undated held row whose key is
 * not among `shown` (the undated rows of all its exports) is deleted, unless one of the lines that are open
 * after the cycle's windows may be it. `before` has those lines, and the undated rows that were kept. */
void reconcile_undated(const struct snapshot *held, const struct snapshot *shown,
                       const struct doubts *before, const char *run, struct plan *out);

#endif
