/*
 * What a run does between its opening and its end: all windows of all its reports.
 */
#ifndef RUN_REPORT_RUN_H
#define RUN_REPORT_RUN_H

#include "run/cycle_options.h"
#include "run/job.h"
#include "run/progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extractor;

/* All borrowed. */
struct jobs_work {
    const struct run *run;
    const struct cycle_options *options;
    struct destination *destination;
    struct extractor *extractor;
    size_t workers;   /* so many windows are asked for at a time, each in a session of its own */
    int seconds;      /* see prepare.h */
    int64_t renew_ms; /* so often the lease is renewed while there is nothing to load */
    bool keep_files;  /* exports stay where they are */
    struct progress *progress;
    struct job *jobs; /* their outcome is in their summaries */
    size_t job_count;
};

/* Prepares and loads every window; what becomes of one is logged, in the ledger and in its
 * report's summary. False only if the whole run must end: ERROR_STOPPED, ERROR_LOCKED if another
 * run has taken the lease, or ERROR_SYSTEM without a thread. */
bool jobs_run(const struct jobs_work *work, struct error *err);

#endif
