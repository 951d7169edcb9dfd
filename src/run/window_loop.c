/* SPDX-License-Identifier: MIT */
/* Loads the windows of a run, one after the other, as they become ready. */
#include "run/window_loop.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/keeper.h"
#include "run/pipeline.h"
#include "run/window_load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BRIEF_MAX = 512, YEAR_LENGTH = sizeof("2026-") - 1 };

/* Adds what a person at a terminal wants to know of a loaded window, in the rest of 100 columns:
 * nothing that is zero, nothing that is usual in every window (rows of a neighbour, rows that came
 * twice), and not the number of rows read, which follows from the others. */
static void add_brief(struct buf *brief, const struct ledger_entry *entry)
{
    const struct {
        const char *before;
        uint64_t number;
        const char *behind;
    } parts[] = {
        {" +", entry->changes.inserted, ""}, {" ~", entry->changes.updated, ""},
        {" -", entry->changes.deleted, ""},  {" =", entry->changes.unchanged, ""},
        {" ", entry->changes.kept, " kept"}, {" ", entry->rows.rejected, " rejected"},
    };
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    date_format_iso(entry->window.first, first);
    date_format_iso(entry->window.last, last);
    buf_addf(brief, "%s %s..%s", entry->report, first,
             last + (strncmp(first, last, YEAR_LENGTH) == 0 ? YEAR_LENGTH : 0));
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (parts[i].number)
            buf_addf(brief, "%s%" PRIu64 "%s", parts[i].before, parts[i].number, parts[i].behind);
    buf_addf(brief, " %" PRId64 "ms", (int64_t)(entry->seconds * 1000));
}

