/* SPDX-License-Identifier: MIT */
/* Threads before the load, and the lock between. */
#include "run/pipeline.h"

#include "base/log.h"
#include "base/mem.h"
#include "run/confirm.h"
#include "run/window_overlap.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct worker {
    struct ahead *ahead;
    struct extractor *extractor;
    bool opens;                    /* it opens its own, on its thread, and closes it there */
    struct transform **transforms; /* of each report, made when it is needed */
    pthread_t thread;
};

struct ahead {
    struct ahead_work work;
    struct worker *workers;
    size_t worker_count;          /* that were started */
    struct portal_habits *habits; /* of each report */
    atomic_int *empties;          /* of each report: prepare.h */

    pthread_mutex_t lock; /* over all that follows */
    pthread_cond_t changed;
    struct tasks tasks;
    size_t at_work; /* workers with an extractor */
    size_t opening; /* workers that may get one */
    bool stop;
};

/* What a worker is to do next: prepare a window, compare it with the one after it, or ask for its doubtful
 * days. */
struct duty {
    struct task *task;
    bool is_pair, is_doubted;
};

/* Whoever loads waits for what is doubted. */
static bool find_duty(struct ahead *ahead, struct duty *out)
{
    *out = (struct duty){.task = tasks_begin_doubted(&ahead->tasks), .is_doubted = true};
    if (!out->task)
        *out = (struct duty){.task = tasks_begin_pair(&ahead->tasks), .is_pair = true};
    if (!out->task)
        *out = (struct duty){.task = tasks_begin(&ahead->tasks)};
    return out->task;
}

/* Waits until there is something to do; false: there will be nothing any more. A window that was taken may
 * come back, so only the end of the run is the end. */
static bool next_duty(struct ahead *ahead, struct duty *out)
{
    bool found = false;

    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop && !(found = find_duty(ahead, out)))
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    pthread_mutex_unlock(&ahead->lock);
    return found;
}

static struct preparer preparer_of(struct worker *worker, size_t number)
{
    const struct ahead_work *work = &worker->ahead->work;
    const struct report *report = work->reports[number];
    struct transform **transform = &worker->transforms[number];

    if (!*transform)
        *transform = transform_new(report);
    return (struct preparer){
        .report = report,
        .extractor = worker->extractor,
        .transform = *transform,
        .accept_shrink = work->accept_shrink,
        .ends_lines = portal_habits_end_lines(&worker->ahead->habits[number], work->seconds == 0),
        .seconds = work->seconds,
        .empties = &worker->ahead->empties[number]};
}

/* Under the lock. False if nobody else could go on, as soon as that is known: then it stays, and
 * its failures count. */
static bool leave_work(struct ahead *ahead)
{
    while (ahead->at_work < 2 && ahead->opening > 0 && !ahead->stop)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    if (ahead->at_work < 2)
        return false;
    ahead->at_work--;
    return true;
}

/* False: this worker can do nothing any more, and what it had is left to the others. */
static bool end_duty(struct ahead *ahead, struct duty duty, bool unfit)
{
    struct tasks *tasks = &ahead->tasks;
    struct task *task = duty.task;

    const struct error why = task->prepared->error;

    pthread_mutex_lock(&ahead->lock);
    const bool leaves = unfit && leave_work(ahead);
    if (leaves) {
        tasks_return(tasks, task);
        if (duty.is_pair)
            tasks_return(tasks, task + 1);
    } else if (duty.is_pair) {
        tasks_end_pair(tasks, task);
    } else {
        tasks_ready(tasks, task);
    }
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    if (leaves)
        log_warn("jobs.fewer", log_text("error", why.message));
    return !leaves;
}

static bool do_duty(struct worker *worker, struct duty duty)
{
    struct task *task = duty.task;
    const size_t report = task->what.report;
    const struct preparer preparer = preparer_of(worker, report);
    struct portal_habits *habits = &worker->ahead->habits[report];
    bool unfit;

    if (duty.is_doubted) {
        confirm_window(&preparer, task->prepared);
        unfit = task->prepared->error.kind == ERROR_LOGIN;
    } else if (duty.is_pair) {
        unfit = !shared_day_settle(&preparer, habits, task[0].prepared, task[1].prepared);
    } else {
        window_prepare(&preparer, task->what.window, task->prepared);
        portal_habits_learn(habits, task->prepared, worker->ahead->work.seconds == 0);
        unfit = task->prepared->error.kind == ERROR_LOGIN; /* as each further one will end */
    }
    return end_duty(worker->ahead, duty, unfit || extractor_is_displaced(worker->extractor));
}

