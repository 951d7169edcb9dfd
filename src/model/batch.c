/* SPDX-License-Identifier: MIT */
/* Rows of one window, stored as one run of bytes and a table of cells. */
#include "model/batch.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t CELL_NULL = UINT32_MAX;

struct cell_ref {
    size_t offset; /* into bytes */
    uint32_t len;  /* CELL_NULL: SQL NULL */
};

void batch_init(struct batch *batch, size_t columns, size_t max_bytes)
{
    *batch = (struct batch){.columns = columns, .bytes = BUF_INIT(max_bytes)};
}

void batch_done(struct batch *batch)
{
    free(batch->rows);
    free(batch->cells);
    free(batch->rejects);
    free(batch->unknown);
    buf_done(&batch->bytes);
    arena_done(&batch->texts);
    *batch = (struct batch){0};
}

static struct cell_ref *cells_of(const struct batch *batch, size_t row)
{
    return batch->cells + row * batch->columns;
}

struct cell batch_cell(const struct batch *batch, size_t row, size_t column)
{
    const struct cell_ref *ref = cells_of(batch, row) + column;

    if (ref->len == CELL_NULL)
        return (struct cell){0};
    return (struct cell){.text = batch->bytes.data + ref->offset, .len = ref->len};
}

static void make_room_for_row(struct batch *batch)
{
    if (batch->row_count < batch->row_room)
        return;
    batch->row_room = batch->row_room ? batch->row_room * 2 : 1024;
    batch->rows = mem_grow(batch->rows, batch->row_room, sizeof(*batch->rows));
    batch->cells = mem_grow(batch->cells, batch->row_room, batch->columns * sizeof(*batch->cells));
}

struct row *batch_add_row(struct batch *batch, const struct cell *cells)
{
    size_t start = batch->bytes.len, size = 0;

    for (size_t i = 0; i < batch->columns; i++)
        size += cells[i].len;
    if (!buf_reserve(&batch->bytes, size))
        return NULL;
    make_room_for_row(batch);
    struct cell_ref *refs = cells_of(batch, batch->row_count);
    for (size_t i = 0; i < batch->columns; i++) {
        refs[i] = (struct cell_ref){.offset = start, .len = CELL_NULL};
        if (!cells[i].text)
            continue;
        refs[i].len = (uint32_t)cells[i].len;
        memcpy(batch->bytes.data + refs[i].offset, cells[i].text, cells[i].len);
        start += cells[i].len;
    }
    batch->bytes.len = start;
    struct row *row = &batch->rows[batch->row_count++];
    *row = (struct row){0};
    return row;
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
