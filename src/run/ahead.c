/* SPDX-License-Identifier: MIT */
/* Threads before the load, and the short queue between. */
#include "run/ahead.h"

#include "base/mem.h"
#include "run/shared_day.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct ready {
    struct ahead_task task;
    struct prepared prepared;
};

struct worker {
    struct ahead *ahead;
    struct extractor *extractor;
    struct transform **transforms; /* of each report, made when it is needed */
    struct shared_days *shared;    /* of each report */
    struct ready held;             /* ready, but its neighbour is to confirm it */
    bool holds;
    pthread_t thread;
};

struct ahead {
    struct ahead_work work;
    struct worker *workers;
    size_t worker_count; /* that were started */

    pthread_mutex_t lock; /* over all that follows */
    pthread_cond_t changed;
    size_t next; /* task to begin */
    size_t in_work;
    struct ready *ready;      /* oldest first */
    size_t ready_count, room; /* in work and ready together are never more than `room` */
    bool *skipped;            /* by report */
    bool stop;
};

/* The next task that is not skipped; false if there is none. */
static bool find_task(struct ahead *ahead, struct ahead_task *out)
{
    const struct ahead_work *work = &ahead->work;

    while (ahead->next < work->task_count && ahead->skipped[work->tasks[ahead->next].report])
        ahead->next++;
    if (ahead->stop || ahead->next == work->task_count)
        return false;
    *out = work->tasks[ahead->next++];
    return true;
}

/* The place in the queue is there before the work begins, so that nothing that is ready waits. */
static bool begin_task(struct ahead *ahead, struct ahead_task *out)
{
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop && ahead->in_work + ahead->ready_count == ahead->room)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    const bool found = find_task(ahead, out);
    if (found)
        ahead->in_work++;
    pthread_cond_broadcast(&ahead->changed); /* who waits for the last window learns of the end */
    pthread_mutex_unlock(&ahead->lock);
    return found;
}

static void end_task(struct ahead *ahead, struct ahead_task task, const struct prepared *prepared)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->ready[ahead->ready_count++] = (struct ready){.task = task, .prepared = *prepared};
    ahead->in_work--;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
}

static struct preparer preparer_of(struct worker *worker, size_t number)
{
    const struct ahead_work *work = &worker->ahead->work;
    const struct report *report = work->reports[number];
    struct transform **transform = &worker->transforms[number];

    if (!*transform)
        *transform = transform_new(report);
    return (struct preparer){.report = report,
                             .extractor = worker->extractor,
                             .transform = *transform,
                             .accept_shrink = work->accept_shrink,
                             .seconds = work->seconds};
}

static void release_held(struct worker *worker)
{
    if (worker->holds)
        end_task(worker->ahead, worker->held.task, &worker->held.prepared);
    worker->holds = false;
}

static bool is_neighbour(const struct worker *worker, struct ahead_task task)
{
    return worker->holds && worker->held.task.report == task.report &&
           shared_day_exists(worker->held.task.window, task.window);
}

/* A window waits until the next one, which may have a day in common with it, confirms it. One that has
 * failed waits for nothing, nor does one that nobody can be asked about. */
static void *run_worker(void *arg)
{
    struct worker *worker = arg;
    struct ready ready;

    while (begin_task(worker->ahead, &ready.task)) {
        const struct preparer preparer = preparer_of(worker, ready.task.report);
        if (!is_neighbour(worker, ready.task))
            release_held(worker);
        window_prepare(&preparer, ready.task.window, &ready.prepared);
        if (worker->holds)
            shared_day_settle(&preparer, &worker->shared[ready.task.report], &worker->held.prepared,
                              &ready.prepared);
        release_held(worker);
        worker->held = ready;
        worker->holds = true;
        if (ready.prepared.error.kind != ERROR_NONE || preparer.seconds == 0)
            release_held(worker);
    }
    release_held(worker);
    return NULL;
}

/* Signals are the business of the thread that loads. */
static bool start_worker(struct ahead *ahead, struct error *err)
{
    struct worker *worker = &ahead->workers[ahead->worker_count];
    sigset_t all, before;

    *worker = (struct worker){
        .ahead = ahead,
        .extractor = ahead->work.extractors[ahead->worker_count],
        .transforms = mem_array(ahead->work.report_count, sizeof(struct transform *)),
        .shared = mem_array(ahead->work.report_count, sizeof(struct shared_days)),
    };
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&worker->thread, NULL, run_worker, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        free(worker->transforms);
        free(worker->shared);
        errno = failed;
        return error_set_errno(err, ERROR_SYSTEM, "cannot start a thread for the exports");
    }
    ahead->worker_count++;
    return true;
}

bool ahead_start(const struct ahead_work *work, struct ahead **out, struct error *err)
{
    struct ahead *ahead = mem_alloc(sizeof(*ahead));

    mem_keep_freed();
    *ahead = (struct ahead){
        .work = *work,
        .workers = mem_array(work->worker_count, sizeof(struct worker)),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
        .room = AHEAD_PLACES * work->worker_count,
        .skipped = mem_array(work->report_count, sizeof(bool)),
    };
    ahead->ready = mem_array(ahead->room, sizeof(*ahead->ready));
    for (size_t i = 0; i < work->worker_count; i++) {
        if (!start_worker(ahead, err)) {
            ahead_stop(ahead);
            return false;
        }
    }
    *out = ahead;
    return true;
}

/* Takes the oldest of the queue; the lock is held. */
static struct ready take_ready(struct ahead *ahead)
{
    const struct ready first = ahead->ready[0];

    ahead->ready_count--;
    memmove(ahead->ready, ahead->ready + 1, ahead->ready_count * sizeof(*ahead->ready));
    pthread_cond_broadcast(&ahead->changed);
    return first;
}

bool ahead_next(struct ahead *ahead, struct ahead_task *task, struct prepared *out)
{
    struct ready ready;
    bool dropped;

    do {
        pthread_mutex_lock(&ahead->lock);
        while (ahead->ready_count == 0 &&
               (ahead->in_work > 0 || ahead->next < ahead->work.task_count))
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        const bool any = ahead->ready_count > 0;
        if (any)
            ready = take_ready(ahead);
        dropped = any && ahead->skipped[ready.task.report];
        pthread_mutex_unlock(&ahead->lock);
        if (!any)
            return false;
        if (dropped)
            prepared_done(&ready.prepared, ahead->work.keep_files);
    } while (dropped);
    *task = ready.task;
    *out = ready.prepared;
    return true;
}

void ahead_skip(struct ahead *ahead, size_t report)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->skipped[report] = true;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
}

void ahead_stop(struct ahead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    for (size_t i = 0; i < ahead->worker_count; i++) {
        struct worker *worker = &ahead->workers[i];
        pthread_join(worker->thread, NULL);
        for (size_t r = 0; r < ahead->work.report_count; r++)
            transform_free(worker->transforms[r]);
        free(worker->transforms);
        free(worker->shared);
    }
    for (size_t i = 0; i < ahead->ready_count; i++)
        prepared_done(&ahead->ready[i].prepared, ahead->work.keep_files);
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    free(ahead->workers);
    free(ahead->ready);
    free(ahead->skipped);
    free(ahead);
    mem_give_back();
}
