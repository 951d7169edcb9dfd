/* SPDX-License-Identifier: MIT */
/* Keys and fingerprints. */
#include "transform/row_hash.h"

#include <string.h>
#include <xxhash.h>

static void add_cell(struct buf *scratch, struct cell cell)
{
    const uint32_t len = cell.text ? (uint32_t)cell.len : UINT32_MAX;
    const unsigned char prefix[4] = {(unsigned char)len, (unsigned char)(len >> 8),
                                     (unsigned char)(len >> 16), (unsigned char)(len >> 24)};

    if (!buf_reserve(scratch, sizeof(prefix) + cell.len))
        return;
    char *to = scratch->data + scratch->len;
    memcpy(to, prefix, sizeof(prefix));
    if (cell.len)
        memcpy(to + sizeof(prefix), cell.text, cell.len);
    scratch->len += sizeof(prefix) + cell.len;
}

struct hash128 row_hash_bytes(const void *bytes, size_t len)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, len);

    return (struct hash128){.high = hash.high64, .low = hash.low64};
}

struct hash128 row_hash_key(const struct report *report, const struct cell *cells,
                            struct buf *scratch)
{
    buf_reset(scratch);
    for (size_t i = 0; i < report->key_count; i++)
        add_cell(scratch, cells[report->key[i]]);
    return row_hash_bytes(buf_text(scratch), scratch->len);
}

struct hash128 row_hash_fingerprint(const struct report *report, const struct cell *cells,
                                    struct buf *scratch)
{
    const size_t own = report_own_columns(report);

    buf_reset(scratch);
    for (size_t i = 0; i < own; i++)
        if (report->columns[i].source != COLUMN_EXTRACTED_AT)
            add_cell(scratch, cells[i]);
    for (size_t i = own; i < report->column_count; i++) {
        if (!cells[i].len)
            continue;
        const char *name = report->columns[i].name;
        add_cell(scratch, (struct cell){.text = name, .len = strlen(name)});
        add_cell(scratch, cells[i]);
    }
    return row_hash_bytes(buf_text(scratch), scratch->len);
}
