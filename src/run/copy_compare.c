/* SPDX-License-Identifier: MIT */
/* Plans the difference between the rows of two databases. */
#include "run/copy_compare.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "model/hash_index.h"
#include "model/row_hash.h"

#include <stddef.h>
#include <stdlib.h>

void copy_rows_done(struct copy_rows *rows)
{
    free(rows->rows);
    *rows = (struct copy_rows){0};
}

void copy_rows_add(struct copy_rows *rows, struct copy_row row)
{
    if (rows->count == rows->room) {
        rows->room = rows->room ? 2 * rows->room : 1024;
        rows->rows = mem_grow(rows->rows, rows->room, sizeof(*rows->rows));
    }
    rows->rows[rows->count++] = row;
}

bool copy_row_of(const struct report *report, const struct table_row *row, struct buf *scratch,
                 struct copy_row *out)
{
    const struct cell day = row->cells[report->window_date];
    const char agrees = (char)(table_row_key_agrees(row) && table_row_contents_agree(row));

    *out = (struct copy_row){.key = row->key, .undated = !day.text};
    if (day.text && !date_parse_iso(day.text, day.len, &out->date))
        return false;
    buf_reset(scratch);
    for (size_t i = 0; i < report->column_count; i++) {
        const struct cell cell = row->cells[i];
        const uint32_t len = cell.text ? (uint32_t)cell.len : ENCODED_NULL;
        buf_add(scratch, &len, sizeof(len));
        if (cell.text)
            buf_add(scratch, cell.text, cell.len);
    }
    buf_add(scratch, &row->fingerprint, sizeof(row->fingerprint));
    buf_add_char(scratch, agrees);
    out->contents = row_hash_bytes(buf_text(scratch), scratch->len);
    return true;
}

static void index_rows(struct hash_index *index, const struct copy_rows *rows)
{
    hash_index_init(index, rows->rows, sizeof(*rows->rows), offsetof(struct copy_row, key),
                    rows->count);
    for (size_t i = 0; i < rows->count; i++)
        *hash_index_slot(index, rows->rows[i].key) = i + 1;
}

static bool has_twice(const struct copy_rows *rows)
{
    struct hash_index index;
    bool twice = false;

    index_rows(&index, rows);
    for (size_t i = 0; i < rows->count && !twice; i++)
        twice = *hash_index_slot(&index, rows->rows[i].key) != i + 1;
    hash_index_done(&index);
    return twice;
}

/* Decides the rows of `from`, and marks those of `to` that stay. */
static void decide(const struct copy_rows *from, const struct copy_rows *to, struct plan *plan,
                   bool *stays)
{
    struct hash_index index;

    index_rows(&index, to);
    for (size_t i = 0; i < from->count; i++) {
        const size_t at = *hash_index_slot(&index, from->rows[i].key);
        const bool same = at && hash128_equal(to->rows[at - 1].contents, from->rows[i].contents);
        plan->actions[i] = same ? ROW_SAME : at ? ROW_UPDATE : ROW_INSERT;
        plan->counts.unchanged += same;
        plan->counts.updated += at && !same;
        plan->counts.inserted += !at;
        if (at)
            stays[at - 1] = true;
    }
    hash_index_done(&index);
}

bool copy_compare(const struct copy_rows *from, const struct copy_rows *to, struct plan *out)
{
    if (has_twice(from))
        return false;
    bool *stays = mem_array(to->count, sizeof(*stays));
    *out = (struct plan){
        .actions = mem_array(from->count, sizeof(*out->actions)),
        .logged = mem_array(from->count, sizeof(*out->logged)),
        .row_count = from->count,
        .removed = mem_array(to->count, sizeof(*out->removed)),
        .unlogged = true,
    };
    decide(from, to, out, stays);
    for (size_t i = 0; i < to->count; i++)
        if (!stays[i])
            out->removed[out->removed_count++] = (struct stored_row){
                .key = to->rows[i].key, .date = to->rows[i].date, .undated = to->rows[i].undated};
    out->counts.deleted = out->removed_count;
    free(stays);
    return true;
}
