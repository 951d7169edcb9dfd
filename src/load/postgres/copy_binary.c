/* SPDX-License-Identifier: MIT */
/* Rows as COPY … (FORMAT binary) takes them. */
#include "load/postgres/copy_binary.h"

#include "base/date.h"

#include <limits.h>
#include <string.h>

enum {
    ISO_LEN = DATE_ISO_SIZE - 1,
    TIME_LEN = 8,
    EPOCH = 10957, /* 2000-01-01, from which PostgreSQL counts */
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
    add_number(out, 0, sizeof(uint32_t));       /* length of what a later version adds */
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

/* The microseconds of HH:MM:SS, which begins a day of 24 hours; false if it is none. */
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
