/*
 * Reads and writes the doubts of a report (load/doubts.h) in the tables etl_unread_lines and
 * etl_kept_rows.
 *
 * A line is open for as long as each load of its days shows it. If a load does not, the line is
 * forgotten; if it comes again, it counts as new.
 */
#ifndef LOAD_DOUBT_NOTES_H
#define LOAD_DOUBT_NOTES_H

#include "base/error.h"
#include "load/destination.h"
#include "load/doubts.h"

#include <stdbool.h>

/* Reads the open lines and the kept rows of a report. *out must be empty; the caller ends it with
 * doubts_done. */
bool doubt_notes_read(struct destination *dest, const char *report, struct doubts *out,
                      struct error *err);

/* Within a window's transaction: notes the doubts `now` in place of those that `before` has of the
 * window's days and, with `undated`, of rows without a date. Writes nothing where they are the
 * same. */
bool doubt_notes_write(struct destination *dest, const struct run *run, bool undated,
                       const struct doubts *before, const struct doubts *now, struct error *err);

#endif
