/*
 * The end of a window that nobody else can vouch for.
 *
 * A file that was cut where a row ends looks whole. The next window shows it, for it asks for the
 * same day (run/window_overlap.h); but the last window has no next one, a day without rows vouches
 * for nothing, nor does one that the portal leaves out, and days in the middle of a window may be
 * lost too. So where an export would make the table lose rows in a way that a failing portal would,
 * its days are asked for once more, in an export of their own: what both show is believed.
 */
#ifndef RUN_CONFIRM_H
#define RUN_CONFIRM_H

#include "load/plan.h"
#include "model/batch.h"
#include "model/report.h"
#include "model/window.h"
#include "run/window_prepare.h"

#include <stdbool.h>
#include <stdint.h>

/* A window that is about to be written; all borrowed. */
struct confirm_view {
    const struct batch *batch;
    const struct plan *plan;
    const struct snapshot *held;
    struct window window;
    bool is_last;  /* no later window of the report was asked for */
    int32_t today; /* days before it are past */
    const struct limits *limits;
};

/*
 * Finds the days that have to be asked for again (pure). Doubtful are
 *   - a day of which the table holds rows and the export none;
 *   - the last day of which the export has rows, if rows of it are gone and nothing vouches for
 *     the window's end: it is the last one, or the export has no row of the last day that was
 *     asked for;
 *   - in the last window, of its last limits->confirm_days days, one from which rows are gone;
 *   - a past day with less than limits->min_day_ratio of the rows that its weekday has had in
 *     the weeks before, where those are limits->min_day_rows or more: by the table or this
 *     export, whichever has more.
 * False: there is none, or limits->confirm_days is 0.
 */
bool confirm_find(const struct confirm_view *view, struct doubtful_days *out);

/*
 * Asks for the doubtful days of a window, together with a day before them that has rows, and then
 * for the last of those that came empty alone: an export that always breaks off at the same row
 * does so before it. If these exports show the same rows, the window is prepared->confirmed. If
 * not, one of them was cut: the window is asked for again, once, and is not confirmed, because the
 * new export may have doubtful days of its own. What then disagrees ends as ERROR_HELD, naming
 * days, rows and the reason; what fails ends with that failure.
 */
void confirm_window(const struct preparer *preparer, struct prepared *prepared);

#endif
