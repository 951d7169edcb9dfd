/* SPDX-License-Identifier: MIT */
/* Window after window, as they become ready. */
#include "run/report_run.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/pipeline.h"
#include "run/undated_rows.h"
#include "run/window_load.h"

#include <stdlib.h>

static void log_window(const struct ledger_entry *entry, const struct error *err)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    date_format_iso(entry->window.first, first);
    date_format_iso(entry->window.last, last);
    if (entry->status != WINDOW_LOADED) {
        log_error("window.lost", log_text("run", entry->run_id), log_text("report", entry->report),
                  log_text("first", first), log_text("last", last),
                  log_text("status", window_status_name(entry->status)),
                  log_text("error", err->message));
        return;
    }
    log_info("window.loaded", log_text("run", entry->run_id), log_text("report", entry->report),
             log_text("first", first), log_text("last", last),
             log_int("read", (int64_t)entry->rows.read),
             log_int("boundary", (int64_t)entry->rows.boundary),
             log_int("duplicates", (int64_t)entry->rows.duplicates),
             log_int("rejected", (int64_t)entry->rows.rejected),
             log_int("left_out", (int64_t)entry->rows.left_out),
             log_int("inserted", (int64_t)entry->changes.inserted),
             log_int("updated", (int64_t)entry->changes.updated),
             log_int("deleted", (int64_t)entry->changes.deleted),
             log_int("kept", (int64_t)entry->changes.kept),
             log_int("unchanged", (int64_t)entry->changes.unchanged),
             log_int("ms", (int64_t)(entry->seconds * 1000)));
}

/* Failures that the next window would most likely meet again. */
static bool is_lasting(const struct error *err)
{
    return err->kind == ERROR_PORTAL || err->kind == ERROR_DATABASE || err->kind == ERROR_SYSTEM ||
           err->kind == ERROR_LOGIN;
}

static void begin_job(const struct jobs_work *work, struct job *job)
{
    if (job->begun)
        return;
    job->begun = true;
    progress_start_report(work->progress, job->report->name, job->windows.count);
}

static void remove_undated(const struct jobs_work *work, struct job *job)
{
    struct change_counts changes;
    struct error lost;

    if (undated_remove(work->destination, work->run, job->report, job->windows.period,
                       &job->undated, &job->open, &job->doubts, &changes, &lost)) {
        job->summary->changes.deleted += changes.deleted;
        job->summary->changes.kept += changes.kept;
        return;
    }
    job->summary->failure = lost;
    log_error("undated.lost", log_text("report", job->report->name),
              log_text("error", lost.message));
}

/* After its last window, or when it is given up. */
static void end_job(const struct jobs_work *work, struct job *job)
{
    job->ended = true;
    if (job->undated_too && !work->options->sample && job->summary->loaded == job->windows.count)
        remove_undated(work, job);
    job->summary->seconds = (double)(clock_ms() - job->started_ms) / 1000;
}

/* What no other window could change: a signal, or another run's lease. */
static bool ends_run(const struct error *err)
{
    return err->kind == ERROR_STOPPED || err->kind == ERROR_LOCKED;
}

/* When a window failed: while it was prepared, or while it was loaded. */
static struct incident work_of(const struct prepared *prepared, int64_t load_began_ms)
{
    if (prepared->error.kind != ERROR_NONE)
        return (struct incident){.began_ms = prepared->began_ms, .ended_ms = prepared->ended_ms};
    return (struct incident){.began_ms = load_began_ms, .ended_ms = clock_ms()};
}

static bool load_window(const struct jobs_work *work, struct job *job, struct prepared *prepared,
                        struct habits now, struct error *err)
{
    const struct window_loader loader = {
        .run = work->run,
        .drift = &job->drift,
        .report = job->report,
        .destination = job->destination,
        .legacy_rows = job->legacy_rows,
        .undated = &job->undated,
        .known = &job->habits,
        .now = now,
        .doubts = &job->doubts,
        .open = job->undated_too ? &job->open : NULL,
        .accept_shrink = work->options->accept_shrink,
        .today = work->options->today,
        .may_doubt = work->seconds > 0,
        .last_day = job->windows.period.last,
        .sample = work->options->sample,
        .sample_arg = work->options->sample_arg,
        .sample_max = CYCLE_SAMPLE_MAX,
    };
    struct ledger_entry entry;
    struct error lost = {0};

    const int64_t began_ms = clock_ms();

