/* SPDX-License-Identifier: MIT */
/* Shows what a run is doing in a line on the terminal. */
#include "run/progress.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DRAW_MS = 200, REST_MS = 40, COLUMNS_DEFAULT = 80, LINE_SIZE = 1000 };

static void add_duration(struct buf *line, int64_t seconds)
{
    if (seconds >= 3600)
        buf_addf(line, "%" PRId64 " h %" PRId64 " min", seconds / 3600, seconds / 60 % 60);
    else if (seconds >= 60)
        buf_addf(line, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    else
        buf_addf(line, "%" PRId64 " s", seconds);
}

static void add_size(struct buf *line, int64_t bytes)
{
    if (bytes < 1000 * 1000)
        buf_addf(line, "%" PRId64 " kB", (bytes + 999) / 1000);
    else
        buf_addf(line, "%.1f MB", (double)bytes / 1e6);
}

/* How much of what is done is told. */
enum detail { DETAIL_ALL, DETAIL_NO_SPEED, DETAIL_NO_ROWS };

static void add_done(struct buf *line, const struct progress_view *view, enum detail detail)
{
    const int64_t elapsed = view->now_ms - view->started_ms;

    if (!view->windows)
        return;
    buf_addf(line, "%zu/%zu windows", view->done, view->windows);
    if (detail < DETAIL_NO_ROWS)
        buf_addf(line, "  %" PRIu64 " rows", view->rows);
    if (!view->done || elapsed <= 0)
        return;
    if (detail < DETAIL_NO_SPEED)
        buf_addf(line, "  %" PRIu64 " rows/s", view->rows * 1000 / (uint64_t)elapsed);
    buf_add_text(line, "  ");
    add_duration(line,
                 elapsed * (int64_t)(view->windows - view->done) / (int64_t)view->done / 1000);
    buf_add_text(line, " left");
}

static void add_task(struct buf *line, const struct progress_view *view,
                     const struct progress_task *task)
{
    buf_addf(line, "%s%s ", line->len ? " | " : "", task->what);
    add_duration(line, (view->now_ms - task->since_ms) / 1000);
    if (task->bytes > 0) {
        buf_add_char(line, ' ');
        add_size(line, task->bytes);
    }
}

/* Adds the main thread's task and the sessions' tasks, `most` of them. */
static void add_tasks(struct buf *line, const struct progress_view *view, size_t most)
{
    size_t left_out = 0;

    if (*view->main.what)
        add_task(line, view, &view->main);
    for (size_t i = 0; i < JOBS_MAX; i++) {
        if (!*view->sessions[i].what)
            continue;
        if (most) {
            add_task(line, view, &view->sessions[i]);
            most--;
        } else {
            left_out++;
        }
    }
    if (left_out)
        buf_addf(line, " +%zu", left_out);
}

void progress_line(const struct progress_view *view, size_t columns, struct buf *out)
{
    enum detail detail = DETAIL_ALL;
    size_t most = JOBS_MAX;

    for (;;) {
        buf_reset(out);
        add_done(out, view, detail);
        add_tasks(out, view, most);
        if (out->len <= columns || (detail == DETAIL_NO_ROWS && !most))
            break;
        if (detail < DETAIL_NO_ROWS)
            detail++;
        else
            most--;
    }
    if (out->len > columns) { /* all is ASCII: names in a profile are identifiers */
        out->len = columns;
        out->data[columns] = '\0';
    }
}

/* The last column stays free: some terminals begin a new line there. */
static size_t terminal_columns(void)
{
    struct winsize size;
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;

    return (known ? size.ws_col : COLUMNS_DEFAULT) - 1U;
}

/* Draws the line once. The caller holds the lock. */
static void draw(struct progress *progress)
{
    BUF_DONE struct buf line = BUF_INIT(LINE_SIZE);

    progress->view.now_ms = clock_ms();
    for (size_t i = 0; i < JOBS_MAX; i++)
        progress->view.sessions[i].bytes = atomic_load(&progress->activities[i].received);
    progress_line(&progress->view, terminal_columns(), &line);
    log_live(buf_text(&line));
}

/* Waits for so long, or with `is_changed` until something has changed; or until the end. The caller
 * holds the lock. */
static void wait_for_change(struct progress *progress, int ms, const bool *is_changed)
{
    const struct timespec until = thread_deadline(clock_ms() + ms);
    int late = 0;

    while (!late && !progress->ended && !(is_changed && *is_changed))
        late = pthread_cond_timedwait(&progress->changed, &progress->lock, &until);
}

static void *run_drawer(void *arg)
{
    struct progress *progress = arg;

    pthread_mutex_lock(&progress->lock);
    while (!progress->ended) {
        draw(progress);
        progress->is_new = false;
        wait_for_change(progress, REST_MS, NULL);
        wait_for_change(progress, DRAW_MS - REST_MS, &progress->is_new);
    }
    pthread_mutex_unlock(&progress->lock);
    return NULL;
}

static bool start_drawer(struct progress *progress)
{
    pthread_mutex_init(&progress->lock, NULL);
    thread_condition_init(&progress->changed);
    return thread_start(&progress->drawer, run_drawer, progress) == 0;
}

void progress_init(struct progress *progress, bool live)
{
    *progress = (struct progress){0};
    progress->live = live && start_drawer(progress);
}

void progress_done(struct progress *progress)
{
    if (!progress->live)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->ended = true;
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->drawer, NULL);
    pthread_mutex_destroy(&progress->lock);
    pthread_cond_destroy(&progress->changed);
    log_live(NULL);
    progress->live = false;
}

static bool is_shown(const struct progress *progress)
{
    return progress && progress->live;
}

void progress_start(struct progress *progress, size_t windows)
{
    if (!is_shown(progress))
        return;
    pthread_mutex_lock(&progress->lock);
    progress->view.windows = windows;
    progress->view.started_ms = clock_ms();
    pthread_mutex_unlock(&progress->lock);
}

static void set_task(struct progress *progress, struct progress_task *task, const char *what,
                     size_t number, size_t count)
{
    pthread_mutex_lock(&progress->lock);
    if (number)
        snprintf(task->what, sizeof(task->what), "%s %zu/%zu", what, number, count);
    else
        snprintf(task->what, sizeof(task->what), "%s", what);
    task->since_ms = clock_ms();
    progress->is_new = true;
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->lock);
}

void progress_main(struct progress *progress, const char *what, size_t number, size_t count)
{
    if (is_shown(progress))
        set_task(progress, &progress->view.main, what, number, count);
}

void progress_session(struct progress *progress, size_t worker, const char *what, size_t number,
                      size_t count)
{
    if (!is_shown(progress))
        return;
    atomic_store(&progress->activities[worker].received, 0);
    set_task(progress, &progress->view.sessions[worker], what, number, count);
}

void progress_session_idle(struct progress *progress, size_t worker)
{
    progress_session(progress, worker, "", 0, 0);
}

struct activity *progress_activity(struct progress *progress, size_t worker)
{
    return is_shown(progress) ? &progress->activities[worker] : NULL;
}

void progress_end_window(struct progress *progress, uint64_t rows)
{
    if (!is_shown(progress))
        return;
    pthread_mutex_lock(&progress->lock);
    progress->view.done++;
    progress->view.rows += rows;
    pthread_mutex_unlock(&progress->lock);
}
