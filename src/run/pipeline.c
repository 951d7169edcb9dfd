/* SPDX-License-Identifier: MIT */
/* Prepares windows on threads of their own, for one thread that loads them. */
#include "run/pipeline.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"
#include "run/confirm.h"
#include "run/window_overlap.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct worker {
    struct pipeline *pipeline;
    struct extractor *extractor;
    bool opens_extractor;          /* its own, on its thread; else it is borrowed */
    struct transform **transforms; /* one a report, made when it is needed */
    pthread_t thread;
};

struct pipeline {
    struct pipeline_work work;
    struct worker *workers;
    size_t worker_count;          /* whose threads were started */
    struct portal_habits *habits; /* one a report */
    atomic_int *empties;          /* one a report; see struct preparer */

    pthread_mutex_t lock; /* protects all members below */
    pthread_cond_t changed;
    struct window_queue queue;
    size_t at_work; /* workers that have an extractor */
    size_t opening; /* workers that are still opening theirs */
    bool stop;
};

/* What a worker does next with a window. */
struct assignment {
    enum { PREPARE, COMPARE_WITH_NEXT, CONFIRM } task;
    struct queue_entry *entry;
};

/* Finds what there is to do; false: nothing for now. A window with doubtful days comes first,
 * because it was to be loaded already; new windows come last. */
static bool find_assignment(struct pipeline *pipeline, struct assignment *out)
{
    struct window_queue *queue = &pipeline->queue;

    if ((out->entry = window_queue_begin_doubted(queue)))
        out->task = CONFIRM;
    else if ((out->entry = window_queue_begin_pair(queue)))
        out->task = COMPARE_WITH_NEXT;
    else if ((out->entry = window_queue_begin(queue)))
        out->task = PREPARE;
    return out->entry;
}

/* Waits until there is something to do; false: the pipeline stops. An empty queue is no end,
 * because a window that was taken may come back with doubtful days. */
static bool next_assignment(struct pipeline *pipeline, struct assignment *out)
{
    bool found = false;

    pthread_mutex_lock(&pipeline->lock);
    while (!pipeline->stop && !(found = find_assignment(pipeline, out)))
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    pthread_mutex_unlock(&pipeline->lock);
    return found;
}

static struct preparer preparer_of(struct worker *worker, size_t number)
{
    struct pipeline *pipeline = worker->pipeline;
    const struct pipeline_work *work = &pipeline->work;
    const struct report *report = work->reports[number];
    struct transform **transform = &worker->transforms[number];

    if (!*transform)
        *transform = transform_new(report);
    return (struct preparer){
        .report = report,
        .extractor = worker->extractor,
        .transform = *transform,
        .accept_shrink = work->accept_shrink,
        .ends_lines = portal_habits_end_lines(&pipeline->habits[number], work->seconds == 0),
        .seconds = work->seconds,
        .empties = &pipeline->empties[number]};
}

/* Takes a worker out of the count of those at work; false if it is the last one, which must stay.
 * Waits for workers that are still opening their extractor. The caller holds the lock. */
static bool leave_work(struct pipeline *pipeline)
{
    while (pipeline->at_work < 2 && pipeline->opening > 0 && !pipeline->stop)
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    if (pipeline->at_work < 2)
        return false;
    pipeline->at_work--;
    return true;
}

/* Gives the windows of an assignment back to the queue. If the worker's session is lost and another
 * worker can go on, the windows wait for that one, and the result is false: the worker ends. */
static bool end_assignment(struct pipeline *pipeline, struct assignment assignment,
                           bool session_lost)
{
    struct window_queue *queue = &pipeline->queue;
    struct queue_entry *entry = assignment.entry;
    const bool is_pair = assignment.task == COMPARE_WITH_NEXT;
    const bool second_tells = is_pair && entry->prepared->error.kind == ERROR_NONE;
    const struct error why = entry[second_tells].prepared->error; /* none: it was evicted */

    pthread_mutex_lock(&pipeline->lock);
    const bool leaves = session_lost && leave_work(pipeline);
    if (leaves) {
        window_queue_return(queue, entry);
        if (is_pair)
            window_queue_return(queue, entry + 1);
    } else if (is_pair) {
        window_queue_end_pair(queue, entry);
    } else {
        window_queue_ready(queue, entry);
    }
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    if (leaves)
        log_warn("jobs.fewer",
                 log_text("error", why.kind == ERROR_NONE
                                       ? "another session of the same user ended this one"
                                       : why.message));
    return !leaves;
}

/* Does an assignment; false: the worker ends. A login that was refused would be refused again. */
static bool do_assignment(struct worker *worker, struct assignment assignment)
{
    struct queue_entry *entry = assignment.entry;
    const size_t report = entry->what.report;
    const struct preparer preparer = preparer_of(worker, report);
    struct portal_habits *habits = &worker->pipeline->habits[report];
    struct progress *progress = worker->pipeline->work.progress;
    const size_t number = (size_t)(worker - worker->pipeline->workers);
    bool login_refused = false;

    progress_session(progress, number, preparer.report->name, entry->what.number,
                     entry->what.count);
    switch (assignment.task) {
    case CONFIRM:
        confirm_window(&preparer, entry->prepared);
        login_refused = entry->prepared->error.kind == ERROR_LOGIN;
        break;
    case COMPARE_WITH_NEXT:
        login_refused =
            !window_overlap_compare(&preparer, habits, entry[0].prepared, entry[1].prepared);
        break;
    case PREPARE:
        window_prepare(&preparer, entry->what.window, entry->prepared);
        portal_habits_learn(habits, entry->prepared, worker->pipeline->work.seconds == 0);
        login_refused = entry->prepared->error.kind == ERROR_LOGIN;
        break;
    }
    progress_session_idle(progress, number);
    return end_assignment(worker->pipeline, assignment,
                          login_refused || extractor_is_evicted(worker->extractor));
}

