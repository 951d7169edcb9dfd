/*
 * Keeps the state of each window of a run: which one is to be prepared next, which two are to be
 * compared, which one may be loaded. Nothing here waits, asks the portal or compares; the caller
 * holds a lock over all calls (run/pipeline.c).
 *
 *     waiting   --begin-->       in work
 *     in work   --ready-->       ready          or --return--> what it was before
 *     ready     --begin_pair-->  in work        two at once, to be compared: --end_pair--> ready
 *     ready     --take-->        gone           to be loaded
 *     gone      --doubt-->       doubted        its doubtful days are to be asked for again
 *     doubted   --begin_doubted-->  in work
 *     any       --skip-->        gone           in work: once it is ready or returned
 *
 * Two neighbouring windows that have a day in common are compared before either is taken
 * (run/window_overlap.h), unless one of them has failed.
 */
#ifndef RUN_WINDOW_QUEUE_H
#define RUN_WINDOW_QUEUE_H

#include "run/window_prepare.h"

#include <stdbool.h>
#include <stddef.h>

/* A window of one of the run's reports. */
struct report_window {
    size_t report; /* the report's number in struct pipeline_work */
    struct window window;
    size_t number,
        count; /* which of the report's windows it is, from 1 on, and how many there are */
};

enum queue_state { QUEUE_WAITING, QUEUE_IN_WORK, QUEUE_READY, QUEUE_DOUBTED, QUEUE_GONE };

struct queue_entry {
    struct report_window what;
    enum queue_state state;
    enum queue_state begun_as; /* what it was before it went into work */
    bool dropped;              /* its report was skipped */
    bool settled;              /* it need not be compared with the next one (any more) */
    struct prepared *prepared; /* owned; NULL unless it is in work, ready or doubted */
};

struct window_queue {
    struct queue_entry *items; /* in order: neighbours stand side by side */
    size_t count;
    size_t left;     /* not gone */
    size_t on_way;   /* in work, ready or doubted */
    size_t places;   /* the most that window_queue_begin lets be on_way */
    bool keep_files; /* of windows that are never taken */
};

/* Makes a queue of windows that all wait. `list` is copied; its neighbours stand side by side.
 * `places` is at least 2. Without `compares` no neighbours are compared. */
void window_queue_init(struct window_queue *queue, const struct report_window *list, size_t count,
                       size_t places, bool compares, bool keep_files);
void window_queue_done(struct window_queue *queue); /* drops what was never taken */

/* Puts the first waiting window into work, for the caller to prepare: entry->prepared is memory to
 * be filled. NULL if no window waits or no place is free. */
struct queue_entry *window_queue_begin(struct window_queue *queue);

/* Makes a window in work ready. */
void window_queue_ready(struct window_queue *queue, struct queue_entry *entry);

/* Makes a window in work what it was before, for another worker. What it had then stays, with the
 * rows that other exports of the run have shown; its error and what was found out about its
 * doubtful days go. A window that was waiting loses what was prepared of it. */
void window_queue_return(struct window_queue *queue, struct queue_entry *entry);

/* Puts two neighbours that are ready and must be compared back into work. Returns the earlier one;
 * the later one stands behind it. NULL if there are none. */
struct queue_entry *window_queue_begin_pair(struct window_queue *queue);

/* Makes two neighbours that were compared ready. */
void window_queue_end_pair(struct window_queue *queue, struct queue_entry *earlier);

/* Whether window_queue_take would find something. */
bool window_queue_can_take(const struct window_queue *queue);

/* Hands over the first window that is ready and need not be compared: *prepared is the caller's.
 * False if there is none. */
bool window_queue_take(struct window_queue *queue, struct report_window *out,
                       struct prepared *prepared);

/* Takes back a window that was taken, with all that *prepared owns, so that its doubtful days are
 * asked for again. False, and *prepared stays the caller's, if its report was skipped. */
bool window_queue_doubt(struct window_queue *queue, const struct report_window *what,
                        const struct prepared *prepared);

/* Puts the first doubted window into work; NULL if there is none. window_queue_ready or
 * window_queue_return ends that. */
struct queue_entry *window_queue_begin_doubted(struct window_queue *queue);

/* Drops all windows of a report: none is begun or taken any more. */
void window_queue_skip(struct window_queue *queue, size_t report);

#endif
