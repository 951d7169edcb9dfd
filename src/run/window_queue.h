/*
 * The windows of a run on their way: which may be begun, which two are to be compared, which may be
 * loaded. Bookkeeping only: nothing here waits, asks or compares, and the caller holds a lock over it
 * (run/pipeline.c).
 *
 *     waiting --tasks_begin--> in work --tasks_ready--> ready --tasks_take--> gone
 *        ^---------tasks_return-----'  ^--tasks_begin_pair, tasks_end_pair--^
 *                         ^------------------tasks_doubt, tasks_begin_doubted-----------------'
 *
 * Two neighbouring windows that have a day in common are compared before either is taken
 * (run/window_overlap.h). One that has failed is compared with nothing.
 */
#ifndef RUN_WINDOW_QUEUE_H
#define RUN_WINDOW_QUEUE_H

#include "run/window_prepare.h"

#include <stdbool.h>
#include <stddef.h>

/* A window of one of the run's reports. */
struct ahead_task {
    size_t report; /* its number */
    struct window window;
};

enum task_state { TASK_WAITING, TASK_IN_WORK, TASK_READY, TASK_DOUBTED, TASK_GONE };

struct task {
    struct ahead_task what;
    enum task_state state;
    bool dropped;              /* nobody wants it any more */
    bool settled;              /* the next one need not be compared with it, or not any more */
    struct prepared *prepared; /* owned; NULL unless it is in work, ready or doubted */
};

struct tasks {
    struct task *items; /* in order: neighbours stand side by side */
    size_t count;
    size_t left;           /* not gone */
    size_t on_way, places; /* in work or ready, and how many may be */
    bool keep_files;       /* of windows that nobody takes */
};

/* `compares`: whether days in common are compared at all. At least two places. */
void tasks_init(struct tasks *tasks, const struct ahead_task *list, size_t count, size_t places,
                bool compares, bool keep_files);
void tasks_done(struct tasks *tasks); /* drops what nobody took */

/* The first that waits goes into work, for the caller to prepare; NULL if none does, or no place is
 * free. */
struct task *tasks_begin(struct tasks *tasks);

/* What was in work is ready; or waits again, without what it had, for somebody else. */
void tasks_ready(struct tasks *tasks, struct task *task);
void tasks_return(struct tasks *tasks, struct task *task);

/* Two neighbours that are ready and were not compared go back into work, with what they have: the
 * earlier one, and the one after it; NULL if there are none. Both are returned then, or: */
struct task *tasks_begin_pair(struct tasks *tasks);
void tasks_end_pair(struct tasks *tasks, struct task *earlier); /* both are ready, and compared */

/* Whether tasks_take would find something. */
bool tasks_can_take(const struct tasks *tasks);

/* The first that is ready and need not be compared any more, with what it has, is gone. False if there
 * is none. */
bool tasks_take(struct tasks *tasks, struct ahead_task *out, struct prepared *prepared);

/* A window that was taken comes back, for its doubtful days to be asked for again, with what it has. False if
 * nobody wants that report any more. */
bool tasks_doubt(struct tasks *tasks, const struct ahead_task *what,
                 const struct prepared *prepared);

/* The first that is doubted goes into work; NULL if none is. It is ready then, or returned. */
struct task *tasks_begin_doubted(struct tasks *tasks);

/* No window of that report is begun or taken any more. */
void tasks_skip(struct tasks *tasks, size_t report);

#endif
