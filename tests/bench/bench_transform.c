/* SPDX-License-Identifier: MIT */
/*
 * Measures the transform: reads a file from the page cache TIMES times, first only through the CSV
 * reader, then up to encoded rows. Times are processor time, so that a busy machine gives the same.
 * Prints one line a stage: name, seconds, records, bytes, and the peak memory of the process in
 * MiB.
 *
 *     bench_transform REPORT FILE [TIMES]
 */
#include "base/file.h"
#include "base/clock.h"
#include "base/mem.h"
#include "config/profile.h"
#include "transform/csv.h"
#include "transform/transform.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct outcome {
    uint64_t records, fields, bytes;
};

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool read_only(const struct report *report, const char *path, struct outcome *out,
                      struct error *err)
{
    struct file_map map;
    struct csv_reader reader;
    struct csv_record record;

    (void)report;
    if (!file_map_open(path, &map, err))
        return false;
    csv_init(&reader, ';', false, CSV_RECORD_MAX);
    csv_feed(&reader, map.data, map.size, true);
    while (csv_next(&reader, &record) == CSV_RECORD) {
        out->records++;
        out->fields += record.count;
    }
    csv_done(&reader);
    out->bytes += map.size;
    file_map_close(&map);
    return true;
}

static bool whole_stage(const struct report *report, const char *path, struct outcome *out,
                        struct error *err)
{
    const struct scope scope = {
        .window = {.first = INT32_MIN,
                   .last = INT32_MAX,
                   .own_first = INT32_MIN,
                   .own_last = INT32_MAX,
                   .complete = true},
        .extracted_at = clock_now(),
    };
    struct transform *transform = transform_new(report);
    struct file_facts facts;
    struct batch batch;

    batch_init(&batch, report->column_count, TRANSFORM_BATCH_MAX);
    bool ok = transform_file(transform, path, &scope, &batch, &facts, err) &&
              transform_finish(transform, &batch, true, err);
    out->records += batch.counts.read;
    out->fields += batch.counts.read * report->column_count;
    out->bytes += facts.bytes;
    batch_done(&batch);
    transform_free(transform);
    return ok;
}

static bool measure(const char *name,
                    bool (*stage)(const struct report *, const char *, struct outcome *,
                                  struct error *),
                    const struct report *report, const char *path, int times, struct error *err)
{
    struct outcome outcome = {0};
    struct rusage usage;

    if (!stage(report, path, &outcome, err)) /* the first round fills the caches */
        return false;
    outcome = (struct outcome){0};
    const double started = cpu_seconds();
    for (int i = 0; i < times; i++)
        if (!stage(report, path, &outcome, err))
            return false;
    const double took = cpu_seconds() - started;
    getrusage(RUSAGE_SELF, &usage);
    printf("%s %.4f %" PRIu64 " %" PRIu64 " %ld\n", name, took, outcome.records, outcome.bytes,
           usage.ru_maxrss / 1024);
    return true;
}

int main(int argc, char **argv)
{
    struct profile profile;
    struct error err;

    if (argc < 3) {
        fprintf(stderr, "usage: bench_transform REPORT FILE [TIMES]\n");
        return 2;
    }
    if (!profile_load(NULL, &profile, &err) || !clock_set_zone(profile.portal.zone, &err)) {
        fprintf(stderr, "bench_transform: %s\n", err.message);
        return 1;
    }
    const struct report *report = report_find(profile.reports, profile.report_count, argv[1]);
    mem_keep_freed(); /* as a run does */
    const int times = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;
    bool ok = report && measure("reader", read_only, report, argv[2], times, &err) &&
              measure("stage", whole_stage, report, argv[2], times, &err);
    profile_done(&profile);
    if (!ok)
        fprintf(stderr, "bench_transform: %s\n", report ? err.message : "no such report");
    return ok ? 0 : 1;
}
