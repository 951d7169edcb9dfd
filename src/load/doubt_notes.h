/*
 * The doubts of a report in its database: tables etl_unread_lines and etl_kept_rows.
 *
 * A line counts as open for as long as each load of its days shows it. If one did not, it is
 * forgotten: should it come again, it comes for the first time.
 */
#ifndef LOAD_DOUBT_NOTES_H
#define LOAD_DOUBT_NOTES_H

#include "base/error.h"
#include "load/destination.h"
#include "load/doubts.h"

#include <stdbool.h>

/* Reads what is open. *out is the caller's; it must be empty. */
bool doubt_notes_read(struct destination *dest, const char *report, struct doubts *out,
                      struct error *err);

/* Within a window's transaction: notes the plan's doubts in place of those that `before` has of the
 * window's days, or of rows without a date where `undated`. Writes nothing where they are the same.
 */
bool doubt_notes_write(struct destination *dest, const struct run *run, struct window window,
                       bool undated, const struct doubts *before, const struct doubts *now,
                       struct error *err);

#endif
