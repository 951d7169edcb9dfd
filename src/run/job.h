/*
 * One report's part of a run.
 */
#ifndef RUN_JOB_H
#define RUN_JOB_H

#include "model/report.h"
#include "run/drift.h"
#include "run/summary.h"
#include "run/windows.h"

#include <stdbool.h>

struct job {
    struct drift drift;
    const struct report *report;     /* drift's, which may grow */
    struct destination *destination; /* borrowed, as the next one */
    struct destination *strangers;   /* see window_load.h; or NULL */
    struct window_list windows;
    struct report_summary *summary; /* borrowed */
    bool undated_too;               /* a full cycle may find that an undated row is gone */
};

#endif
