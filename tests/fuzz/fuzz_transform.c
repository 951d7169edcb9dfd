/* SPDX-License-Identifier: MIT */
/* The transform: any file is refused with a message, or all of its records are accounted for. */
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

static struct profile profile;
static struct transform *transform;

static void setup(void)
{
    struct error err;

    if (!profile_load("tests/golden/transform/profile", &profile, &err)) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    transform = transform_new(&profile.reports[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
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
    char path[64];

    if (!transform)
        setup();
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    batch_init(&batch, profile.reports[0].column_count, 1 << 24);
    if (!transform_file(transform, path, &scope, &batch, &facts, &err) ||
        !transform_finish(transform, &batch, false, &err)) {
        if ((err.kind != ERROR_DATA && err.kind != ERROR_HELD) || !*err.message)
            abort();
    } else {
        const struct batch_counts *n = &batch.counts;
        if (n->read != n->loaded + n->duplicates + n->boundary + n->rejected ||
            n->rejected != batch.reject_count)
            abort();
    }
    batch_done(&batch);
    close(fd);
    return 0;
}
