/*
 * The windows of a run on their way: which may be begun, which two are to be compared, which may be
 * loaded. Bookkeeping only: nothing here waits, asks or compares, and the caller holds a lock over
 * it (run/pipeline.c).
 *
 *     waiting   --begin-->       in work
 *     in work   --ready-->       ready          or back:  --return-->  waiting
 *     ready     --begin_pair-->  in work        two at once, to be compared: --end_pair--> ready
 *     ready     --take-->        gone
 *     gone      --doubt-->       doubted        its days are to be asked for again
 *     doubted   --begin_doubted-->  in work
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
struct report_window {
    size_t report; /* its number */
    struct window window;
};

enum queue_state { QUEUE_WAITING, QUEUE_IN_WORK, QUEUE_READY, QUEUE_DOUBTED, QUEUE_GONE };

struct queue_entry {
    struct report_window what;
    enum queue_state state;
    bool dropped;              /* nobody wants it any more */
    bool settled;              /* the next one need not be compared with it, or not any more */
    struct prepared *prepared; /* owned; NULL unless it is in work, ready or doubted */
};

struct window_queue {
    struct queue_entry *items; /* in order: neighbours stand side by side */
    size_t count;
    size_t left;           /* not gone */
    size_t on_way, places; /* in work or ready, and how many may be */
    bool keep_files;       /* of windows that nobody takes */
};

/* `compares`: whether days in common are compared at all. At least two places. */
void window_queue_init(struct window_queue *queue, const struct report_window *list, size_t count,
                       size_t places, bool compares, bool keep_files);
void window_queue_done(struct window_queue *queue); /* drops what nobody took */

/* The first that waits goes into work, for the caller to prepare; NULL if none does, or no place is
 * free. */
struct queue_entry *window_queue_begin(struct window_queue *queue);

/* What was in work is ready; or waits again, without what it had, for somebody else. */
void window_queue_ready(struct window_queue *queue, struct queue_entry *entry);
void window_queue_return(struct window_queue *queue, struct queue_entry *entry);

/* Two neighbours that are ready and were not compared go back into work, with what they have: the
 * earlier one, and the one after it; NULL if there are none. Both are returned then, or: */
struct queue_entry *window_queue_begin_pair(struct window_queue *queue);
void window_queue_end_pair(struct window_queue *queue,
                           struct queue_entry *earlier); /* both are ready, and compared */

/* Whether window_queue_take would find something. */
bool window_queue_can_take(const struct window_queue *queue);

/* The first that is ready and need not be compared any more, with what it has, is gone. False if
 * there is none. */
bool window_queue_take(struct window_queue *queue, struct report_window *out,
                       struct prepared *prepared);

/* A window that was taken comes back, for its doubtful days to be asked for again, with what it
 * has. False if nobody wants that report any more. */
bool window_queue_doubt(struct window_queue *queue, const struct report_window *what,
                        const struct prepared *prepared);

/* The first that is doubted goes into work; NULL if none is. It is ready then, or returned. */
struct queue_entry *window_queue_begin_doubted(struct window_queue *queue);

/* No window of that report is begun or taken any more. */
void window_queue_skip(struct window_queue *queue, size_t report);

#endif
