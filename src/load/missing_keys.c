/* SPDX-License-Identifier: MIT */
/* Keys of rows that are missing. */
#include "load/missing_keys.h"

#include "base/mem.h"

#include <stdlib.h>

struct search {
    const struct report *report;
    struct hash128 *wanted; /* sorted */
    size_t count;
    struct cell *cells; /* of one key */
    struct row_keys *out;
};

static int compare(const void *a, const void *b)
{
    const struct hash128 *one = a, *other = b;

    if (one->high != other->high)
        return one->high < other->high ? -1 : 1;
    return one->low < other->low ? -1 : one->low > other->low;
}

static bool take_row(void *arg, const struct standing_row *row, struct error *err)
{
    struct search *search = arg;

    (void)err;
    if (!row->has_key ||
        !bsearch(&row->key, search->wanted, search->count, sizeof(*search->wanted), compare))
        return true;
    for (size_t i = 0; i < search->report->key_count; i++)
        search->cells[i] = row->cells[search->report->key[i]];
    row_keys_add(search->out, row->key, search->cells);
    return true;
}

/* The days of the rows, and whether some have none. */
static struct row_range range_of(const struct doubt_list *rows)
{
    struct row_range range = {
        .has_first = true, .has_last = true, .first = INT32_MAX, .last = INT32_MIN};

    for (size_t i = 0; i < rows->count; i++) {
        const struct doubt *row = &rows->items[i];
        range.undated_too = range.undated_too || row->undated;
        if (row->undated)
            continue;
        range.first = row->first < range.first ? row->first : range.first;
        range.last = row->last > range.last ? row->last : range.last;
    }
    if (range.first > range.last) /* no day: an empty range */
        range.last = (range.first = 1) - 1;
    return range;
}

bool missing_keys_read(struct destination *dest, const struct report *report,
                       const struct doubt_list *rows, struct row_keys *out, struct error *err)
{
    struct search search = {
        .report = report,
        .wanted = mem_array(rows->count, sizeof(*search.wanted)),
        .count = rows->count,
        .cells = mem_array(report->key_count, sizeof(*search.cells)),
        .out = out,
    };

    for (size_t i = 0; i < rows->count; i++)
        search.wanted[i] = rows->items[i].id;
    if (rows->count)
        qsort(search.wanted, rows->count, sizeof(*search.wanted), compare);
    out->columns = report->key_count;
    const bool ok = destination_read_rows(dest, report, range_of(rows), take_row, &search, err);
    row_keys_sort(out);
    free(search.wanted);
    free(search.cells);
    return ok;
}
