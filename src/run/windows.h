/*
 * The plan of a cycle: which windows are asked for, and which days each of them owns (pure).
 */
#ifndef RUN_WINDOWS_H
#define RUN_WINDOWS_H

#include "base/error.h"
#include "model/batch.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cycle_mode { MODE_INCREMENTAL, MODE_FULL };

const char *cycle_mode_name(enum cycle_mode mode);

struct window_list {
    struct window *items; /* in date order */
    size_t count;
    struct period period; /* from the first day asked for to the last */
};

void window_list_done(struct window_list *list); /* accepts a zeroed one */

/* The days that were asked for instead of the rule's: inclusive, either may be missing. */
struct day_range {
    bool has_first, has_last;
    int32_t first, last;
};

/*
 * The windows of a cycle on the day `today`. A full cycle begins with the history, an incremental
 * one looks rule->incremental_days back, both end at today + rule->end_offset, the last day that is
 * ever asked for; `range` replaces the first and last day of interest. Neighbours share a day,
 * owned by the later one. Nothing before rule->begin is asked for. ERROR_CONFIG if no day is left.
 *
 * Which days the last window owns (a portal may leave out the last day that it is asked for):
 *   a day of interest before the last that may be asked for   one more is asked for, not owned
 *   the last that may be asked for                            owned if the export has it
 *   end_offset > 0: the profile says that the end is left out the day before
 */
bool windows_plan(const struct window_rule *rule, enum cycle_mode mode, int32_t today,
                  struct day_range range, struct window_list *out, struct error *err);

/* Settles who owns the last day of a window whose end is open: the window, if its export has rows
 * of that day or the portal is known to include it. */
struct window window_close_end(struct window window, const struct batch *batch, bool inclusive);

/* The window that owns the days from the first to the last row's; no day where no row has a date.
 */
struct window window_narrow(struct window window, const struct batch *batch);

#endif
