/*
 * Fetches and cleans windows on threads of their own, the workers, while the caller loads those
 * that are ready.
 *
 *     pipeline_start(work)
 *       while (pipeline_next(&what, &prepared))     before it pipeline_wait, to wait for a time
 *         load it; prepared_done                    or pipeline_doubt, which takes it back
 *     pipeline_stop
 *
 * Windows are begun in the given order and handed over as they become ready, the earliest first. A
 * window that has a day in common with a neighbour is ready when the two were compared
 * (run/window_overlap.h). The number of windows in work or ready is limited (PIPELINE_PLACES).
 *
 * The first worker uses the extractor that is given. Each other worker opens another extractor,
 * with a session of its own, while the first is already at work; if that fails, there are fewer
 * workers. A worker also ends when it has no session any more and another worker has one: the
 * portal ended the session because another one began (extract/extractor.h), or refused a login. It
 * gives its window back to the queue. The last worker stays, and its windows fail.
 */
#ifndef RUN_PIPELINE_H
#define RUN_PIPELINE_H

#include "load/habits.h"
#include "run/progress.h"
#include "run/window_prepare.h"
#include "run/window_queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PIPELINE_PLACES = 2 }; /* for each worker: a window in work, and one that is ready */

/* What all workers share. What it points to is borrowed until pipeline_stop and must not change
 * until then. */
struct pipeline_work {
    const struct report_window *windows;
    size_t window_count;
    const struct report *const *reports; /* by their numbers, as struct report_window has them */
    const struct habits *const *habits;  /* one a report; read by pipeline_start only */
    size_t report_count;
    struct extractor *extractor;
    size_t worker_count;       /* at least one */
    bool accept_shrink;        /* see struct preparer */
    int seconds;               /* see struct preparer */
    struct progress *progress; /* gets told what the workers do; or NULL */
    bool keep_files; /* does not remove the files of windows that the caller never takes */
};

struct pipeline;

/* Starts the workers. ERROR_SYSTEM if a thread cannot be started: then none of them runs. */
bool pipeline_start(const struct pipeline_work *work, struct pipeline **out, struct error *err);

/* Waits until pipeline_next would not wait: true. False if the deadline (clock_ms) comes first. */
bool pipeline_wait(struct pipeline *pipeline, int64_t until_ms);

/* Waits for a window that is ready; *out is then the caller's. False: no window is left. */
bool pipeline_next(struct pipeline *pipeline, struct report_window *what, struct prepared *out);

/* Takes back a window that was handed over, with all that *prepared owns, so that a worker asks for
 * its doubtful days again (run/confirm.h); after that it is handed over once more. False: the
 * window stays the caller's, because files at hand cannot be asked or its report is skipped. */
bool pipeline_doubt(struct pipeline *pipeline, const struct report_window *what,
                    const struct prepared *prepared);

/* Returns what is known by now of how the portal exports a report. */
struct habits pipeline_habits(const struct pipeline *pipeline, size_t report);

/* Drops the windows of a report that were not handed over; those in work are ended first. */
void pipeline_skip(struct pipeline *pipeline, size_t report);

/* Begins no further window, waits for those in work and drops those that were not handed over.
 * Accepts NULL. */
void pipeline_stop(struct pipeline *pipeline);

#endif