    begin_job(work, job);
    progress_start_window(work->progress, prepared->window);
    const bool ok = window_load(&loader, prepared, &entry, &lost);
    if (prepared->doubted && !prepared->confirmed)
        return true;
    progress_end_window(work->progress, entry.rows.read);
    if (ok)
        job->habits = now;
    summary_add(job->summary, &entry, &lost);
    log_window(&entry, &lost);
    job->seen++;
    if (!ok && is_lasting(&lost))
        incidents_add(&job->failures, work_of(prepared, began_ms));
    else
        incidents_reset(&job->failures);
    if (ends_run(&lost))
        *err = lost;
    return !ends_run(&lost);
}

static void give_up(struct ahead *ahead, const struct job *job, size_t number)
{
    log_error("report.given_up", log_text("report", job->report->name),
              log_int("windows_left", (int64_t)(job->windows.count - job->seen)));
    ahead_skip(ahead, number);
}

/* The lease is renewed meanwhile: a portal may ask to be left alone for ten minutes. False only if
 * the run must end. A database that cannot be reached just now may be back in time, and if not,
 * the next window finds another run's lease. */
static bool wait_for_window(const struct jobs_work *work, struct ahead *ahead, struct error *err)
{
    struct error lost;

    while (!ahead_wait(ahead, clock_ms() + work->renew_ms)) {
        if (destination_keep_lease(work->destination, &lost))
            continue;
        if (ends_run(&lost)) {
            *err = lost;
            return false;
        }
        log_warn("lease.not_renewed", log_text("run", work->run->id),
                 log_text("error", lost.message));
    }
    return true;
}

/* False only if the whole run must end. */
static bool load_all(const struct jobs_work *work, struct ahead *ahead, struct error *err)
{
    struct ahead_task task;
    struct prepared prepared;

    for (;;) {
        if (!wait_for_window(work, ahead, err))
            return false;
        if (!ahead_next(ahead, &task, &prepared))
            return true;
        struct job *job = &work->jobs[task.report];
        const bool go_on = load_window(work, job, &prepared, ahead_habits(ahead, task.report), err);
        if (prepared.doubted && !prepared.confirmed && ahead_doubt(ahead, &task, &prepared))
            continue;
        prepared_done(&prepared, work->keep_files);
        if (!go_on)
            return false;
        const bool hopeless = job->failures.count == CYCLE_FAILURES_MAX;
        if (hopeless && job->seen < job->windows.count)
            give_up(ahead, job, task.report);
        if (hopeless || job->seen == job->windows.count)
            end_job(work, job);
    }
}

/* All windows of all reports, in order. */
static struct ahead_task *list_tasks(const struct jobs_work *work, size_t *count)
{
    struct ahead_task *tasks;
    size_t at = 0;

    for (size_t i = 0; i < work->job_count; i++)
        at += work->jobs[i].windows.count;
    *count = at;
    tasks = mem_array(at, sizeof(*tasks));
    at = 0;
    for (size_t i = 0; i < work->job_count; i++)
        for (size_t w = 0; w < work->jobs[i].windows.count; w++)
            tasks[at++] =
                (struct ahead_task){.report = i, .window = work->jobs[i].windows.items[w]};
    return tasks;
}

/* A session that has nothing to ask for would only log in. */
static size_t count_workers(size_t wished, size_t task_count)
{
    const size_t useful = wished < task_count ? wished : task_count;

    return useful ? useful : 1;
}

bool jobs_run(const struct jobs_work *work, struct error *err)
{
    const struct report **reports = mem_array(work->job_count, sizeof(*reports));
    const struct habits **habits = mem_array(work->job_count, sizeof(*habits));
    struct ahead_work ahead_work = {
        .reports = reports,
        .habits = habits,
        .report_count = work->job_count,
        .extractor = work->extractor,
        .accept_shrink = work->options->accept_shrink,
        .seconds = work->seconds,
        .keep_files = work->keep_files,
    };
    struct ahead_task *tasks = list_tasks(work, &ahead_work.task_count);
    struct ahead *ahead = NULL;

    ahead_work.tasks = tasks;
    ahead_work.worker_count = count_workers(work->workers, ahead_work.task_count);
    for (size_t i = 0; i < work->job_count; i++) {
        struct job *job = &work->jobs[i];
        grown_report_copy(&job->prepared, &job->drift.grown);
        reports[i] = &job->prepared.report;
        habits[i] = &job->habits;
        job->started_ms = clock_ms();
    }
    const bool ok = ahead_start(&ahead_work, &ahead, err) && load_all(work, ahead, err);
    ahead_stop(ahead);
    for (size_t i = 0; i < work->job_count; i++)
        if (!work->jobs[i].ended)
            end_job(work, &work->jobs[i]);
    free(tasks);
    free(reports);
    free(habits);
    return ok;
}
