/* SPDX-License-Identifier: MIT */
/* Rebuilds the tables from the bronze archive, run by run. */
#include "run/rebuild.h"

#include "base/mem.h"
#include "bronze/manifest.h"
#include "run/archive_extractor.h"
#include "run/bucket.h"
#include "run/cycle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rebuild {
    const struct settings *settings;
    const char *dir;
    struct bucket *bucket; /* NULL: dir has all files */
    const struct report *const *reports;
    size_t report_count;
    const struct cycle_options *options;
    struct manifest manifest;
    bool *wanted;        /* for each entry: it is to be loaded, and was not yet */
    bool *ended;         /* for each report: a window of it was lost */
    struct summary *out; /* of all runs */
};

/* What a run of the past loaded of the reports. */
struct past_run {
    struct archived *exports;
    const struct report **reports;
    size_t *numbers; /* of the reports */
    struct window_list *windows;
    bool *sweeps;
    size_t count, export_count;
    struct cycle_options options;
};

/* Returns the report's number; report_count if it is not to be rebuilt (any more). */
static size_t number_of(const struct rebuild *rebuild, const char *name)
{
    size_t i = 0;

    while (i < rebuild->report_count && strcmp(rebuild->reports[i]->name, name) != 0)
        i++;
    return i;
}

/* Returns the window as which an export is loaded. Days that are not to be rebuilt are not owned:
 * their rows are taken for a neighbour's. A window that is not complete owns the days of its
 * rows. */
static struct window window_of(const struct rebuild *rebuild, const struct bronze_entry *entry)
{
    const struct day_range range = rebuild->options->range;
    struct window window = entry->window;

    if (!window.complete) {
        window.own_first = window.first;
        window.own_last = window.last;
    }
    if (range.has_first && window.own_first < range.first)
        window.own_first = range.first;
    if (range.has_last && window.own_last > range.last)
        window.own_last = range.last;
    return window;
}

/* Whether the entry is to be loaded. Undated rows belong to no days, so they are swept only where
 * all days are rebuilt. */
static bool is_wanted(const struct rebuild *rebuild, const struct bronze_entry *entry)
{
    const struct day_range range = rebuild->options->range;

    if (entry->removed || number_of(rebuild, entry->report) == rebuild->report_count)
        return false;
    if (entry->kind == BRONZE_SWEEP)
        return !range.has_first && !range.has_last;
    return entry->kind == BRONZE_EXPORT && window_owned_days(window_of(rebuild, entry)) > 0;
}

/* Returns the run's part of a report, and begins it if it is the first. */
static size_t part_of(const struct rebuild *rebuild, struct past_run *run, const char *report)
{
    const size_t number = number_of(rebuild, report);

    for (size_t i = 0; i < run->count; i++)
        if (run->numbers[i] == number)
            return i;
    run->reports[run->count] = rebuild->reports[number];
    run->numbers[run->count] = number;
    return run->count++;
}

static void add_window(struct window_list *list, struct window window)
{
    list->items = mem_grow(list->items, list->count + 1, sizeof(*list->items));
    list->items[list->count++] = window;
    if (list->count == 1 || window.first < list->period.first)
        list->period.first = window.first;
    if (list->count == 1 || window.last > list->period.last)
        list->period.last = window.last;
}

static void add_entry(struct rebuild *rebuild, struct past_run *run,
                      const struct bronze_entry *entry)
{
    const size_t part = part_of(rebuild, run, entry->report);

    if (entry->kind == BRONZE_SWEEP) {
        run->sweeps[part] = true;
        return;
    }
    const struct window window = window_of(rebuild, entry);
    run->exports = mem_grow(run->exports, run->export_count + 1, sizeof(*run->exports));
    run->exports[run->export_count++] = (struct archived){.entry = entry, .window = window};
    add_window(&run->windows[part], window);
    run->options.today = entry->today;
    run->options.accept_shrink = rebuild->options->accept_shrink || entry->accepted;
}

