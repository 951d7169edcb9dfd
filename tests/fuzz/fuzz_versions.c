/* SPDX-License-Identifier: MIT */
/*
 * Two versions of a file. Edits of a few bytes in some lines delete or change no row of the other
 * lines. The input is the number of a random good file (tests/support/good_file.h) and edits:
 *
 *     line, place, bytes erased, bytes inserted (at most 6: too few for a header), these bytes
 */
#include "config/profile.h"
#include "tests/support/good_file.h"
#include "tests/support/two_versions.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 256, INSERTED_MAX = 6, EDIT_HEAD = 4, FILE_BYTES = 1 << 20 };

static struct profile profile;
static struct transform *transform;

/* A good file, made and read once. */
static struct good {
    bool made;
    struct good_file file;
    struct version version;
} goods[FILES];

static void setup(void)
{
    struct error err;

    if (!profile_load("tests/golden/transform/profile", &profile, &err)) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    transform = transform_new(&profile.reports[0]);
}

static struct good *good_of(uint8_t number)
{
    struct good *good = &goods[number];
    struct dice dice = dice_of(number);
    BUF_DONE struct buf bytes = BUF_INIT(FILE_BYTES);

    if (good->made)
        return good;
    good_file_make(&dice, &good->file);
    good_file_write(&good->file, NULL, &bytes);
    version_read(transform, &profile.reports[0], bytes.data, bytes.len, &good->version);
    good->made = true;
    return good;
}

/* Makes one edit in a copy of the line. A line is edited only once. */
static void edit(const struct good_file *file, const uint8_t *head, const uint8_t *inserted,
                 size_t count, struct good_change *changes)
{
    const struct good_line *line = &file->lines[head[0] % file->count];
    struct good_change *change = &changes[head[0] % file->count];
    const size_t place = head[1] % (line->bytes.len + 1), left = line->bytes.len - place;
    const size_t erased = head[2] < left ? head[2] : left;

    if (change->replaced)
        return;
    change->replaced = true;
    change->bytes = BUF_INIT(FILE_BYTES);
    buf_add(&change->bytes, buf_text(&line->bytes), place);
    buf_add(&change->bytes, inserted, count);
    buf_add(&change->bytes, buf_text(&line->bytes) + place + erased, left - erased);
}

static bool is_removed(const struct plan *plan, struct hash128 key)
{
    for (size_t i = 0; i < plan->removed_count; i++)
        if (hash128_equal(plan->removed[i].key, key))
            return true;
    return false;
}

/* The rows of the good file are in the order of its lines. */
static void check(const struct good *good, const struct good_change *changes,
                  const struct plan *plan)
{
    for (size_t i = 0; i < good->file.count; i++) {
        if (!changes[i].replaced && is_removed(plan, good->version.batch.rows[i].key)) {
            fprintf(stderr, "the row of line %zu, which is as it was, goes\n", i + 2);
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct good_change changes[GOOD_ROWS_MAX] = {0};
    BUF_DONE struct buf bytes = BUF_INIT(FILE_BYTES);
    struct version next;
    struct plan plan = {0};

    if (!transform)
        setup();
    if (size < 1)
        return 0;
    const struct good *good = good_of(data[0]);
    for (size_t at = 1; at + EDIT_HEAD <= size;) {
        const uint8_t *head = data + at;
        size_t count = head[3] % (INSERTED_MAX + 1);
        at += EDIT_HEAD;
        if (count > size - at)
            count = size - at;
        edit(&good->file, head, data + at, count, changes);
        at += count;
    }
    good_file_write(&good->file, changes, &bytes);
    version_read(transform, &profile.reports[0], bytes.data, bytes.len, &next);
    if (next.read) {
        version_load_over(&profile.reports[0], &good->version, &next, &plan);
        check(good, changes, &plan);
    }
    plan_done(&plan);
    version_done(&next);
    for (size_t i = 0; i < good->file.count; i++)
        buf_done(&changes[i].bytes);
    return 0;
}
