/*
 * Shows the progress of a run: one line that is rewritten in place on a terminal, nothing
 * elsewhere.
 *
 *     general_reports  window 12/58  2023-02-24..2023-03-26  23104 rows  8200 rows/s  9 s left
 */
#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool live; /* standard error is a terminal, and logs are text */
    const char *report;
    size_t total, done; /* windows of the report: all, and those that are over */
    uint64_t rows;      /* read from the windows that are over */
    int64_t started_ms; /* clock_ms */
};

void progress_init(struct progress *progress, bool live);
void progress_done(struct progress *progress); /* clears the line */

/* Begins to count the windows of a report, whose name is borrowed. */
void progress_start_report(struct progress *progress, const char *report, size_t windows);

/* Shows the window that is about to be loaded. */
void progress_start_window(struct progress *progress, struct window window);

/* Counts a window that was loaded or failed, and the rows that were read from it. */
void progress_end_window(struct progress *progress, uint64_t rows);

#endif
