/* SPDX-License-Identifier: MIT */
/* The story of a run. */
#include "run/cycle.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "extract/extractor.h"
#include "load/destination.h"
#include "load/history.h"
#include "load/reconcile.h"
#include "run/ahead.h"
#include "run/drift.h"
#include "run/holder.h"
#include "run/progress.h"
#include "run/window_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* One report's part of a run. */
struct job {
    struct drift drift;
    const struct report *report;  /* drift's, which may grow */
    struct grown_report prepared; /* as it was when the run began, for the threads that prepare */
    struct window_list windows;
    struct report_summary *summary;
    struct snapshot undated; /* that the exports showed */
    bool undated_too;        /* a full cycle may find that an undated row is gone */
    bool begun, ended;
    size_t seen;  /* windows, whatever became of them */
    int failures; /* lasting ones, one after the other */
    int64_t started_ms;
};

enum { LEASE_MARGIN = 300 }; /* seconds */

/* One run. */
struct cycle {
    const struct cycle_options *options;
    struct run run;
    char holder[HOLDER_SIZE]; /* of the lease: host and process */
    struct job *jobs;
    size_t job_count;
    struct extractor *extractor;
    struct destination *destination;
    char *folder; /* of the exports; NULL when the files are not ours */
    bool keep_files;
    struct progress progress;
};

/* Sorts by start, to the millisecond; two machines that start together differ by chance. */
static void name_run(struct run *run, const char *mode)
{
    struct timespec now;
    struct tm civil;
    uint32_t chance = 0;

    clock_gettime(CLOCK_REALTIME, &now);
    if (getrandom(&chance, sizeof(chance), 0) < 0)
        chance = (uint32_t)now.tv_nsec;
    run->mode = mode;
    run->started_at = now.tv_sec;
    localtime_r(&now.tv_sec, &civil);
    size_t len = strftime(run->id, sizeof(run->id), "%Y%m%dT%H%M%S", &civil);
    snprintf(run->id + len, sizeof(run->id) - len, ".%03u-%08x",
             (unsigned)(now.tv_nsec / 1000000) % 1000U, chance);
}

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
             log_int("inserted", (int64_t)entry->changes.inserted),
             log_int("updated", (int64_t)entry->changes.updated),
             log_int("deleted", (int64_t)entry->changes.deleted),
             log_int("unchanged", (int64_t)entry->changes.unchanged),
             log_int("ms", (int64_t)(entry->seconds * 1000)));
}

/* The last act of a full cycle: undated rows belong to no window, so only now, when every export of
 * the history was seen, can one be judged absent. */
static bool remove_undated(struct cycle *cycle, struct job *job, struct error *err)
{
    struct destination *dest = cycle->destination;
    struct snapshot held = {0};
    struct plan plan = {0};
    struct batch nothing = {.columns = job->report->column_count};
    struct ledger_entry entry = {
        .run_id = cycle->run.id,
        .report = job->report->name,
        .window = {.first = job->windows.period.first,
                   .last = job->windows.period.last,
                   .own_first = 0,
                   .own_last = -1, /* no day: the snapshot holds the undated rows only */
                   .complete = true},
        .status = WINDOW_LOADED,
        .reason = "",
        .file = "",
        .sha256 = "",
        .started_at = clock_now(),
        .ended_at = clock_now(),
    };

    if (!destination_begin(dest, job->report, entry.window, err))
        return false;
    bool ok = destination_snapshot(dest, &held, err);
    if (ok) {
        reconcile_undated(&held, &job->undated, &plan);
        entry.changes = plan.counts;
        if (plan.removed_count)
            ok = destination_apply(dest, &cycle->run, &nothing, &plan, err) &&
                 destination_commit(dest, &entry, err);
    }
    destination_rollback(dest);
    if (ok)
        job->summary->changes.deleted += plan.removed_count;
    snapshot_done(&held);
    plan_done(&plan);
    return ok;
}

/* Failures that the next window would most likely meet again. */
static bool is_lasting(const struct error *err)
{
    return err->kind == ERROR_PORTAL || err->kind == ERROR_DATABASE || err->kind == ERROR_SYSTEM ||
           err->kind == ERROR_LOGIN || err->kind == ERROR_LOCKED;
}

