/*
 * What a run does between its opening and its end: all windows of all its reports.
 */
#ifndef RUN_WINDOW_LOOP_H
#define RUN_WINDOW_LOOP_H

#include "run/cycle_options.h"
#include "run/report_run.h"
#include "run/progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extractor;

/* All borrowed. */
struct window_loop {
    const struct run *run;
    const struct cycle_options *options;
    struct destination *destination;
    struct extractor *extractor;
    size_t workers;   /* so many windows are asked for at a time, each in a session of its own */
    int seconds;      /* see prepare.h */
    int64_t renew_ms; /* so often the lease is renewed while there is nothing to load */
    bool keep_files;  /* exports stay where they are */
    struct progress *progress;
    struct report_run *parts; /* their outcome is in their summaries */
    size_t part_count;
};

/* Prepares and loads every window; what becomes of one is logged, in the ledger and in its
 * report's summary. False only if the whole run must end: ERROR_STOPPED, ERROR_LOCKED if another
 * run has taken the lease, or ERROR_SYSTEM without a thread. */
bool window_loop_run(const struct window_loop *loop, struct error *err);

#endif
