/* SPDX-License-Identifier: MIT */
/* Stores the rows of one window as one run of bytes and a table of offsets. */
#include "model/batch.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { EXPECTED_MAX = 64 * 1024 * 1024 }; /* bytes; only address space until they are used */

void batch_init(struct batch *batch, size_t columns, size_t max_bytes)
{
    *batch = (struct batch){
        .columns = columns,
        .bytes = BUF_INIT(max_bytes),
        .tallies = mem_array(columns, sizeof(*batch->tallies)),
    };
}

void batch_expect(struct batch *batch, size_t bytes)
{
    const size_t most = batch->bytes.max - batch->bytes.len;

    if (bytes > EXPECTED_MAX)
        bytes = EXPECTED_MAX;
    buf_reserve(&batch->bytes, bytes < most ? bytes : most);
}

void batch_done(struct batch *batch)
{
    free(batch->rows);
    free(batch->offsets);
    free(batch->rejects);
    free(batch->unread);
    free(batch->unread_keys);
    free(batch->tallies);
    free(batch->unknown);
    buf_done(&batch->bytes);
    arena_done(&batch->texts);
    *batch = (struct batch){0};
}

size_t batch_count_undated(const struct batch *batch)
{
    size_t count = 0;

    for (size_t i = 0; i < batch->row_count; i++)
        count += batch->rows[i].undated;
    return count;
}

struct cell batch_cell(const struct batch *batch, size_t row, size_t column)
{
    return encoded_cell_at(batch->bytes.data + batch->rows[row].at +
                           batch->offsets[row * batch->columns + column]);
}

static void make_room_for_row(struct batch *batch)
{
    if (batch->row_count < batch->row_room)
        return;
    batch->row_room = batch->row_room ? batch->row_room * 2 : 1024;
    batch->rows = mem_grow(batch->rows, batch->row_room, sizeof(*batch->rows));
    batch->offsets =
        mem_grow(batch->offsets, batch->row_room, batch->columns * sizeof(*batch->offsets));
}

struct row *batch_add_row(struct batch *batch, const struct encoded_row *row)
{
    const size_t at = batch->bytes.len;

    buf_add(&batch->bytes, buf_text(&row->bytes), row->bytes.len);
    if (batch->bytes.full)
        return NULL;
    make_room_for_row(batch);
    memcpy(batch->offsets + batch->row_count * batch->columns, row->offsets,
           batch->columns * sizeof(*batch->offsets));
    struct row *added = &batch->rows[batch->row_count++];
    *added = (struct row){.at = at};
    return added;
}

struct row *batch_add_cells(struct batch *batch, const struct cell *cells)
{
    struct encoded_row row;

    encoded_row_init(&row, batch->columns, UINT32_MAX);
    for (size_t i = 0; i < batch->columns; i++)
        encoded_row_add(&row, i, cells[i]);
    struct row *added = row.bytes.full ? NULL : batch_add_row(batch, &row);
    encoded_row_done(&row);
    return added;
}

struct reject *batch_reject(struct batch *batch, const char *file, uint64_t line,
                            const char *reason, const char *raw, size_t raw_len)
{
    if (batch->reject_count == batch->reject_room) {
        batch->reject_room = batch->reject_room ? batch->reject_room * 2 : 16;
        batch->rejects = mem_grow(batch->rejects, batch->reject_room, sizeof(*batch->rejects));
    }
    struct reject *reject = &batch->rejects[batch->reject_count++];
    *reject = (struct reject){
        .reason = arena_copy(&batch->texts, reason, strlen(reason)),
        .file = file,
        .line = line,
        .raw = arena_copy(&batch->texts, raw, raw_len),
        .raw_len = raw_len,
    };
    return reject;
}

struct unread *batch_unread(struct batch *batch, size_t reject)
{
    if (batch->unread_count == batch->unread_room) {
        batch->unread_room = batch->unread_room ? batch->unread_room * 2 : 16;
        batch->unread = mem_grow(batch->unread, batch->unread_room, sizeof(*batch->unread));
    }
    struct unread *unread = &batch->unread[batch->unread_count++];
    *unread = (struct unread){.reject = reject, .first_key = batch->unread_key_count};
    return unread;
}

void batch_unread_key(struct batch *batch, struct hash128 key)
{
    struct unread *unread = &batch->unread[batch->unread_count - 1];

    for (size_t i = 0; i < unread->key_count; i++)
        if (hash128_equal(batch->unread_keys[unread->first_key + i], key))
            return;
    if (batch->unread_key_count == batch->unread_key_room) {
        batch->unread_key_room = batch->unread_key_room ? batch->unread_key_room * 2 : 16;
        batch->unread_keys =
            mem_grow(batch->unread_keys, batch->unread_key_room, sizeof(*batch->unread_keys));
    }
    batch->unread_keys[batch->unread_key_count++] = key;
    unread->key_count++;
}

void batch_note_unknown(struct batch *batch, const char *file, const char *name)
{
    for (size_t i = 0; i < batch->unknown_count; i++) {
        struct unknown_column *known = &batch->unknown[i];
        if (strcmp(known->name, name) == 0) {
            known->twice = known->twice || known->file == file;
            return;
        }
    }
    if (batch->unknown_count == BATCH_UNKNOWN_MAX) {
        batch->unknown_more = true;
        return;
    }
    if (!batch->unknown)
        batch->unknown = mem_array(BATCH_UNKNOWN_MAX, sizeof(*batch->unknown));
    batch->unknown[batch->unknown_count++] = (struct unknown_column){
        .name = arena_copy(&batch->texts, name, strlen(name)),
        .file = file,
    };
}
