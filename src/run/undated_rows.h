/*
 * The last act of a full cycle: undated rows belong to no window, so only when every export of the
 * history was seen can one be judged absent.
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

/* Removes the undated rows of the table that are not among `shown`, in a transaction of its own.
 * `lines` are those of the cycle that nobody could read, `before` has the rows that earlier cycles
 * have kept because of such lines. *changes tells how many were deleted and kept. */
bool undated_rows_remove(struct destination *dest, const struct run *run,
                         const struct report *report, struct period period,
                         const struct snapshot *shown, const struct open_lines *lines,
                         const struct doubts *before, struct change_counts *changes,
                         struct error *err);

#endif