static bool open_extractor(struct worker *worker)
{
    struct ahead *ahead = worker->ahead;
    struct error err;

    if (!worker->opens)
        return true;
    const bool good = extractor_open_another(ahead->work.extractor, &worker->extractor, &err);
    pthread_mutex_lock(&ahead->lock);
    ahead->opening--;
    ahead->at_work += good;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    if (good)
        return true;
    if (err.kind != ERROR_STOPPED)
        log_warn("jobs.fewer", log_text("error", err.message));
    return false;
}

static void *run_worker(void *arg)
{
    struct worker *worker = arg;
    struct duty duty;

    if (!open_extractor(worker))
        return NULL;
    while (next_duty(worker->ahead, &duty) && do_duty(worker, duty))
        ;
    if (worker->opens)
        extractor_close(worker->extractor);
    return NULL;
}

/* Signals are the business of the thread that loads. */
static bool start_worker(struct ahead *ahead, struct error *err)
{
    struct worker *worker = &ahead->workers[ahead->worker_count];
    sigset_t all, before;

    *worker = (struct worker){
        .ahead = ahead,
        .extractor = ahead->work.extractor,
        .opens = ahead->worker_count > 0,
        .transforms = mem_array(ahead->work.report_count, sizeof(struct transform *)),
    };
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&worker->thread, NULL, run_worker, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        free(worker->transforms);
        errno = failed;
        return error_set_errno(err, ERROR_SYSTEM, "cannot start a thread for the exports");
    }
    ahead->worker_count++;
    return true;
}

/* Its deadlines are those of clock_ms. */
static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool ahead_start(const struct ahead_work *work, struct ahead **out, struct error *err)
{
    struct ahead *ahead = mem_alloc(sizeof(*ahead));

    mem_keep_freed();
    *ahead = (struct ahead){
        .work = *work,
        .workers = mem_array(work->worker_count, sizeof(struct worker)),
        .habits = mem_array(work->report_count, sizeof(struct portal_habits)),
        .empties = mem_array(work->report_count, sizeof(atomic_int)),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .at_work = 1, /* the first one's extractor is open */
        .opening = work->worker_count - 1,
    };
    init_condition(&ahead->changed);
    for (size_t i = 0; i < work->report_count; i++)
        portal_habits_init(&ahead->habits[i], work->habits[i]);
    tasks_init(&ahead->tasks, work->tasks, work->task_count, AHEAD_PLACES * work->worker_count,
               work->seconds > 0, work->keep_files);
    for (size_t i = 0; i < work->worker_count; i++) {
        if (!start_worker(ahead, err)) {
            ahead_stop(ahead);
            return false;
        }
    }
    *out = ahead;
    return true;
}

bool ahead_wait(struct ahead *ahead, int64_t until_ms)
{
    const struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                                   .tv_nsec = (long)(until_ms % 1000) * 1000000};
    int late = 0;

    pthread_mutex_lock(&ahead->lock);
    while (!late && !tasks_can_take(&ahead->tasks) && ahead->tasks.left > 0)
        late = pthread_cond_timedwait(&ahead->changed, &ahead->lock, &until);
    pthread_mutex_unlock(&ahead->lock);
    return !late;
}

bool ahead_next(struct ahead *ahead, struct ahead_task *task, struct prepared *out)
{
    bool taken = false;

    pthread_mutex_lock(&ahead->lock);
    while (!(taken = tasks_take(&ahead->tasks, task, out)) && ahead->tasks.left > 0)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    return taken;
}

bool ahead_doubt(struct ahead *ahead, const struct ahead_task *task,
                 const struct prepared *prepared)
{
    if (ahead->work.seconds == 0)
        return false;
    pthread_mutex_lock(&ahead->lock);
    const bool taken = tasks_doubt(&ahead->tasks, task, prepared);
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    return taken;
}

struct habits ahead_habits(const struct ahead *ahead, size_t report)
{
    return portal_habits_now(&ahead->habits[report]);
}

void ahead_skip(struct ahead *ahead, size_t report)
{
    pthread_mutex_lock(&ahead->lock);
    tasks_skip(&ahead->tasks, report);
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
    }
    tasks_done(&ahead->tasks);
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    free(ahead->workers);
    free(ahead->habits);
    free(ahead->empties);
    free(ahead);
    mem_give_back();
}
