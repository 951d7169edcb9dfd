/* SPDX-License-Identifier: MIT */
/* Begins, counts and ends the windows of one report, and counts its failures in a row. */
#include "run/report_run.h"

#include "base/clock.h"
#include "base/log.h"
#include "run/cycle_options.h"
#include "run/undated_rows.h"

#include <stdbool.h>

/* Whether the two have a moment in common. */
static bool overlap(struct incident one, struct incident other)
{
    return one.began_ms < other.ended_ms && other.began_ms < one.ended_ms;
}

void incidents_add(struct incidents *incidents, struct incident failure)
{
    for (size_t i = 0; i < incidents->count; i++)
        if (overlap(incidents->items[i], failure))
            return;
    if (incidents->count < INCIDENTS_MAX)
        incidents->items[incidents->count++] = failure;
}

void incidents_reset(struct incidents *incidents)
{
    *incidents = (struct incidents){0};
}

void report_run_init(struct report_run *part, const struct report *profile,
                     struct window_list windows, bool judges_undated,
                     struct report_summary *summary)
{
    *summary = (struct report_summary){.report = profile->name, .windows = windows.count};
    *part = (struct report_run){
        .windows = windows,
        .summary = summary,
        .judges_undated = judges_undated,
    };
    schema_drift_init(&part->drift, profile, summary);
    part->report = &part->drift.grown.report;
}

void report_run_done(struct report_run *part)
{
    window_list_done(&part->windows);
    snapshot_done(&part->undated);
    doubts_done(&part->doubts);
    open_lines_done(&part->open);
    grown_report_done(&part->prepared);
    schema_drift_done(&part->drift);
}

void report_run_start(struct report_run *part)
{
    grown_report_done(&part->prepared);
    grown_report_copy(&part->prepared, &part->drift.grown);
    if (!part->started_ms)
        part->started_ms = clock_ms();
}

/* Whether the next window would most likely fail in the same way. */
static bool is_lasting(const struct error *err)
{
    return err->kind == ERROR_PORTAL || err->kind == ERROR_DATABASE || err->kind == ERROR_SYSTEM ||
           err->kind == ERROR_LOGIN;
}

void report_run_count_window(struct report_run *part, const struct ledger_entry *entry,
                             const struct error *err, struct incident work)
{
    summary_add(part->summary, entry, err);
    part->seen++;
    if (entry->status != WINDOW_LOADED && is_lasting(err))
        incidents_add(&part->failures, work);
    else
        incidents_reset(&part->failures);
}

bool report_run_is_hopeless(const struct report_run *part)
{
    return part->failures.count == CYCLE_FAILURES_MAX;
}

size_t report_run_windows_left(const struct report_run *part)
{
    return part->windows.count - part->seen;
}

static void remove_undated(struct report_run *part, const struct run *run)
{
    struct change_counts changes;
    struct error err;

    if (undated_rows_remove(part->destination, run, part->report, part->windows.period,
                            &part->undated, &part->open, &part->doubts, &changes, &err)) {
        part->summary->changes.deleted += changes.deleted;
        part->summary->changes.kept += changes.kept;
        part->swept = true;
        part->swept_kept = changes.kept;
        return;
    }
    part->summary->failure = err;
    log_error("undated.lost", log_text("report", part->report->name),
              log_text("error", err.message));
}

void report_run_end(struct report_run *part, const struct run *run, bool is_rehearsal)
{
    if (part->ended)
        return;
    part->ended = true;
    if (part->judges_undated && !is_rehearsal && part->summary->loaded == part->windows.count)
        remove_undated(part, run);
    part->summary->seconds = (double)(clock_ms() - part->started_ms) / 1000;
}
