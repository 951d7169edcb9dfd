/*
 * Removes undated rows at the end of a full cycle. They belong to no window, so only a cycle that
 * has seen the exports of the whole history knows that the portal no longer shows one of them.
 */
#ifndef RUN_UNDATED_ROWS_H
#define RUN_UNDATED_ROWS_H

#include "base/error.h"
#include "load/destination.h"
#include "load/open_lines.h"
#include "load/plan.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stdint.h>

/* Removes the undated rows of the table that are not among `shown`, in a transaction of its own,
 * and again if the database fails for a while. A row that one of `lines`, the unread lines of the
 * cycle, may be is kept; `before` has what earlier runs kept for such lines. `period` is the days
 * that the cycle asked for, for the ledger. *changes counts the rows that were deleted and kept. */
bool undated_rows_remove(struct destination *dest, const struct run *run,
                         const struct report *report, struct period period,
                         const struct snapshot *shown, const struct open_lines *lines,
                         const struct doubts *before, struct change_counts *changes,
                         struct error *err);

/* Adds to the held rows the undated rows of the batch that earlier windows of a rehearsal showed. A
 * rehearsal rolls each window back, so an undated row that several exports show would count as new
 * in each of them; a real run finds it in the table from the second window on. */
void undated_rows_hold(const struct snapshot *earlier, const struct batch *batch,
                       struct snapshot *held);

#endif
