/* SPDX-License-Identifier: MIT */
/* Rows as COPY takes them. */
#include "load/postgres/copy_text.h"

#include <string.h>

/* What a byte is written as behind a backslash; 0: as it is. */
static const char escapes[256] = {
    ['\\'] = '\\',
    ['\t'] = 't',
    ['\n'] = 'n',
    ['\r'] = 'r',
};

/* Every cell is followed by a tab, and the last tab becomes the end of the line. */
void copy_text_cell(struct buf *out, struct cell cell)
{
    if (!cell.text) {
        buf_add(out, "\\N\t", 3);
        return;
    }
    if (cell.len > (SIZE_MAX - 1) / 2 || !buf_reserve(out, cell.len * 2 + 1)) {
        out->full = true;
        return;
    }
    char *to = out->data + out->len;
    for (size_t i = 0; i < cell.len; i++) {
        const char c = cell.text[i], escape = escapes[(unsigned char)c];
        if (escape)
            *to++ = '\\';
        *to++ = escape ? escape : c;
    }
    *to++ = '\t';
    *to = '\0';
    out->len = (size_t)(to - out->data);
}

void copy_text_text(struct buf *out, const char *text)
{
    copy_text_cell(out, (struct cell){.text = text, .len = text ? strlen(text) : 0});
}

void copy_text_hash(struct buf *out, struct hash128 hash)
{
    char text[HASH_TEXT_SIZE];

    copy_text_text(out, hash_format_uuid(hash, text));
}

void copy_text_end_row(struct buf *out)
{
    if (out->len && !out->full)
        out->data[out->len - 1] = '\n';
}

char *hash_format_uuid(struct hash128 hash, char text[HASH_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *to = text;

    for (int i = 0; i < 32; i++) {
        const uint64_t half = i < 16 ? hash.high : hash.low;
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *to++ = '-';
        *to++ = digits[half >> (60 - 4 * (i % 16)) & 15];
    }
    *to = '\0';
    return text;
}