/* Opens the worker's extractor, if it has one of its own, and counts the worker as one at work;
 * false: the worker ends. */
static bool open_extractor(struct worker *worker)
{
    struct pipeline *pipeline = worker->pipeline;
    struct error err;

    if (!worker->opens_extractor)
        return true;
    progress_session(pipeline->work.progress, (size_t)(worker - pipeline->workers), "logging in", 0,
                     0);
    const bool opened = extractor_open_another(pipeline->work.extractor, &worker->extractor, &err);
    progress_session_idle(pipeline->work.progress, (size_t)(worker - pipeline->workers));
    pthread_mutex_lock(&pipeline->lock);
    pipeline->opening--;
    pipeline->at_work += opened;
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    if (!opened && err.kind != ERROR_STOPPED)
        log_warn("jobs.fewer", log_text("error", err.message));
    return opened;
}

static void *run_worker(void *arg)
{
    struct worker *worker = arg;
    struct assignment assignment;

    activity_use(progress_activity(worker->pipeline->work.progress,
                                   (size_t)(worker - worker->pipeline->workers)));
    if (!open_extractor(worker))
        return NULL;
    while (next_assignment(worker->pipeline, &assignment) && do_assignment(worker, assignment))
        ;
    if (worker->opens_extractor)
        extractor_close(worker->extractor);
    return NULL;
}

/* Starts the next worker's thread. */
static bool start_worker(struct pipeline *pipeline, struct error *err)
{
    struct worker *worker = &pipeline->workers[pipeline->worker_count];

    *worker = (struct worker){
        .pipeline = pipeline,
        .extractor = pipeline->work.extractor,
        .opens_extractor = pipeline->worker_count > 0,
        .transforms = mem_array(pipeline->work.report_count, sizeof(struct transform *)),
    };
    const int failed = thread_start(&worker->thread, run_worker, worker);
    if (failed) {
        free(worker->transforms);
        errno = failed;
        return error_set_errno(err, ERROR_SYSTEM, "cannot start a thread for the exports");
    }
    pipeline->worker_count++;
    return true;
}

bool pipeline_start(const struct pipeline_work *work, struct pipeline **out, struct error *err)
{
    struct pipeline *pipeline = mem_alloc(sizeof(*pipeline));

    mem_keep_freed();
    *pipeline = (struct pipeline){
        .work = *work,
        .workers = mem_array(work->worker_count, sizeof(struct worker)),
        .habits = mem_array(work->report_count, sizeof(struct portal_habits)),
        .empties = mem_array(work->report_count, sizeof(atomic_int)),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .at_work = 1, /* the first worker's extractor is open already */
        .opening = work->worker_count - 1,
    };
    thread_condition_init(&pipeline->changed);
    for (size_t i = 0; i < work->report_count; i++)
        portal_habits_init(&pipeline->habits[i], work->habits[i]);
    window_queue_init(&pipeline->queue, work->windows, work->window_count,
                      PIPELINE_PLACES * work->worker_count, work->seconds > 0, work->keep_files);
    for (size_t i = 0; i < work->worker_count; i++) {
        if (!start_worker(pipeline, err)) {
            pipeline_stop(pipeline);
            return false;
        }
    }
    *out = pipeline;
    return true;
}

bool pipeline_wait(struct pipeline *pipeline, int64_t until_ms)
{
    const struct timespec until = thread_deadline(until_ms);
    int late = 0;

    pthread_mutex_lock(&pipeline->lock);
    while (!late && !window_queue_can_take(&pipeline->queue) && pipeline->queue.left > 0)
        late = pthread_cond_timedwait(&pipeline->changed, &pipeline->lock, &until);
    pthread_mutex_unlock(&pipeline->lock);
    return !late;
}

bool pipeline_next(struct pipeline *pipeline, struct report_window *what, struct prepared *out)
{
    bool taken = false;

    pthread_mutex_lock(&pipeline->lock);
    while (!(taken = window_queue_take(&pipeline->queue, what, out)) && pipeline->queue.left > 0)
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    return taken;
}

bool pipeline_doubt(struct pipeline *pipeline, const struct report_window *what,
                    const struct prepared *prepared)
{
    if (pipeline->work.seconds == 0)
        return false;
    pthread_mutex_lock(&pipeline->lock);
    const bool taken = window_queue_doubt(&pipeline->queue, what, prepared);
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    return taken;
}

struct habits pipeline_habits(const struct pipeline *pipeline, size_t report)
{
    return portal_habits_now(&pipeline->habits[report]);
}

void pipeline_skip(struct pipeline *pipeline, size_t report)
{
    pthread_mutex_lock(&pipeline->lock);
    window_queue_skip(&pipeline->queue, report);
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
}

void pipeline_stop(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    pthread_mutex_lock(&pipeline->lock);
    pipeline->stop = true;
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    for (size_t i = 0; i < pipeline->worker_count; i++) {
        struct worker *worker = &pipeline->workers[i];
        pthread_join(worker->thread, NULL);
        for (size_t r = 0; r < pipeline->work.report_count; r++)
            transform_free(worker->transforms[r]);
        free(worker->transforms);
    }
    window_queue_done(&pipeline->queue);
    pthread_mutex_destroy(&pipeline->lock);
    pthread_cond_destroy(&pipeline->changed);
    free(pipeline->workers);
    free(pipeline->habits);
    free(pipeline->empties);
    free(pipeline);
    mem_give_back();
}
