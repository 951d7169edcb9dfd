/* SPDX-License-Identifier: MIT */
/* Computes keys and fingerprints of rows. */
#include "model/row_hash.h"

#include <string.h>
#include <xxhash.h>

struct hash128 row_hash_bytes(const void *bytes, size_t len)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, len);

    return (struct hash128){.high = hash.high64, .low = hash.low64};
}

static void add_column(struct buf *scratch, const struct encoded_row *row, size_t column)
{
    const char *text = row->bytes.data + row->offsets[column];

    buf_add(scratch, text - ENCODED_PREFIX, ENCODED_PREFIX + encoded_cell_at(text).len);
}

struct hash128 row_hash_key(const struct report *report, const struct encoded_row *row,
                            struct buf *scratch)
{
    buf_reset(scratch);
    for (size_t i = 0; i < report->key_count; i++)
        add_column(scratch, row, report->key[i]);
    return row_hash_bytes(buf_text(scratch), scratch->len);
}

/* Returns the hash of the profile's columns and behind them the added columns that hold
 * something. */
static struct hash128 hash_with_added(const struct report *report, const struct encoded_row *row,
                                      size_t own, struct buf *scratch)
{
    buf_reset(scratch);
    buf_add(scratch, row->bytes.data, own);
    for (size_t i = report_own_columns(report); i < report->column_count; i++) {
        const char *name = report->columns[i].name;
        const size_t len = strlen(name);
        const char prefix[ENCODED_PREFIX] = {
            (char)len}; /* a name has at most COLUMN_NAME_MAX bytes */
        if (encoded_row_cell(row, i).len == 0)
            continue;
        buf_add(scratch, prefix, ENCODED_PREFIX);
        buf_add(scratch, name, len);
        add_column(scratch, row, i);
    }
    return row_hash_bytes(buf_text(scratch), scratch->len);
}

struct hash128 row_hash_fingerprint(const struct report *report, const struct encoded_row *row,
                                    size_t own, struct buf *scratch)
{
    return report->added_count ? hash_with_added(report, row, own, scratch)
                               : row_hash_bytes(buf_text(&row->bytes), own);
}
