/*
 * How a report's portal exports, learned from its files and kept in the table etl_habits: what one
 * export cannot prove, many can.
 */
#ifndef LOAD_HABITS_H
#define LOAD_HABITS_H

#include "base/error.h"
#include "load/destination.h"

#include <stdbool.h>

struct habits {
    bool includes_last_day;   /* some export held rows of the last day that it was asked for */
    bool leaves_out_last_day; /* none did, and two neighbours disagreed about it */
    bool ends_lines;          /* files end with a line end */
    bool leaves_lines_open;   /* files end without one; both: it tells nothing */
    bool hand_ends_lines;     /* those that people load by hand do */
};

/* *out is what is known; nothing, for a report that was never loaded. */
bool habits_read(struct destination *dest, const char *report, struct habits *out,
                 struct error *err);

/* Within a window's transaction: notes what `now` has and `before` has not. */
bool habits_write(struct destination *dest, const struct run *run, const struct habits *before,
                  const struct habits *now, struct error *err);

#endif
