/*
 * How a report's portal exports, learned from its files and kept in the table etl_habits. One
 * export cannot prove a habit; many can.
 */
#ifndef LOAD_HABITS_H
#define LOAD_HABITS_H

#include "base/error.h"
#include "load/destination.h"

#include <stdbool.h>

struct habits {
    bool includes_last_day; /* an export had rows of the last day that it was asked for */
    /* no export had, and two neighbouring windows disagreed about that day */
    bool leaves_out_last_day;
    bool ends_lines; /* files end with a line end */
    /* files end without a line end; if both are set, a missing line end proves nothing */
    bool leaves_lines_open;
    bool hand_ends_lines; /* files that a person downloaded and loads end with a line end */
};

/* Reads the habits of a report. *out is all false for a report that was never loaded. */
bool habits_read(struct destination *dest, const char *report, struct habits *out,
                 struct error *err);

/* Within a window's transaction: writes the habits that are set in `now` and not in `before`. */
bool habits_write(struct destination *dest, const struct run *run, const struct habits *before,
                  const struct habits *now, struct error *err);

#endif
