/* SPDX-License-Identifier: MIT */
/* Elements, and what is between them. */
#include "load/postgres/array_text.h"

#include "load/postgres/copy_text.h"

#include <string.h>

static void add_quoted(struct buf *out, struct cell cell)
{
    if (cell.len > (SIZE_MAX - 2) / 2 || !buf_reserve(out, cell.len * 2 + 2)) {
        out->full = true;
        return;
    }
    char *to = out->data + out->len;
    *to++ = '"';
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.text[i] == '"' || cell.text[i] == '\\')
            *to++ = '\\';
        *to++ = cell.text[i];
    }
    *to++ = '"';
    *to = '\0';
    out->len = (size_t)(to - out->data);
}

void array_text_cell(struct buf *out, struct cell cell)
{
    buf_add_char(out, out->len ? ',' : '{');
    if (cell.text)
        add_quoted(out, cell);
    else
        buf_add_text(out, "NULL");
}

void array_text_hash(struct buf *out, struct hash128 hash)
{
    char text[HASH_TEXT_SIZE];

    array_text_cell(out, (struct cell){.text = hash_format_uuid(hash, text), .len = strlen(text)});
}

const char *array_text_end(struct buf *out)
{
    if (!out->len)
        buf_add_char(out, '{');
    buf_add_char(out, '}');
    return buf_text(out);
}
