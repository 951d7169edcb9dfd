/*
 * One report's part of a run.
 */
#ifndef RUN_REPORT_RUN_H
#define RUN_REPORT_RUN_H

#include "load/doubts.h"
#include "load/habits.h"
#include "load/open_lines.h"
#include "model/report.h"
#include "run/schema_drift.h"
#include "run/incidents.h"
#include "run/summary.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct report_run {
    struct schema_drift drift;
    const struct report *report;  /* drift's, which may grow */
    struct grown_report prepared; /* as it was when the run began, for the threads that prepare */
    struct destination *destination; /* borrowed, as the next one */
    struct destination *legacy_rows; /* see window_load.h; or NULL */
    struct window_list windows;
    struct report_summary *summary; /* borrowed */
    struct snapshot undated;        /* that the exports showed */
    struct habits habits;   /* of the portal, as earlier runs and windows have learned them */
    struct doubts doubts;   /* that earlier runs have left */
    struct open_lines open; /* lines that nobody could read, of a cycle that judges undated rows */
    bool undated_too;       /* a full cycle may find that an undated row is gone */
    bool begun, ended;
    size_t seen;               /* windows, whatever became of them */
    struct incidents failures; /* lasting ones, one after the other */
    int64_t started_ms;
};

void report_run_done(struct report_run *part); /* accepts a zeroed one */

#endif