static void begin_job(struct cycle *cycle, struct job *job)
{
    if (job->begun)
        return;
    job->begun = true;
    progress_start_report(&cycle->progress, job->report->name, job->windows.count);
}

/* After its last window, or when it is given up. */
static void end_job(struct cycle *cycle, struct job *job)
{
    job->ended = true;
    if (job->undated_too && !cycle->options->sample && job->summary->loaded == job->windows.count) {
        struct error lost;
        if (!remove_undated(cycle, job, &lost)) {
            job->summary->failure = lost;
            log_error("undated.lost", log_text("report", job->report->name),
                      log_text("error", lost.message));
        }
    }
    job->summary->seconds = (double)(clock_ms() - job->started_ms) / 1000;
}

static bool load_window(struct cycle *cycle, struct job *job, struct prepared *prepared,
                        struct error *err)
{
    const struct window_loader loader = {
        .run = &cycle->run,
        .drift = &job->drift,
        .report = job->report,
        .destination = cycle->destination,
        .undated = &job->undated,
        .accept_shrink = cycle->options->accept_shrink,
        .sample = cycle->options->sample,
        .sample_arg = cycle->options->sample_arg,
        .sample_max = CYCLE_SAMPLE_MAX,
    };
    struct ledger_entry entry;
    struct error lost = {0};

    begin_job(cycle, job);
    progress_start_window(&cycle->progress, prepared->window);
    const bool ok = window_load(&loader, prepared, &entry, &lost);
    progress_end_window(&cycle->progress, entry.rows.read);
    summary_add(job->summary, &entry, &lost);
    log_window(&entry, &lost);
    job->seen++;
    job->failures = !ok && is_lasting(&lost) ? job->failures + 1 : 0;
    if (lost.kind == ERROR_STOPPED)
        *err = lost;
    return lost.kind != ERROR_STOPPED;
}

static void give_up(struct ahead *ahead, const struct job *job, size_t number)
{
    log_error("report.given_up", log_text("report", job->report->name),
              log_int("windows_left", (int64_t)(job->windows.count - job->seen)));
    ahead_skip(ahead, number);
}

/* False only if the whole run must end. */
static bool load_all(struct cycle *cycle, struct ahead *ahead, struct error *err)
{
    struct ahead_task task;
    struct prepared prepared;

    while (ahead_next(ahead, &task, &prepared)) {
        struct job *job = &cycle->jobs[task.report];
        const bool go_on = load_window(cycle, job, &prepared, err);
        prepared_done(&prepared, cycle->keep_files);
        if (!go_on)
            return false;
        const bool hopeless = job->failures == CYCLE_FAILURES_MAX;
        if (hopeless && job->seen < job->windows.count)
            give_up(ahead, job, task.report);
        if (hopeless || job->seen == job->windows.count)
            end_job(cycle, job);
    }
    return true;
}

/* All windows of all reports, in order. */
static struct ahead_task *list_tasks(const struct cycle *cycle, size_t *count)
{
    struct ahead_task *tasks;
    size_t at = 0;

    for (size_t i = 0; i < cycle->job_count; i++)
        at += cycle->jobs[i].windows.count;
    *count = at;
    tasks = mem_array(at, sizeof(*tasks));
    at = 0;
    for (size_t i = 0; i < cycle->job_count; i++)
        for (size_t w = 0; w < cycle->jobs[i].windows.count; w++)
            tasks[at++] =
                (struct ahead_task){.report = i, .window = cycle->jobs[i].windows.items[w]};
    return tasks;
}

static bool run_jobs(struct cycle *cycle, struct error *err)
{
    const struct report **reports = mem_array(cycle->job_count, sizeof(*reports));
    struct ahead_work work = {
        .reports = reports,
        .report_count = cycle->job_count,
        .extractors = &cycle->extractor,
        .worker_count = 1,
        .accept_shrink = cycle->options->accept_shrink,
        .keep_files = cycle->keep_files,
    };
    struct ahead_task *tasks = list_tasks(cycle, &work.task_count);
    struct ahead *ahead = NULL;

    work.tasks = tasks;
    for (size_t i = 0; i < cycle->job_count; i++) {
        grown_report_copy(&cycle->jobs[i].prepared, &cycle->jobs[i].drift.grown);
        reports[i] = &cycle->jobs[i].prepared.report;
        cycle->jobs[i].started_ms = clock_ms();
    }
    const bool ok = ahead_start(&work, &ahead, err) && load_all(cycle, ahead, err);
    ahead_stop(ahead);
    for (size_t i = 0; i < cycle->job_count; i++)
        if (!cycle->jobs[i].ended)
            end_job(cycle, &cycle->jobs[i]);
    free(tasks);
    free(reports);
    return ok;
}

