/* SPDX-License-Identifier: MIT */
/*
 * Loads a folder of exports as a full cycle does, without the portal: pipeline, transform,
 * comparison, guard and writes; and the summaries, where there are layers. Prints the seconds, the
 * records that were read, the rows that were written, the peak memory of the process in MiB, and
 * the seconds of the time in which windows were compared and written: the files of the next one are
 * read and cleaned meanwhile.
 *
 *     load_windows DATABASE-URL REPORT FOLDER      FOLDER/FIRST_LAST.csv, one file a window
 */
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "config/profile.h"
#include "run/pipeline.h"
#include "run/window_load.h"
#include "load/destination_open.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct totals {
    uint64_t read, written;
    int64_t load_ms; /* in which windows were compared and written */
};

/* An extractor that returns FOLDER/FIRST_LAST.csv. */
struct folder {
    struct extractor base;
    const char *path;
};

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    const struct folder *folder = (const struct folder *)extractor;
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    MEM_FREE_TEXT char *path =
        mem_format("%s/%s_%s.csv", folder->path, date_format_iso(window.first, first),
                   date_format_iso(window.last, last));

    (void)report;
    (void)err;
    export_add(out, path);
    out->extracted_at = clock_now();
    return true;
}

/* Reads the days in a file's name. */
static bool window_of(const char *name, struct window *out)
{
    struct window window = {.complete = true};

    if (strlen(name) != 25 || !date_parse_iso(name, 10, &window.first) ||
        !date_parse_iso(name + 11, 10, &window.last))
        return false;
    window.own_first = window.first;
    window.own_last = window.last - 1;
    *out = window;
    return true;
}

static int is_export(const struct dirent *entry)
{
    struct window window;

    return window_of(entry->d_name, &window);
}

/* Makes a window for each file, in date order. The last window owns its last day too. */
static struct report_window *list_windows(const char *folder, size_t *count)
{
    struct dirent **files;
    const int found = scandir(folder, &files, is_export, alphasort);
    struct report_window *windows = mem_array((size_t)(found > 0 ? found : 0), sizeof(*windows));

    for (int i = 0; i < found; i++) {
        window_of(files[i]->d_name, &windows[i].window);
        if (i + 1 == found)
            windows[i].window.own_last = windows[i].window.last;
        free(files[i]);
    }
    if (found >= 0)
        free(files);
    *count = found > 0 ? (size_t)found : 0;
    return windows;
}

static bool load_all(const struct window_loader *loader, struct pipeline *pipeline,
                     struct totals *totals, struct error *err)
{
    struct report_window task;
    struct prepared prepared;
    bool ok = true;

    while (ok && pipeline_next(pipeline, &task, &prepared)) {
        struct ledger_entry entry;
        const int64_t began_ms = clock_ms();
        ok = window_load(loader, &prepared, &entry, err);
        totals->load_ms += clock_ms() - began_ms;
        totals->read += entry.rows.read;
        totals->written += entry.changes.inserted + entry.changes.updated + entry.changes.deleted;
        prepared_done(&prepared, true);
    }
    return ok;
}

static bool load_folder(const struct window_loader *loader, const char *path, struct totals *totals,
                        struct error *err)
{
    static const struct extractor_ops ops = {.fetch = fetch};
    struct folder folder = {.base = {.ops = &ops}, .path = path};
    struct extractor *extractor = &folder.base;
    struct pipeline *pipeline = NULL;
    struct pipeline_work work = {
        .reports = &loader->report,
        .habits = &loader->known,
        .report_count = 1,
        .extractor = extractor,
        .worker_count = 1,
        .keep_files = true,
    };
    struct report_window *windows = list_windows(path, &work.window_count);

    work.windows = windows;
    const bool ok = (work.window_count || error_set(err, ERROR_CONFIG, "%s: no export", path)) &&
                    pipeline_start(&work, &pipeline, err) &&
                    load_all(loader, pipeline, totals, err);
    pipeline_stop(pipeline);
    free(windows);
    return ok;
}

static bool run_all(const char *url, const struct report *report, const char *folder,
                    struct totals *totals, struct error *err)
{
    struct run run = {.mode = "full", .started_at = clock_now()};
    struct destination *dest;
    struct snapshot undated = {0};
    struct report_summary summary = {0};
    struct schema_drift drift;
    const struct doubts doubts = {0};
    const struct habits habits = {0};
    struct summaries summaries;

    snprintf(run.id, sizeof(run.id), "bench-%" PRId64, clock_ms());
    if (!destination_open(url, &dest, err))
        return false;
    schema_drift_init(&drift, report, &summary);
    const struct window_loader loader = {
        .run = &run,
        .drift = &drift,
        .report = &drift.grown.report,
        .destination = dest,
        .summaries = &summaries,
        .undated = &undated,
        .known = &habits,
        .doubts = &doubts,
    };
    bool ok = destination_migrate(dest, report, err) && schema_drift_recall(&drift, dest, err) &&
              destination_start_run(dest, &run, err) && summaries_open(&summaries, dest, err) &&
              load_folder(&loader, folder, totals, err) &&
              destination_end_run(dest, &run, 0, clock_now(), err);
    schema_drift_done(&drift);
    snapshot_done(&undated);
    destination_close(dest);
    return ok;
}

int main(int argc, char **argv)
{
    const int64_t started = clock_ms();
    struct totals totals = {0};
    struct profile profile;
    struct rusage usage;
    struct error err;

    if (argc != 4) {
        fprintf(stderr, "usage: load_windows DATABASE-URL REPORT FOLDER\n");
        return 2;
    }
    log_setup(LOG_ERROR, LOG_TEXT);
    if (!stop_install(&err) || !profile_load(NULL, &profile, &err) ||
        !clock_set_zone(profile.portal.zone, &err)) {
        fprintf(stderr, "load_windows: %s\n", err.message);
        return 1;
    }
    const struct report *report = report_find(profile.reports, profile.report_count, argv[2]);
    bool ok = report && run_all(argv[1], report, argv[3], &totals, &err);
    profile_done(&profile);
    if (!ok) {
        fprintf(stderr, "load_windows: %s\n", report ? err.message : "no such report");
        return 1;
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("%.3f %" PRIu64 " %" PRIu64 " %ld %.3f\n", (double)(clock_ms() - started) / 1000,
           totals.read, totals.written, usage.ru_maxrss / 1024, (double)totals.load_ms / 1000);
    return 0;
}
