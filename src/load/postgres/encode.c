/* SPDX-License-Identifier: MIT */
/* Encodes values for COPY, binary and text, and for array parameters. */
#include "load/postgres/encode.h"

#include "base/date.h"

#include <limits.h>
#include <string.h>

/* The binary format */

enum {
    ISO_LEN = DATE_ISO_SIZE - 1,
    TIME_LEN = 8,
    EPOCH = 10957, /* 2000-01-01 as a day number: PostgreSQL counts days from it */
};
#define NULL_LENGTH UINT32_MAX
#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)

static void add_number(struct buf *out, uint64_t number, size_t bytes)
{
    char network[sizeof(number)];

    for (size_t i = 0; i < bytes; i++)
        network[i] = (char)(number >> (8 * (bytes - 1 - i)));
    buf_add(out, network, bytes);
}

static void add_field(struct buf *out, uint64_t number, size_t bytes)
{
    add_number(out, bytes, sizeof(uint32_t));
    add_number(out, number, bytes);
}

void copy_binary_begin(struct buf *out)
{
    static const char signature[] = "PGCOPY\n\377\r\n";

    buf_add(out, signature, sizeof(signature)); /* its NUL is part of it */
    add_number(out, 0, sizeof(uint32_t));       /* flags */
    add_number(out, 0, sizeof(uint32_t));       /* length of the header's extension */
}

void copy_binary_begin_row(struct buf *out, size_t cells)
{
    add_number(out, cells, sizeof(uint16_t));
}

void copy_binary_end(struct buf *out)
{
    add_number(out, UINT16_MAX, sizeof(uint16_t));
}

void copy_binary_hash(struct buf *out, struct hash128 hash)
{
    add_number(out, 2 * sizeof(uint64_t), sizeof(uint32_t));
    add_number(out, hash.high, sizeof(uint64_t));
    add_number(out, hash.low, sizeof(uint64_t));
}

/* Reads HH:MM:SS as microseconds since midnight; false if the text is no time. */
static bool read_time(const char *text, size_t len, int64_t *out)
{
    static const int limits[] = {24, 60, 60};
    int64_t seconds = 0;

    if (len != TIME_LEN || text[2] != ':' || text[5] != ':')
        return false;
    for (int i = 0; i < 3; i++) {
        const int tens = text[3 * i] - '0', ones = text[3 * i + 1] - '0';
        if (tens < 0 || tens > 9 || ones < 0 || ones > 9 || tens * 10 + ones >= limits[i])
            return false;
        seconds = seconds * 60 + tens * 10 + ones;
    }
    *out = seconds * SECOND;
    return true;
}

static bool add_date(struct buf *out, struct cell cell)
{
    int32_t date;

    if (!date_parse_iso(cell.text, cell.len, &date))
        return false;
    add_field(out, (uint32_t)(date - EPOCH), sizeof(uint32_t));
    return true;
}

static bool add_time(struct buf *out, struct cell cell)
{
    int64_t time;

    if (!read_time(cell.text, cell.len, &time))
        return false;
    add_field(out, (uint64_t)time, sizeof(uint64_t));
    return true;
}

static bool add_timestamp(struct buf *out, struct cell cell)
{
    int32_t date;
    int64_t time;

    if (cell.len != ISO_LEN + 1 + TIME_LEN || cell.text[ISO_LEN] != ' ' ||
        !date_parse_iso(cell.text, ISO_LEN, &date) ||
        !read_time(cell.text + ISO_LEN + 1, TIME_LEN, &time))
        return false;
    add_field(out, (uint64_t)((date - EPOCH) * DAY + time), sizeof(uint64_t));
    return true;
}

static bool add_text(struct buf *out, struct cell cell)
{
    if (cell.len > INT_MAX)
        return false;
    add_number(out, cell.len, sizeof(uint32_t));
    buf_add(out, cell.text, cell.len);
    return true;
}

bool copy_binary_cell(struct buf *out, enum column_type type, struct cell cell)
{
    if (!cell.text) {
        add_number(out, NULL_LENGTH, sizeof(uint32_t));
        return true;
    }
    switch (type) {
    case COLUMN_TEXT:
        return add_text(out, cell);
    case COLUMN_DATE:
        return add_date(out, cell);
    case COLUMN_TIME:
        return add_time(out, cell);
    case COLUMN_TIMESTAMP:
        return add_timestamp(out, cell);
    }
    return false;
}

/* The text format */

/* The character that stands for a byte behind a backslash; 0: the byte is written as it is. */
static const char escapes[256] = {
    ['\\'] = '\\',
    ['\t'] = 't',
    ['\n'] = 'n',
    ['\r'] = 'r',
};

/* Adds a cell and a tab; copy_text_end_row turns the last tab into the end of the line. */
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

/* Arrays */

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