/* A window renews the lease when it is written, so a holder may be silent for as long as an export may
 * take, and a little longer. */
static bool take_lease(struct cycle *cycle, int window_seconds, struct error *err)
{
    holder_name(cycle->holder);
    return destination_take_lease(cycle->destination,
                                  &(struct lease){.run_id = cycle->run.id,
                                                  .holder = cycle->holder,
                                                  .seconds = window_seconds + LEASE_MARGIN,
                                                  .is_dead = holder_is_dead},
                                  err);
}

static bool open_destination(struct cycle *cycle, const struct settings *settings,
                             int window_seconds, struct error *err)
{
    if (!destination_open(settings->database, &cycle->destination, err))
        return false;
    if (cycle->destination->warning)
        log_warn("database.warning", log_text("warning", cycle->destination->warning));
    for (size_t i = 0; i < cycle->job_count; i++)
        if (!destination_migrate(cycle->destination, cycle->jobs[i].report, err) ||
            !drift_recall(&cycle->jobs[i].drift, cycle->destination, err))
            return false;
    if (cycle->options->sample) /* writes nothing: no lease, no run */
        return true;
    return take_lease(cycle, window_seconds, err) &&
           destination_start_run(cycle->destination, &cycle->run, err);
}

static bool is_cell(struct cell cell, const char *text)
{
    return cell.text && strlen(text) == cell.len && memcmp(cell.text, text, cell.len) == 0;
}

static bool is_day(struct cell cell, int32_t day)
{
    char text[DATE_ISO_SIZE];

    return is_cell(cell, date_format_iso(day, text));
}

/* Takes a window that an earlier run has loaded out of its job. */
static bool skip_window(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct cycle *cycle = arg;

    (void)count;
    (void)err;
    for (size_t j = 0; j < cycle->job_count; j++) {
        struct job *job = &cycle->jobs[j];
        size_t kept = 0;
        for (size_t i = 0; i < job->windows.count; i++) {
            struct window window = job->windows.items[i];
            if (!is_cell(cells[0], job->report->name) || !is_day(cells[1], window.first) ||
                !is_day(cells[2], window.last) || !is_day(cells[3], window.own_first) ||
                !is_day(cells[4], window.own_last))
                job->windows.items[kept++] = window;
        }
        if (kept < job->windows.count) {
            job->summary->resumed += job->windows.count - kept;
            job->summary->windows = kept;
            job->undated_too = false; /* what those windows showed is not known any more */
        }
        job->windows.count = kept;
    }
    return true;
}

/* The portal changes by the hour: what an interrupted run loaded longer ago is asked for again. */
static bool resume(struct cycle *cycle, struct error *err)
{
    return !cycle->options->resume ||
           history_unfinished(cycle->destination, cycle->run.mode, cycle->options->today - 1,
                              skip_window, cycle, err);
}

static bool open_portal(struct cycle *cycle, const struct portal *portal,
                        const struct settings *settings, struct error *err)
{
    return file_make_temp_dir("etl-sigos", &cycle->folder, err) &&
           extractor_open_portal(portal, settings, cycle->folder, &cycle->extractor, err);
}

static void cycle_init(struct cycle *cycle, const struct cycle_options *options, const char *mode,
                       size_t job_count, struct summary *out)
{
    *out = (struct summary){
        .reports = mem_array(job_count, sizeof(*out->reports)),
        .report_count = job_count,
        .rehearsal = options->sample != NULL,
    };
    *cycle = (struct cycle){
        .options = options,
        .jobs = mem_array(job_count, sizeof(*cycle->jobs)),
        .job_count = job_count,
        .keep_files = options->keep_files,
    };
    name_run(&cycle->run, mode);
    snprintf(out->run_id, sizeof(out->run_id), "%s", cycle->run.id);
    progress_init(&cycle->progress, options->live);
}