/* Collects what the run of an entry loaded, and takes it off the list. */
static void collect(struct rebuild *rebuild, size_t from, struct past_run *run)
{
    const struct manifest *manifest = &rebuild->manifest;

    *run = (struct past_run){
        .reports = mem_array(rebuild->report_count, sizeof(*run->reports)),
        .numbers = mem_array(rebuild->report_count, sizeof(*run->numbers)),
        .windows = mem_array(rebuild->report_count, sizeof(*run->windows)),
        .sweeps = mem_array(rebuild->report_count, sizeof(*run->sweeps)),
        .options = {.mode = MODE_FULL,
                    .today = rebuild->options->today,
                    .accept_shrink = rebuild->options->accept_shrink,
                    .live = rebuild->options->live},
    };
    for (size_t i = from; i < manifest->count; i++) {
        const struct bronze_entry *entry = &manifest->entries[i];
        if (!rebuild->wanted[i] || strcmp(entry->run, manifest->entries[from].run) != 0)
            continue;
        rebuild->wanted[i] = false;
        if (!rebuild->ended[number_of(rebuild, entry->report)])
            add_entry(rebuild, run, entry);
    }
}

/* Frees what the cycle has not taken over. */
static void past_run_done(struct past_run *run)
{
    free(run->exports);
    free(run->reports);
    free(run->numbers);
    free(run->windows);
    free(run->sweeps);
}

/* Adds what one run did to the whole. */
static void add_summary(struct rebuild *rebuild, const struct past_run *run,
                        const struct summary *one)
{
    struct summary *out = rebuild->out;

    for (size_t i = 0; i < run->count; i++) {
        const struct report_summary *report = &one->reports[i];
        summary_merge(&out->reports[run->numbers[i]], report);
        if (report->loaded < report->windows || report->failure.kind != ERROR_NONE)
            rebuild->ended[run->numbers[i]] = true;
    }
    memcpy(out->run_id, one->run_id, sizeof(out->run_id));
    out->seconds += one->seconds;
    if (one->error.kind != ERROR_NONE)
        out->error = one->error;
}

static void load_run(struct rebuild *rebuild, struct past_run *run)
{
    struct cycle_replay replay = {.reports = run->reports,
                                  .windows = run->windows,
                                  .sweeps = run->sweeps,
                                  .count = run->count};
    struct summary one;

    if (!archive_extractor_open(rebuild->dir, rebuild->bucket, run->exports, run->export_count,
                                &replay.extractor, &rebuild->out->error)) {
        for (size_t i = 0; i < run->count; i++)
            window_list_done(&run->windows[i]);
        return;
    }
    cycle_replay(rebuild->settings, &replay, &run->options, &one);
    add_summary(rebuild, run, &one);
    summary_done(&one);
}

/* Chooses the entries, and counts their windows; false if there is none. */
static bool choose(struct rebuild *rebuild, struct error *err)
{
    size_t windows = 0;

    rebuild->wanted = mem_array(rebuild->manifest.count, sizeof(*rebuild->wanted));
    for (size_t i = 0; i < rebuild->manifest.count; i++) {
        const struct bronze_entry *entry = &rebuild->manifest.entries[i];
        rebuild->wanted[i] = is_wanted(rebuild, entry);
        if (!rebuild->wanted[i] || entry->kind != BRONZE_EXPORT)
            continue;
        rebuild->out->reports[number_of(rebuild, entry->report)].windows++;
        windows++;
    }
    return windows > 0 ||
           error_set(err, ERROR_DATA, "the archive in %s has no export of these reports and days",
                     rebuild->dir);
}

void rebuild_tables(const struct settings *settings, const char *dir, struct bucket *bucket,
                    const struct report *const *reports, size_t report_count,
                    const struct cycle_options *options, struct summary *out)
{
    struct rebuild rebuild = {
        .settings = settings,
        .dir = dir,
        .bucket = bucket,
        .reports = reports,
        .report_count = report_count,
        .options = options,
        .ended = mem_array(report_count, sizeof(bool)),
        .out = out,
    };

    *out = (struct summary){.reports = mem_array(report_count, sizeof(*out->reports)),
                            .report_count = report_count};
    for (size_t i = 0; i < report_count; i++)
        out->reports[i].report = reports[i]->name;
    bool ok = (!bucket || bucket_fetch_manifest(bucket, &out->error)) &&
              manifest_open(dir, false, &rebuild.manifest, &out->error) &&
              choose(&rebuild, &out->error);
    for (size_t i = 0; ok && i < rebuild.manifest.count; i++) {
        struct past_run run;
        if (!rebuild.wanted[i])
            continue;
        collect(&rebuild, i, &run);
        if (run.count > 0)
            load_run(&rebuild, &run);
        past_run_done(&run);
        ok = out->error.kind == ERROR_NONE;
    }
    manifest_close(&rebuild.manifest);
    free(rebuild.wanted);
    free(rebuild.ended);
}
