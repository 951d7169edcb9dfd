/*
 * Working ahead: exports are fetched and cleaned on threads of their own, while the caller loads
 * what is ready.
 *
 *     ahead_start(tasks, workers)
 *       while (ahead_next(&task, &prepared))
 *         load it; prepared_done
 *     ahead_stop
 *
 * Windows are begun in the order of the tasks and handed over as they become ready: one that has a day
 * in common with the next waits until the two were compared (run/shared_day.h), if one worker has both.
 * Only so many are ready at once: who loads slowly is not overtaken without end.
 */
#ifndef RUN_AHEAD_H
#define RUN_AHEAD_H

#include "run/prepare.h"

#include <stdbool.h>
#include <stddef.h>

enum { AHEAD_PLACES = 2 }; /* of each worker: for a window in work, and for one that is ready */

/* A window of one of the run's reports. */
struct ahead_task {
    size_t report; /* its number */
    struct window window;
};

/* What all workers share; borrowed until ahead_stop, and not to change until then. */
struct ahead_work {
    const struct ahead_task *tasks;
    size_t task_count;
    const struct report *const *reports; /* by their numbers */
    size_t report_count;
    struct extractor *const *extractors; /* a worker each */
    size_t worker_count;
    bool accept_shrink;
    int seconds;     /* see prepare.h */
    bool keep_files; /* of windows that nobody takes */
};

struct ahead;

bool ahead_start(const struct ahead_work *work, struct ahead **out, struct error *err);

/* Waits for a window that is ready; *out is the caller's then. False: there is none left. */
bool ahead_next(struct ahead *ahead, struct ahead_task *task, struct prepared *out);

/* No further window of that report is begun or handed over. */
void ahead_skip(struct ahead *ahead, size_t report);

/* Begins no further window, waits for those in work and drops what nobody took. Accepts NULL. */
void ahead_stop(struct ahead *ahead);

#endif
