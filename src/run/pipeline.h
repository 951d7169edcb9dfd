/*
 * Working ahead: exports are fetched and cleaned on threads of their own, while the caller loads
 * what is ready.
 *
 *     pipeline_start(work)
 *       while (pipeline_next(&what, &prepared))     pipeline_wait, to do something else meanwhile
 *         load it; prepared_done
 *     pipeline_stop
 *
 * Windows are begun in the order of the tasks and handed over as they become ready, the earliest
 * first: one that has a day in common with a neighbour when the two were compared
 * (run/window_overlap.h). Only so many are ready at once: who loads slowly is not overtaken without
 * end.
 *
 * The first worker has the extractor that is given. Each other one opens another like it, with a
 * session of its own, while the first is already at work; if that fails, there are fewer workers.
 * So also when a worker can do nothing any more while others can: the portal ended its session
 * because another one began (extract/extractor.h), refused its login, or its browser does not run.
 * It gives back what it had and ends. The last one stays, and its failures are the windows'.
 */
#ifndef RUN_PIPELINE_H
#define RUN_PIPELINE_H

#include "load/habits.h"
#include "run/window_prepare.h"
#include "run/window_queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PIPELINE_PLACES = 2 }; /* of each worker: for a window in work, and for one that is ready */

/* What all workers share; borrowed until pipeline_stop, and not to change until then. */
struct pipeline_work {
    const struct report_window *windows;
    size_t window_count;
    const struct report *const *reports; /* by their numbers */
    const struct habits *const *habits;  /* of each report, as earlier runs have learned them */
    size_t report_count;
    struct extractor *extractor;
    size_t worker_count; /* at least one, and no more than there are tasks */
    bool accept_shrink;
    int seconds;     /* see prepare.h */
    bool keep_files; /* of windows that nobody takes */
};

struct pipeline;

bool pipeline_start(const struct pipeline_work *work, struct pipeline **out, struct error *err);

/* Waits until pipeline_next would not wait, or until the deadline (clock_ms): false. */
bool pipeline_wait(struct pipeline *pipeline, int64_t until_ms);

/* Waits for a window that is ready; *out is the caller's then. False: there is none left. */
bool pipeline_next(struct pipeline *pipeline, struct report_window *what, struct prepared *out);

/* Gives a window back that was handed over, with what it has, for its doubtful days to be asked for
 * again (run/confirm.h); it is handed over once more then. False, and it stays the caller's, where
 * nobody can be asked. */
bool pipeline_doubt(struct pipeline *pipeline, const struct report_window *what,
                    const struct prepared *prepared);

/* What is known of a report's portal by now. */
struct habits pipeline_habits(const struct pipeline *pipeline, size_t report);

/* No further window of that report is begun or handed over. */
void pipeline_skip(struct pipeline *pipeline, size_t report);

/* Begins no further window, waits for those in work and drops what nobody took. Accepts NULL. */
void pipeline_stop(struct pipeline *pipeline);

#endif
