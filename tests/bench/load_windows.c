/* SPDX-License-Identifier: MIT */
/*
 * Loads a folder of exports as a full cycle would, without the portal: transform, compare, guard, write, one
 * window after the other. Prints seconds, rows written and the peak memory of the process.
 *
 *     load_windows DATABASE-URL REPORT FOLDER      FOLDER/FIRST_LAST.csv, one file a window
 */
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "config/profile.h"
#include "run/window_load.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct totals {
    uint64_t read, written;
    struct period period;
};

/* The days that a file's name tells. */
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

static bool load_file(struct window_loader *loader, const char *path, struct window window,
                      struct totals *totals, struct error *err)
{
    char *paths[] = {(char *)(uintptr_t)path};
    struct ledger_entry entry;

    if (!extractor_open_files(paths, 1, &loader->extractor, err))
        return false;
    bool ok = window_load(loader, window, &entry, err);
    extractor_close(loader->extractor);
    totals->read += entry.rows.read;
    totals->written += entry.changes.inserted + entry.changes.updated + entry.changes.deleted;
    return ok;
}

static int is_export(const struct dirent *entry)
{
    struct window window;

    return window_of(entry->d_name, &window);
}

static bool load_folder(struct window_loader *loader, const char *folder, struct totals *totals,
                        struct error *err)
{
    struct dirent **files;
    int count = scandir(folder, &files, is_export, alphasort);
    bool ok = count > 0 || error_set(err, ERROR_CONFIG, "%s: no export", folder);
    struct window window;

    for (int i = 0; i < count; i++) {
        window_of(files[i]->d_name, &window);
        if (i == 0)
            totals->period.first = window.first;
        totals->period.last = window.last;
    }
    loader->period = totals->period;
    for (int i = 0; i < count; i++) {
        MEM_FREE_TEXT char *path = mem_format("%s/%s", folder, files[i]->d_name);
        window_of(files[i]->d_name, &window);
        if (i + 1 == count)
            window.own_last = window.last;
        ok = ok && load_file(loader, path, window, totals, err);
        free(files[i]);
    }
    if (count >= 0)
        free(files);
    return ok;
}

static bool run_all(const char *url, const struct report *report, const char *folder,
                    struct totals *totals, struct error *err)
{
    struct run run = {.mode = "full", .started_at = clock_now()};
    struct destination *dest;
    struct snapshot undated = {0};
    struct report_summary summary = {0};
    struct drift drift;

    snprintf(run.id, sizeof(run.id), "bench-%" PRId64, clock_ms());
    if (!destination_open(url, &dest, err))
        return false;
    drift_init(&drift, report, &summary);
    struct window_loader loader = {
        .run = &run,
        .drift = &drift,
        .report = &drift.grown.report,
        .transform = transform_new(&drift.grown.report),
        .destination = dest,
        .undated = &undated,
        .keep_files = true,
    };
    bool ok = destination_migrate(dest, report, err) && drift_recall(&drift, dest, err) &&
              destination_start_run(dest, &run, err) && load_folder(&loader, folder, totals, err) &&
              destination_end_run(dest, &run, 0, clock_now(), err);
    transform_free(loader.transform);
    drift_done(&drift);
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
    printf("%.3f %" PRIu64 " %" PRIu64 " %ld\n", (double)(clock_ms() - started) / 1000, totals.read,
           totals.written, usage.ru_maxrss / 1024);
    return 0;
}
