/*
 * One report's part of a run: its windows, what earlier runs left for it, and what has become of
 * its windows so far.
 *
 *     report_run_init                 the destination is set when the database is open
 *     report_run_start
 *       report_run_count_window       after each window
 *     report_run_end                  after the last window, or when the report is given up
 *     report_run_done
 */
#ifndef RUN_REPORT_RUN_H
#define RUN_REPORT_RUN_H

#include "load/doubts.h"
#include "load/habits.h"
#include "load/open_lines.h"
#include "model/report.h"
#include "run/schema_drift.h"
#include "run/summary.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INCIDENTS_MAX = 8 }; /* more are not counted */

/* The time in which work failed, from its beginning to its failure (clock_ms). */
struct incident {
    int64_t began_ms, ended_ms;
};

/* The failures in a row; zeroed: there was none. Failures at the same time count once: when the
 * portal cannot be reached, all windows that are being exported fail together, and that is one
 * incident. */
struct incidents {
    struct incident items[INCIDENTS_MAX];
    size_t count;
};

/* Counts a failure, unless it overlaps in time with one that was counted. A failure that begins at
 * the moment at which another one ends does not overlap with it. */
void incidents_add(struct incidents *incidents, struct incident failure);

/* Begins anew after a success. */
void incidents_reset(struct incidents *incidents);

struct report_run {
    struct schema_drift drift;
    const struct report *report;     /* the drift's, which may grow */
    struct grown_report prepared;    /* the report as the run began, for the threads that prepare */
    struct destination *destination; /* borrowed */
    struct destination *legacy_rows; /* borrowed; see window_load.h; or NULL */
    struct window_list windows;
    struct report_summary *summary; /* borrowed */
    struct snapshot undated;        /* the undated rows that the exports showed */
    struct habits habits;           /* of the portal, as earlier runs and windows showed them */
    struct doubts doubts;           /* that earlier runs left */
    struct open_lines open;         /* unread lines of the exports, if judges_undated */
    bool judges_undated;            /* its end removes the undated rows that no export showed */
    bool swept;                     /* it has removed them, */
    uint64_t swept_kept;            /* and so many of them stayed */
    bool ended;
    size_t seen;               /* windows that were loaded or failed */
    struct incidents failures; /* that the next window would likely meet again, in a row */
    int64_t started_ms;        /* clock_ms */
};

/* Sets up the part and its summary, and takes over `windows`. `profile` and `summary` are borrowed
 * until report_run_done; the report then grows in the part's own copy. */
void report_run_init(struct report_run *part, const struct report *profile,
                     struct window_list windows, bool judges_undated,
                     struct report_summary *summary);

/* Begins the part's time, the first time, and copies its report for the threads that prepare
 * windows: the report itself may grow while they work. */
void report_run_start(struct report_run *part);

/* Adds what became of a window to the summary. Where it was not loaded, `err` is the reason and
 * `work` the time in which it was prepared or loaded; a failure that the next window would likely
 * meet again is counted, and any other outcome ends the row of such failures. */
void report_run_count_window(struct report_run *part, const struct ledger_entry *entry,
                             const struct error *err, struct incident work);

/* Whether so many failures came in a row that the remaining windows are not tried. */
bool report_run_is_hopeless(const struct report_run *part);

/* How many windows were neither loaded nor failed yet. */
size_t report_run_windows_left(const struct report_run *part);

/* Ends the part once: removes the undated rows that no export showed, if the part judges them and
 * every window was loaded, and notes the time in the summary. A rehearsal removes nothing. What
 * fails is logged and is the summary's failure. */
void report_run_end(struct report_run *part, const struct run *run, bool is_rehearsal);

void report_run_done(struct report_run *part); /* accepts a zeroed one */

#endif
