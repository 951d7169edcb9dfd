/*
 * Shows on a terminal what a run is doing, in a line that is rewritten in place; nothing elsewhere.
 *
 *     12/84 windows  23104 rows  820 rows/s  2 min 10 s left | general_reports 13/58 14 s 1.2 MB
 *
 * First what is done, then what is being waited for: for each session the report, the window's
 * number, for how long, and how many bytes have come of its file. What does not fit into the
 * terminal is left out.
 *
 * The threads of a run say what they do; a thread of its own draws the line when that changes, and
 * five times a second.
 */
#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include "base/activity.h"
#include "base/buf.h"
#include "model/portal.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRESS_WHAT_SIZE = 64 };

/* What one thread does. */
struct progress_task {
    char what[PROGRESS_WHAT_SIZE]; /* "general_reports 13/58"; "": nothing */
    int64_t since_ms;              /* clock_ms */
    int64_t bytes;                 /* received of the present file */
};

/* All that is shown. */
struct progress_view {
    size_t windows, done;                    /* of all reports: all, and those that are over */
    uint64_t rows;                           /* read from the windows that are over */
    int64_t now_ms, started_ms;              /* clock_ms */
    struct progress_task sessions[JOBS_MAX]; /* by worker */
    struct progress_task main;               /* of the thread that loads */
};

struct progress {
    bool live; /* standard error is a terminal, and logs are text */
    struct progress_view view;
    struct activity activities[JOBS_MAX];
    pthread_t drawer;
    pthread_mutex_t lock; /* protects `view` and the members below */
    pthread_cond_t changed;
    bool is_new; /* a task has changed since the line was drawn */
    bool ended;
};

/* Starts to show what is said below. Without `live`, or if no thread can be started, nothing is
 * ever shown. The struct must not move until progress_done. All
 * functions below accept NULL: nothing is shown. */
void progress_init(struct progress *progress, bool live);
void progress_done(struct progress *progress); /* removes the line; accepts a zeroed one */

/* Says how many windows the run has; the time left is estimated from now on. */
void progress_start(struct progress *progress, size_t windows);

/* Says what the main thread does: `what` is the report, with the number of its window and how many
 * there are, or with 0 any words. */
void progress_main(struct progress *progress, const char *what, size_t number, size_t count);

/* Says what a worker does, in the same way. Its bytes are counted anew. */
void progress_session(struct progress *progress, size_t worker, const char *what, size_t number,
                      size_t count);
/* Says that the worker has nothing to do. */
void progress_session_idle(struct progress *progress, size_t worker);

/* Returns where the bytes are counted that a worker receives, for activity_use; NULL: nowhere. */
struct activity *progress_activity(struct progress *progress, size_t worker);

/* Counts a window that was loaded or failed, and the rows that were read from it. */
void progress_end_window(struct progress *progress, uint64_t rows);

/* Writes the line, at most `columns` wide. Pure. */
void progress_line(const struct progress_view *view, size_t columns, struct buf *out);

#endif