static void log_window(const struct ledger_entry *entry, const struct error *err)
{
    BUF_DONE struct buf brief = BUF_INIT(BRIEF_MAX);
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    date_format_iso(entry->window.first, first);
    date_format_iso(entry->window.last, last);
    if (entry->status != WINDOW_LOADED) {
        log_error("window.lost", log_text("report", entry->report), log_text("first", first),
                  log_text("last", last), log_text("status", window_status_name(entry->status)),
                  log_text("error", err->message));
        return;
    }
    add_brief(&brief, entry);
    log_info("window.loaded", log_brief(buf_text(&brief)), log_text("report", entry->report),
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

/* Whether a failure ends the run: a signal, or another run that holds the lease. */
static bool ends_run(const struct error *err)
{
    return err->kind == ERROR_STOPPED || err->kind == ERROR_LOCKED;
}

/* Returns the time in which a window failed: while it was prepared, or while it was loaded. */
static struct incident time_of_failure(const struct prepared *prepared, int64_t load_began_ms)
{
    if (prepared->error.kind != ERROR_NONE)
        return (struct incident){.began_ms = prepared->began_ms, .ended_ms = prepared->ended_ms};
    return (struct incident){.began_ms = load_began_ms, .ended_ms = clock_ms()};
}

static struct window_loader loader_of(const struct window_loop *loop, struct report_run *part,
                                      struct habits now)
{
    return (struct window_loader){
        .run = loop->run,
        .drift = &part->drift,
        .report = part->report,
        .destination = part->destination,
        .legacy_rows = part->legacy_rows,
        .undated = &part->undated,
        .known = &part->habits,
        .now = now,
        .doubts = &part->doubts,
        .open = part->judges_undated ? &part->open : NULL,
        .accept_shrink = loop->options->accept_shrink,
        .today = loop->options->today,
        .may_doubt = loop->seconds > 0,
        .last_day = part->windows.period.last,
        .summaries = loop->summaries,
        .sample = loop->options->sample,
        .sample_arg = loop->options->sample_arg,
        .sample_max = CYCLE_SAMPLE_MAX,
    };
}

/* Loads a window, or leaves it as it is if it turns out to be doubted. False only if the whole run
 * must end. */
static bool load_window(const struct window_loop *loop, struct report_run *part,
                        struct prepared *prepared, struct habits now, struct error *err)
{
    const struct window_loader loader = loader_of(loop, part, now);
    const int64_t began_ms = clock_ms();
    struct ledger_entry entry;
    struct error why = {0};

    progress_main(loop->progress, "writing", 0, 0);
    const bool loaded = window_load(&loader, prepared, &entry, &why);
    progress_main(loop->progress, "", 0, 0);
    if (prepared->doubted && !prepared->confirmed)
        return true;
    progress_end_window(loop->progress, entry.rows.read);
    if (loaded)
        part->habits = now;
    report_run_count_window(part, &entry, &why, time_of_failure(prepared, began_ms));
    log_window(&entry, &why);
    if (loaded && loop->keeper)
        keeper_keep(loop->keeper, part, prepared, &entry);
    if (loaded || !ends_run(&why))
        return true;
    *err = why;
    return false;
}

static void give_up(struct pipeline *pipeline, const struct report_run *part, size_t report)
{
    log_error("report.given_up", log_text("report", part->report->name),
              log_int("windows_left", (int64_t)report_run_windows_left(part)));
    pipeline_skip(pipeline, report);
}

/* Waits until a window is ready, and renews the lease meanwhile: the portal may ask for a pause of
 * ten minutes, which is longer than the lease. A database that cannot be reached for a while is no
 * failure yet: if the lease was lost meanwhile, the next window finds that another run holds it.
 * False only if the whole run must end. */
static bool wait_for_window(const struct window_loop *loop, struct pipeline *pipeline,
                            struct error *err)
{
    struct error why;

    while (!pipeline_wait(pipeline, clock_ms() + loop->renew_ms)) {
        if (destination_keep_lease(loop->destination, &why))
            continue;
        if (ends_run(&why)) {
            *err = why;
            return false;
        }
        log_warn("lease.not_renewed", log_text("error", why.message));
    }
    return true;
}

static void end_report(const struct window_loop *loop, struct report_run *part)
{
    if (part->ended || loop->more)
        return;
    report_run_end(part, loop->run, loop->options->sample != NULL);
    if (loop->keeper)
        keeper_sweep(loop->keeper, part);
}

/* Ends a report after its last window, or gives it up when too many windows failed in a row. */
static void end_report_if_over(const struct window_loop *loop, struct pipeline *pipeline,
                               size_t report)
{
    struct report_run *part = &loop->parts[report];
    const bool hopeless = report_run_is_hopeless(part);

    if (hopeless && report_run_windows_left(part) > 0)
        give_up(pipeline, part, report);
    if (hopeless || report_run_windows_left(part) == 0)
        end_report(loop, part);
}

/* Loads the windows as they become ready. False only if the whole run must end. */
static bool load_all(const struct window_loop *loop, struct pipeline *pipeline, struct error *err)
{
    struct report_window what;
    struct prepared prepared;

    for (;;) {
        if (!wait_for_window(loop, pipeline, err))
            return false;
        if (!pipeline_next(pipeline, &what, &prepared))
            return true;
        const bool go_on = load_window(loop, &loop->parts[what.report], &prepared,
                                       pipeline_habits(pipeline, what.report), err);
        if (prepared.doubted && !prepared.confirmed && pipeline_doubt(pipeline, &what, &prepared))
            continue;
        prepared_done(&prepared, loop->keep_files);
        if (!go_on)
            return false;
        end_report_if_over(loop, pipeline, what.report);
    }
}

static size_t count_left(const struct report_run *part)
{
    return report_run_is_hopeless(part) ? 0 : report_run_windows_left(part);
}

/* Lists the windows of all reports that are left, one report after the other. */
static struct report_window *list_windows(const struct window_loop *loop, size_t *count)
{
    struct report_window *windows;
    size_t at = 0;

    *count = 0;
    for (size_t i = 0; i < loop->part_count; i++)
        *count += count_left(&loop->parts[i]);
    windows = mem_array(*count, sizeof(*windows));
    for (size_t i = 0; i < loop->part_count; i++)
        for (size_t w = loop->parts[i].windows.count - count_left(&loop->parts[i]);
             w < loop->parts[i].windows.count; w++)
            windows[at++] = (struct report_window){.report = i,
                                                   .window = loop->parts[i].windows.items[w],
                                                   .number = w + 1,
                                                   .count = loop->parts[i].windows.count};
    return windows;
}

/* Returns how many workers have a window to prepare: one more would only log in. At least one. */
static size_t count_workers(size_t wanted, size_t window_count)
{
    const size_t useful = wanted < window_count ? wanted : window_count;

    return useful ? useful : 1;
}

bool window_loop_run(const struct window_loop *loop, struct error *err)
{
    const struct report **reports = mem_array(loop->part_count, sizeof(*reports));
    const struct habits **habits = mem_array(loop->part_count, sizeof(*habits));
    struct pipeline_work work = {
        .reports = reports,
        .habits = habits,
        .report_count = loop->part_count,
        .extractor = loop->extractor,
        .accept_shrink = loop->options->accept_shrink,
        .seconds = loop->seconds,
        .keep_files = loop->keep_files,
        .progress = loop->progress,
    };
    struct report_window *windows = list_windows(loop, &work.window_count);
    struct pipeline *pipeline = NULL;

    work.windows = windows;
    progress_start(loop->progress, work.window_count);
    work.worker_count = count_workers(loop->workers, work.window_count);
    for (size_t i = 0; i < loop->part_count; i++) {
        report_run_start(&loop->parts[i]);
        reports[i] = &loop->parts[i].prepared.report;
        habits[i] = &loop->parts[i].habits;
    }
    const bool ok = pipeline_start(&work, &pipeline, err) && load_all(loop, pipeline, err);
    pipeline_stop(pipeline);
    for (size_t i = 0; i < loop->part_count; i++)
        end_report(loop, &loop->parts[i]);
    free(windows);
    free(reports);
    free(habits);
    return ok;
}
