/*
 * The comparison, made in C once for every database (pure: no I/O, no clock).
 *
 *   key in the batch, not in the snapshot          -> insert
 *   key in both, fingerprints differ               -> update
 *   key in both, fingerprints equal                -> same: nothing is written
 *   key in the snapshot, not in the batch          -> delete, if the window is complete
 *   key in both, the held row stands elsewhere     -> delete there, insert: the day is part of the
 *                                                     key, so somebody changed its date
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
 * was.
 */
void reconcile(const struct batch *batch, const struct snapshot *snapshot, struct window window,
               const bool *covered, struct plan *out);

/* For the end of a full cycle whose windows were all loaded: every undated held row whose key is
 * not among `shown` (the undated rows of all its exports) is deleted. */
void reconcile_undated(const struct snapshot *held, const struct snapshot *shown, struct plan *out);

#endif
