/*
 * Loads all windows of all reports of a run, as they become ready (run/pipeline.h).
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
struct keeper;

/* All borrowed. */
struct window_loop {
    const struct run *run;
    const struct cycle_options *options;
    struct destination *destination;
    struct summaries *summaries; /* see struct window_loader; NULL: there are none */
    struct extractor *extractor;
    size_t workers;   /* how many windows are prepared at a time, each in a session of its own */
    int seconds;      /* see struct preparer */
    int64_t renew_ms; /* how often the lease is renewed while no window is ready */
    bool keep_files;  /* exports are not removed */
    struct progress *progress;
    struct keeper *keeper;    /* keeps the exports; or NULL */
    struct report_run *parts; /* one a report, opened by open_destination */
    size_t part_count;
    bool more; /* the parts get more windows later: none of them ends yet */
};

/* Prepares and loads every window of the parts that was not loaded or tried yet, and ends them.
 * What becomes of a window is in the log, in the ledger and in its report's summary. False only if
 * the whole run must end: ERROR_STOPPED, ERROR_LOCKED if another run has taken the lease,
 * ERROR_SYSTEM if a thread cannot be started. */
bool window_loop_run(const struct window_loop *loop, struct error *err);

#endif
