/* SPDX-License-Identifier: MIT */
/* Keys of lines that are no rows. */
#include "transform/row_guess.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { SURPLUS_MAX = 16 }; /* of a line that differs by more nothing can be said */

/* A record's fields, whatever it was split by. */
struct pieces {
    struct csv_field *fields;
    size_t count;
};

/* Splits a line at every separator, as if no quote meant anything, and drops quotes at the ends. */
static struct pieces split(const char *raw, size_t len, char separator)
{
    struct pieces out = {.fields = mem_array(CSV_FIELDS_MAX, sizeof(*out.fields))};
    const char *at = raw, *end = raw + len;

    while (out.count < CSV_FIELDS_MAX) {
        const char *stop = memchr(at, separator, (size_t)(end - at));
        const char *to = stop ? stop : end;
        const char *next = to + 1;
        while (at < to && *at == '"')
            at++;
        while (to > at && to[-1] == '"')
            to--;
        out.fields[out.count++] = (struct csv_field){.text = at, .len = (size_t)(to - at)};
        if (!stop)
            break;
        at = next;
    }
    return out;
}

/* The reading in which the fields from `from` on were moved by `by` places. */
static void guess(struct cleaner *cleaner, const struct layout *layout,
                  const struct csv_record *record, const struct pieces *pieces, size_t from,
                  ptrdiff_t by, struct csv_field *scratch, struct batch *batch)
{
    const size_t fields = layout->map.fields;
    struct csv_record moved = *record;

    for (size_t i = 0; i < fields; i++) {
        const ptrdiff_t at = (ptrdiff_t)i + (i < from ? 0 : by);
        scratch[i] = at >= 0 && at < (ptrdiff_t)pieces->count
                         ? pieces->fields[at]
                         : (struct csv_field){.text = "", .len = 0};
    }
    moved.fields = scratch;
    moved.count = fields;
    const struct clean_row clean = clean_record(cleaner, layout, &moved, "");
    /* What is wrong with other texts than the key's does not matter. */
    if (!clean.row->bytes.full && clean.fault != CLEAN_DATE && clean.fault != CLEAN_NO_KEY &&
        clean.fault != CLEAN_ROUNDED)
        batch_unread_key(batch, clean_key(cleaner));
}

void row_guess_keys(struct cleaner *cleaner, const struct layout *layout,
                    const struct csv_record *record, struct batch *batch)
{
    const struct report *report = cleaner->report;
    const bool whole = !record->open_quote && !record->too_long && record->count > 1;
    struct pieces pieces = {.fields = NULL};

    if (record->too_many || record->too_long)
        return;
    if (whole) {
        pieces.count = record->count;
        pieces.fields = mem_array(record->count, sizeof(*pieces.fields));
        memcpy(pieces.fields, record->fields, record->count * sizeof(*pieces.fields));
    } else {
        pieces = split(record->raw, record->raw_len, layout->separator);
    }
    const ptrdiff_t by = (ptrdiff_t)pieces.count - (ptrdiff_t)layout->map.fields;
    struct csv_field *scratch = mem_array(layout->map.fields, sizeof(*scratch));
    if (by > -SURPLUS_MAX && by < SURPLUS_MAX) {
        guess(cleaner, layout, record, &pieces, 0, by, scratch, batch);
        for (size_t i = 0; by != 0 && i < report->key_count; i++) {
            const int field = layout->map.field_of[report->key[i]];
            if (field >= 0)
                guess(cleaner, layout, record, &pieces, (size_t)field + 1, by, scratch, batch);
        }
    }
    free(scratch);
    free(pieces.fields);
}
