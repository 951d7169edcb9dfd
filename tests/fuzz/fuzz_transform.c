/* SPDX-License-Identifier: MIT */
/* The transform. Any file is refused with a message, or all of its records are counted. */
#include "base/clock.h"
#include "base/date.h"
#include "config/profile.h"
#include "transform/transform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REPORTS_MAX = 8 };

/* The report of the golden tests, and the real reports. */
static struct profile golden, sigos;
static const struct report *reports[REPORTS_MAX];
static struct transform *transforms[REPORTS_MAX];
static size_t report_count;

static void add_reports(const char *folder, struct profile *profile)
{
    struct error err;

    if (!profile_load(folder, profile, &err)) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    for (size_t i = 0; i < profile->report_count && report_count < REPORTS_MAX; i++) {
        reports[report_count] = &profile->reports[i];
        transforms[report_count++] = transform_new(&profile->reports[i]);
    }
}

static void read_file(const char *path, size_t number)
{
    const struct scope scope = {
        .window = {.first = DATE_MIN,
                   .last = DATE_MAX,
                   .own_first = DATE_MIN,
                   .own_last = DATE_MAX,
                   .complete = true},
    };
    struct file_facts facts;
    struct batch batch;
    struct error err = {0};

    batch_init(&batch, reports[number]->column_count, 1 << 24);
    if (!transform_file(transforms[number], path, &scope, &batch, &facts, &err) ||
        !transform_finish(transforms[number], &batch, false, &err)) {
        if ((err.kind != ERROR_DATA && err.kind != ERROR_HELD) || !*err.message)
            abort();
    } else {
        const struct batch_counts *n = &batch.counts;
        if (n->read != n->loaded + n->duplicates + n->boundary + n->rejected ||
            n->rejected != batch.reject_count)
            abort();
    }
    batch_done(&batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];

    if (!report_count) {
        add_reports("tests/golden/transform/profile", &golden);
        add_reports("profiles/sigos", &sigos);
    }
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    /* A file that may be of the golden report is read as that alone, in half the time. */
    const bool is_golden = memmem(data, size, "Medidor", strlen("Medidor"));
    for (size_t i = is_golden ? 0 : 1; i < (is_golden ? 1 : report_count); i++)
        read_file(path, i);
    close(fd);
    return 0;
}
