/*
 * Finds days of a window that an export may have lost, and asks the portal for them once more.
 *
 * A file that was cut where a row ends looks whole. Usually the next window shows the cut, because
 * both ask for the same day (run/window_overlap.h). But the last window has no next one, a common
 * day without rows shows nothing, and days in the middle of a window may be lost too. So where an
 * export would delete rows in a way that a failing portal would, these doubtful days are asked for
 * once more, in an export of their own. What both exports show is believed.
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

/* A window that was compared with the table and is about to be written; all borrowed. */
struct confirm_view {
    const struct batch *batch;
    const struct plan *plan;
    const struct snapshot *held;
    struct window window;
    bool is_last;  /* it is the last window of the report in this run */
    int32_t today; /* day number: days before it are past */
    const struct limits *limits;
};

/*
 * Finds the doubtful days of a window (pure). "Gone" are rows that the plan would delete. A day is
 * doubtful if
 *   - rows of it are gone and the export has none of that day;
 *   - rows of it are gone, it is the last day of which the export has rows, and no other export
 *     confirms the window's end: it is the last window, or its export has no row of the last day
 *     that was asked for;
 *   - rows of it are gone and it is one of the last limits->confirm_days days of the last window;
 *   - it is such a day of the last window, is past, and the export has less than
 *     limits->min_day_ratio of the rows that its weekday had on average in the weeks before, where
 *     that average is limits->min_day_rows or more. For each of these days the table or this export
 *     counts, whichever has more rows.
 * False if no day is doubtful, or if limits->confirm_days is 0.
 */
bool confirm_find(const struct confirm_view *view, struct doubtful_days *out);

/*
 * Asks for the doubtful days of a window (prepared->doubtful), together with a day before them that
 * has rows, and then for the last of the empty days alone.
 *
 * If these exports show the same rows, the window is prepared->confirmed. If not, one of them was
 * cut, and all days of the window are asked for again, once (prepared->replaced). The new export is
 * not confirmed, because it may have doubtful days of its own; if these cannot be confirmed either,
 * the window fails as ERROR_HELD, naming days, rows and the reason. If asking fails, the window
 * fails with that error. All errors are left in prepared->error.
 */
void confirm_window(const struct preparer *preparer, struct prepared *prepared);

#endif
