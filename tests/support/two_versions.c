/* SPDX-License-Identifier: MIT */
/* Reads two versions of a file and compares them as a load does. */
#include "tests/support/two_versions.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROWS_MAX = 1 << 24 }; /* bytes of a version's rows */

static const struct window all_days = {.first = DATE_MIN,
                                       .last = DATE_MAX,
                                       .own_first = DATE_MIN,
                                       .own_last = DATE_MAX,
                                       .complete = true};

void version_read(struct transform *transform, const struct report *report, const char *bytes,
                  size_t len, struct version *out)
{
    const struct scope scope = {.window = all_days};
    const int fd = memfd_create("version", MFD_CLOEXEC);
    char path[64];

    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len) {
        perror("memfd");
        abort();
    }
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    *out = (struct version){0};
    batch_init(&out->batch, report->column_count, ROWS_MAX);
    out->read = transform_file(transform, path, &scope, &out->batch, &out->facts, &out->error) &&
                transform_finish(transform, &out->batch, false, &out->error);
    close(fd);
}

void version_done(struct version *version)
{
    batch_done(&version->batch);
    *version = (struct version){0};
}

static void hold(const struct report *report, const struct batch *batch, struct snapshot *held,
                 struct row_keys *keys)
{
    struct cell *cells = mem_array(report->key_count, sizeof(*cells));

    keys->columns = report->key_count;
    for (size_t i = 0; i < batch->row_count; i++) {
        const struct row *row = &batch->rows[i];
        if (row->superseded)
            continue;
        snapshot_add(held, (struct stored_row){.key = row->key,
                                               .fingerprint = row->fingerprint,
                                               .date = row->date,
                                               .undated = row->undated});
        for (size_t c = 0; c < report->key_count; c++)
            cells[c] = batch_cell(batch, i, report->key[c]);
        row_keys_add(keys, row->key, cells);
    }
    row_keys_sort(keys);
    free(cells);
}

void version_load_over(const struct report *report, const struct version *held,
                       const struct version *next, struct plan *out)
{
    struct snapshot snapshot = {0};
    struct row_keys keys = {0};

    hold(report, &held->batch, &snapshot, &keys);
    const struct comparison what = {
        .batch = &next->batch,
        .snapshot = &snapshot,
        .window = all_days,
        .keys = &keys,
        .run = "run-2",
    };
    reconcile(&what, out);
    row_keys_done(&keys);
    snapshot_done(&snapshot);
}
