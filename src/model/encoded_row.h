/*
 * Encodes one row as a run of bytes: for each cell its length as 4 bytes little-endian
 * (ENCODED_NULL for SQL NULL), then its text. Fingerprints are computed from these bytes
 * (model/row_hash.h), so a row need not be copied for them.
 *
 * Cells may be added in any order, each column once.
 */
#ifndef MODEL_ENCODED_ROW_H
#define MODEL_ENCODED_ROW_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ENCODED_NULL UINT32_MAX
enum { ENCODED_PREFIX = 4 };

struct cell {
    const char *text; /* not NUL-terminated; NULL means SQL NULL */
    size_t len;
};

/* Whether the cell has exactly that text; one that is NULL has none. */
static inline bool cell_is(struct cell cell, const char *text)
{
    return cell.text && strlen(text) == cell.len && memcmp(cell.text, text, cell.len) == 0;
}

struct encoded_row {
    struct buf bytes;  /* `full` if a cell did not fit; the row is useless then */
    uint32_t *offsets; /* offset of each column's text in `bytes` */
    size_t columns;
};

/* Makes an empty row of up to max bytes, below 4 GiB. */
void encoded_row_init(struct encoded_row *row, size_t columns, size_t max);
void encoded_row_done(struct encoded_row *row); /* accepts a zeroed one */
void encoded_row_clear(struct encoded_row *row);

void encoded_row_add(struct encoded_row *row, size_t column, struct cell cell);

/* Returns room for a text of up to `room` bytes, which the caller writes in place; valid until the
 * next call. NULL if the row is full. encoded_row_close then takes the text's length. */
static inline char *encoded_row_open(struct encoded_row *row, size_t room)
{
    struct buf *bytes = &row->bytes;

    if (bytes->full || room > SIZE_MAX - ENCODED_PREFIX ||
        (bytes->cap - bytes->len <= ENCODED_PREFIX + room &&
         !buf_reserve(bytes, ENCODED_PREFIX + room)))
        return NULL;
    return bytes->data + bytes->len + ENCODED_PREFIX;
}

static inline void encoded_row_end(struct encoded_row *row, size_t column, uint32_t prefix,
                                   size_t len)
{
    const unsigned char bytes[ENCODED_PREFIX] = {
        (unsigned char)prefix, (unsigned char)(prefix >> 8), (unsigned char)(prefix >> 16),
        (unsigned char)(prefix >> 24)};

    memcpy(row->bytes.data + row->bytes.len, bytes, ENCODED_PREFIX);
    row->offsets[column] = (uint32_t)(row->bytes.len + ENCODED_PREFIX);
    row->bytes.len += ENCODED_PREFIX + len;
}

static inline void encoded_row_close(struct encoded_row *row, size_t column, size_t len)
{
    encoded_row_end(row, column, (uint32_t)len, len);
}

static inline void encoded_row_add_null(struct encoded_row *row, size_t column)
{
    if (encoded_row_open(row, 0))
        encoded_row_end(row, column, ENCODED_NULL, 0);
}

static inline void encoded_row_add_empty(struct encoded_row *row, size_t column)
{
    if (encoded_row_open(row, 0))
        encoded_row_end(row, column, 0, 0);
}

/* Returns the cell whose text is at `text`, in any copy of such bytes. */
static inline struct cell encoded_cell_at(const char *text)
{
    unsigned char bytes[ENCODED_PREFIX];

    memcpy(bytes, text - ENCODED_PREFIX, ENCODED_PREFIX);
    const uint32_t len = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                         (uint32_t)bytes[3] << 24;
    if (len == ENCODED_NULL)
        return (struct cell){0};
    return (struct cell){.text = text, .len = len};
}

/* Returns the cell of a column that was added; a view, valid until the next cell is added. */
static inline struct cell encoded_row_cell(const struct encoded_row *row, size_t column)
{
    return encoded_cell_at(row->bytes.data + row->offsets[column]);
}

#endif