static void add_job(struct cycle *cycle, size_t at, const struct report *report,
                    struct window_list windows, bool undated_too, struct summary *out)
{
    struct job *job = &cycle->jobs[at];

    out->reports[at] = (struct report_summary){.report = report->name, .windows = windows.count};
    *job = (struct job){
        .windows = windows,
        .summary = &out->reports[at],
        .undated_too = undated_too,
    };
    drift_init(&job->drift, report, job->summary);
    job->report = &job->drift.grown.report;
}

/* Closes everything, writes the run's end into the ledger and leaves the outcome in *out. */
static void cycle_done(struct cycle *cycle, int64_t started_ms, bool started, struct summary *out)
{
    struct error err;

    progress_done(&cycle->progress);
    extractor_close(cycle->extractor);
    out->seconds = (double)(clock_ms() - started_ms) / 1000;
    if (started && !cycle->options->sample &&
        !destination_end_run(cycle->destination, &cycle->run, summary_exit_code(out), clock_now(),
                             &err))
        log_warn("ledger.unrecorded", log_text("run", cycle->run.id),
                 log_text("error", err.message));
    if (cycle->destination)
        destination_release_lease(cycle->destination);
    destination_close(cycle->destination);
    if (cycle->folder && cycle->options->keep_files)
        log_info("files.kept", log_text("run", cycle->run.id), log_text("folder", cycle->folder));
    else if (cycle->folder)
        file_remove_tree(cycle->folder);
    for (size_t i = 0; i < cycle->job_count; i++) {
        window_list_done(&cycle->jobs[i].windows);
        snapshot_done(&cycle->jobs[i].undated);
        grown_report_done(&cycle->jobs[i].prepared);
        drift_done(&cycle->jobs[i].drift);
    }
    free(cycle->jobs);
    free(cycle->folder);
}

void cycle_run(const struct portal *portal, const struct settings *settings,
               const struct report *const *reports, size_t report_count,
               const struct cycle_options *options, struct summary *out)
{
    const int64_t started_ms = clock_ms();
    const bool whole =
        options->mode == MODE_FULL && !options->wish.has_first && !options->wish.has_last;
    struct cycle cycle;
    bool ok = true, started = false;

    cycle_init(&cycle, options, cycle_mode_name(options->mode), report_count, out);
    for (size_t i = 0; ok && i < report_count; i++) {
        struct window_list windows = {0};
        ok = windows_plan(&reports[i]->windows, options->mode, options->today, options->wish,
                          &windows, &out->error) ||
             error_context(&out->error, "%s", reports[i]->name);
        add_job(&cycle, i, reports[i], windows, whole, out);
    }
    ok =
        ok && (started = open_destination(&cycle, settings, portal->deadlines.window, &out->error));
    ok = ok && resume(&cycle, &out->error);
    ok = ok && open_portal(&cycle, portal, settings, &out->error);
    if (ok)
        run_jobs(&cycle, &out->error);
    cycle_done(&cycle, started_ms, started, out);
}

void cycle_load_files(const struct settings *settings, const struct report *report,
                      char *const *paths, size_t path_count, const struct cycle_options *options,
                      struct summary *out)
{
    const int64_t started_ms = clock_ms();
    const struct day_range wish = options->wish;
    struct cycle cycle;
    bool started = false;

    struct window window = {
        .first = wish.has_first ? wish.first : DATE_MIN,
        .last = wish.has_last ? wish.last : DATE_MAX,
        .complete = wish.has_first && wish.has_last,
    };
    window.own_first = window.first;
    window.own_last = window.last;
    struct window_list windows = {
        .items = mem_array(1, sizeof(*windows.items)),
        .count = 1,
        .period = {.first = window.first, .last = window.last},
    };
    windows.items[0] = window;
    cycle_init(&cycle, options, "load", 1, out);
    cycle.keep_files = true; /* they are a person's */
    add_job(&cycle, 0, report, windows, false, out);
    if ((started = open_destination(&cycle, settings, 0, &out->error)) &&
        extractor_open_files(paths, path_count, &cycle.extractor, &out->error))
        run_jobs(&cycle, &out->error);
    cycle_done(&cycle, started_ms, started, out);
}
