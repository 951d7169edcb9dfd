/* SPDX-License-Identifier: MIT */
/* Window after window, as they become ready. */
#include "run/window_loop.h"

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

static void begin_report(const struct window_loop *work, struct report_run *part)
{
    if (part->begun)
        return;
    part->begun = true;
    progress_start_report(work->progress, part->report->name, part->windows.count);
}

static void remove_undated(const struct window_loop *work, struct report_run *part)
{
    struct change_counts changes;
    struct error lost;

    if (undated_rows_remove(work->destination, work->run, part->report, part->windows.period,
                            &part->undated, &part->open, &part->doubts, &changes, &lost)) {
        part->summary->changes.deleted += changes.deleted;
        part->summary->changes.kept += changes.kept;
        return;
    }
    part->summary->failure = lost;
    log_error("undated.lost", log_text("report", part->report->name),
              log_text("error", lost.message));
}

/* After its last window, or when it is given up. */
static void end_report(const struct window_loop *work, struct report_run *part)
{
    part->ended = true;
    if (part->undated_too && !work->options->sample && part->summary->loaded == part->windows.count)
        remove_undated(work, part);
    part->summary->seconds = (double)(clock_ms() - part->started_ms) / 1000;
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

static bool load_window(const struct window_loop *work, struct report_run *part,
                        struct prepared *prepared, struct habits now, struct error *err)
{
    const struct window_loader loader = {
        .run = work->run,
        .drift = &part->drift,
        .report = part->report,
        .destination = part->destination,
        .legacy_rows = part->legacy_rows,
        .undated = &part->undated,
        .known = &part->habits,
        .now = now,
        .doubts = &part->doubts,
        .open = part->undated_too ? &part->open : NULL,
        .accept_shrink = work->options->accept_shrink,
        .today = work->options->today,
        .may_doubt = work->seconds > 0,
        .last_day = part->windows.period.last,
        .sample = work->options->sample,
        .sample_arg = work->options->sample_arg,
        .sample_max = CYCLE_SAMPLE_MAX,
    };
    struct ledger_entry entry;
    struct error lost = {0};

    const int64_t began_ms = clock_ms();

    begin_report(work, part);
    progress_start_window(work->progress, prepared->window);
    const bool ok = window_load(&loader, prepared, &entry, &lost);
    if (prepared->doubted && !prepared->confirmed)
        return true;
    progress_end_window(work->progress, entry.rows.read);
    if (ok)
        part->habits = now;
    summary_add(part->summary, &entry, &lost);
    log_window(&entry, &lost);
    part->seen++;
    if (!ok && is_lasting(&lost))
        incidents_add(&part->failures, work_of(prepared, began_ms));
    else
        incidents_reset(&part->failures);
    if (ends_run(&lost))
        *err = lost;
    return !ends_run(&lost);
}

static void give_up(struct pipeline *pipeline, const struct report_run *part, size_t number)
{
    log_error("report.given_up", log_text("report", part->report->name),
              log_int("windows_left", (int64_t)(part->windows.count - part->seen)));
    pipeline_skip(pipeline, number);
}

/* The lease is renewed meanwhile: a portal may ask to be left alone for ten minutes. False only if
 * the run must end. A database that cannot be reached just now may be back in time, and if not,
 * the next window finds another run's lease. */
static bool wait_for_window(const struct window_loop *work, struct pipeline *pipeline,
                            struct error *err)
{
    struct error lost;

    while (!pipeline_wait(pipeline, clock_ms() + work->renew_ms)) {
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
static bool load_all(const struct window_loop *work, struct pipeline *pipeline, struct error *err)
{
    struct report_window what;
    struct prepared prepared;

    for (;;) {
        if (!wait_for_window(work, pipeline, err))
            return false;
        if (!pipeline_next(pipeline, &what, &prepared))
            return true;
        struct report_run *part = &work->parts[what.report];
        const bool go_on =
            load_window(work, part, &prepared, pipeline_habits(pipeline, what.report), err);
        if (prepared.doubted && !prepared.confirmed && pipeline_doubt(pipeline, &what, &prepared))
            continue;
        prepared_done(&prepared, work->keep_files);
        if (!go_on)
            return false;
        const bool hopeless = part->failures.count == CYCLE_FAILURES_MAX;
        if (hopeless && part->seen < part->windows.count)
            give_up(pipeline, part, what.report);
        if (hopeless || part->seen == part->windows.count)
            end_report(work, part);
    }
}

/* All windows of all reports, in order. */
static struct report_window *list_windows(const struct window_loop *work, size_t *count)
{
    struct report_window *windows;
    size_t at = 0;

    for (size_t i = 0; i < work->part_count; i++)
        at += work->parts[i].windows.count;
    *count = at;
    windows = mem_array(at, sizeof(*windows));
    at = 0;
    for (size_t i = 0; i < work->part_count; i++)
        for (size_t w = 0; w < work->parts[i].windows.count; w++)
            windows[at++] =
                (struct report_window){.report = i, .window = work->parts[i].windows.items[w]};
    return windows;
}

/* A session that has nothing to ask for would only log in. */
static size_t count_workers(size_t wished, size_t window_count)
{
    const size_t useful = wished < window_count ? wished : window_count;

    return useful ? useful : 1;
}

bool window_loop_run(const struct window_loop *work, struct error *err)
{
    const struct report **reports = mem_array(work->part_count, sizeof(*reports));
    const struct habits **habits = mem_array(work->part_count, sizeof(*habits));
    struct pipeline_work pipeline_work = {
        .reports = reports,
        .habits = habits,
        .report_count = work->part_count,
        .extractor = work->extractor,
        .accept_shrink = work->options->accept_shrink,
        .seconds = work->seconds,
        .keep_files = work->keep_files,
    };
    struct report_window *windows = list_windows(work, &pipeline_work.window_count);
    struct pipeline *pipeline = NULL;

    pipeline_work.windows = windows;
    pipeline_work.worker_count = count_workers(work->workers, pipeline_work.window_count);
    for (size_t i = 0; i < work->part_count; i++) {
        struct report_run *part = &work->parts[i];
        grown_report_copy(&part->prepared, &part->drift.grown);
        reports[i] = &part->prepared.report;
        habits[i] = &part->habits;
        part->started_ms = clock_ms();
    }
    const bool ok = pipeline_start(&pipeline_work, &pipeline, err) && load_all(work, pipeline, err);
    pipeline_stop(pipeline);
    for (size_t i = 0; i < work->part_count; i++)
        if (!work->parts[i].ended)
            end_report(work, &work->parts[i]);
    free(windows);
    free(reports);
    free(habits);
    return ok;
}
