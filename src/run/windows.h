/*
 * Plans the windows of a cycle: which days each of them asks for, and which days it owns (pure).
 * All days are day numbers, all ranges are inclusive.
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
    struct period period; /* from the first day that is asked for to the last */
};

void window_list_done(struct window_list *list); /* accepts a zeroed one */

/* The first and the last day of interest, which replace those of the rule; each may be missing. */
struct day_range {
    bool has_first, has_last;
    int32_t first, last;
};

/*
 * Plans the windows of a cycle on the day `today`. A full cycle begins at rule->begin, the first
 * day of the history, an incremental one rule->incremental_days before the end. Both end at today +
 * rule->end_offset, the last day that is ever asked for. `range` replaces the first and the last
 * day of interest. Nothing before rule->begin is asked for. Neighbours share a day, which the later
 * one owns. *out is the caller's (window_list_done). ERROR_CONFIG if no day is left.
 *
 * A portal may leave out the last day that it is asked for, so the end of the last window depends
 * on its last day of interest:
 *   a day before the last that may be asked for     it is owned; one day more is asked for
 *   the last day that may be asked for              it is owned if the export has it
 *   end_offset > 0 (the portal leaves it out)       the day before the last one asked for is owned
 */
bool windows_plan(const struct window_rule *rule, enum cycle_mode mode, int32_t today,
                  struct day_range range, struct window_list *out, struct error *err);

/* Returns the window with its end settled: a window whose end is open owns its last day if its
 * export has rows of that day, or if the portal is known to include it. */
struct window window_close_end(struct window window, const struct batch *batch, bool inclusive);

/* Returns the window cut to the days from its first to its last dated row; else to no day. */
struct window window_narrow(struct window window, const struct batch *batch);

#endif
