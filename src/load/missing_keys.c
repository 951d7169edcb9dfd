/* SPDX-License-Identifier: MIT */
/* Reads the key values of missing rows from the table. */
#include "load/missing_keys.h"

#include "base/mem.h"
#include "model/key_set.h"

#include <stdlib.h>

struct search {
    const struct report *report;
    struct key_set wanted;
    struct cell *cells; /* the values of one key */
    struct row_keys *out;
};

static bool take_row(void *arg, const struct table_row *row, struct error *err)
{
    struct search *search = arg;

    (void)err;
    if (!row->has_key || !key_set_has(&search->wanted, row->key))
        return true;
    for (size_t i = 0; i < search->report->key_count; i++)
        search->cells[i] = row->cells[search->report->key[i]];
    row_keys_add(search->out, row->key, search->cells);
    return true;
}

/* Returns the range of days that the rows have, and whether some have none. */
static struct row_range range_of(const struct doubt_list *rows, const struct key_set *keys)
{
    struct row_range range = {.has_first = true,
                              .has_last = true,
                              .first = INT32_MAX,
                              .last = INT32_MIN,
                              .keys = keys,
                              .keys_only = true};

    for (size_t i = 0; i < rows->count; i++) {
        const struct doubt *row = &rows->items[i];
        range.undated_too = range.undated_too || row->undated;
        if (row->undated)
            continue;
        range.first = row->first < range.first ? row->first : range.first;
        range.last = row->last > range.last ? row->last : range.last;
    }
    if (range.first > range.last) /* no row has a day: an empty range */
        range.last = (range.first = 1) - 1;
    return range;
}

bool missing_keys_read(struct destination *dest, const struct report *report,
                       const struct doubt_list *rows, struct row_keys *out, struct error *err)
{
    struct search search = {
        .report = report,
        .cells = mem_array(report->key_count, sizeof(*search.cells)),
        .out = out,
    };

    for (size_t i = 0; i < rows->count; i++)
        key_set_add(&search.wanted, rows->items[i].id);
    key_set_seal(&search.wanted);
    out->columns = report->key_count;
    const bool ok =
        destination_read_rows(dest, report, range_of(rows, &search.wanted), take_row, &search, err);
    row_keys_sort(out);
    key_set_done(&search.wanted);
    free(search.cells);
    return ok;
}
