/* SPDX-License-Identifier: MIT */
/* Encodes rows column by column. Numbers are little-endian. */
#include "load/clickhouse/rows.h"

#include "base/date.h"
#include "base/mem.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMN_MAX = 512 * 1024 * 1024,
    BEHIND = 4, /* columns behind the report's */
    /* What Date and DateTime keep in a server of 2018: 1970-01-02 (its day 0 is no date) to
     * 2105-12-31. In a later one Date32 goes further. */
    FIRST_DAY = 1,
    LAST_DAY = 49672,
    FIRST_DAY_32 = -25567, /* 1900-01-01 */
    LAST_DAY_32 = 120529,  /* 2299-12-31 */
    SECONDS_A_DAY = 86400,
};

struct clickhouse_column {
    const char *name, *type;
    bool nullable;
    struct buf nulls, data;
};

/* --- the columns ----------------------------------------------------------------------------- */

static void name_column(struct clickhouse_column *column, const char *name, const char *type,
                        bool nullable)
{
    *column = (struct clickhouse_column){.name = name,
                                         .type = type,
                                         .nullable = nullable,
                                         .nulls = BUF_INIT(COLUMN_MAX),
                                         .data = BUF_INIT(COLUMN_MAX)};
}

void clickhouse_rows_init(struct clickhouse_rows *rows, const struct report *report,
                          struct clickhouse_site site)
{
    const size_t count = report->column_count;

    *rows = (struct clickhouse_rows){
        .report = report,
        .site = site,
        .columns = mem_array(count + BEHIND, sizeof(*rows->columns)),
    };
    for (size_t i = 0; i < count; i++)
        name_column(&rows->columns[i], report->columns[i].name,
                    clickhouse_sql_type(report->columns[i].type, site), true);
    name_column(&rows->columns[count], COLUMN_ROW_KEY, "UUID", false);
    name_column(&rows->columns[count + 1], COLUMN_ROW_HASH, "UUID", false);
    name_column(&rows->columns[count + 2], "_day", "Date", false);
    name_column(&rows->columns[count + 3], "_id", "UInt64", false);
}

static size_t column_count(const struct clickhouse_rows *rows)
{
    return rows->report->column_count + BEHIND;
}

void clickhouse_rows_done(struct clickhouse_rows *rows)
{
    for (size_t i = 0; rows->columns && i < column_count(rows); i++) {
        buf_done(&rows->columns[i].nulls);
        buf_done(&rows->columns[i].data);
    }
    free(rows->columns);
    *rows = (struct clickhouse_rows){0};
}

void clickhouse_rows_drop(struct clickhouse_rows *rows)
{
    for (size_t i = 0; i < column_count(rows); i++) {
        buf_reset(&rows->columns[i].nulls);
        buf_reset(&rows->columns[i].data);
    }
    rows->count = rows->bytes = 0;
}

/* --- values ---------------------------------------------------------------------------------- */

/* Seven bits a byte, the low ones first. */
static void add_length(struct buf *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        buf_add_char(out, (char)(number | 0x80));
    buf_add_char(out, (char)number);
}

static void add_text(struct buf *out, const char *text, size_t len)
{
    add_length(out, len);
    buf_add(out, text, len);
}

static void add_16(struct buf *out, uint16_t number)
{
    number = htole16(number);
    buf_add(out, &number, sizeof(number));
}

static void add_32(struct buf *out, uint32_t number)
{
    number = htole32(number);
    buf_add(out, &number, sizeof(number));
}

static void add_64(struct buf *out, uint64_t number)
{
    number = htole64(number);
    buf_add(out, &number, sizeof(number));
}

static void add_hash(struct buf *out, struct hash128 hash)
{
    add_64(out, hash.high);
    add_64(out, hash.low);
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* Reads the seconds of the day of a canonical timestamp, "yyyy-mm-dd hh:mm:ss". */
static uint32_t seconds_of(struct cell cell)
{
    const char *time = cell.text + DATE_ISO_SIZE;

    if (cell.len < DATE_ISO_SIZE + 8)
        return 0;
    return (uint32_t)(two_digits(time) * 3600 + two_digits(time + 3) * 60 + two_digits(time + 6));
}

/* A day that the column's type cannot hold would silently become another one. */
static bool read_day(const struct clickhouse_rows *rows, size_t column, struct cell cell,
                     int32_t *day, struct error *err)
{
    const struct column *what = &rows->report->columns[column];
    const bool wide =
        what->type == COLUMN_DATE && column != rows->report->window_date && rows->site.modern;

    if (cell.len >= DATE_ISO_SIZE - 1 && date_parse_iso(cell.text, DATE_ISO_SIZE - 1, day) &&
        *day >= (wide ? FIRST_DAY_32 : FIRST_DAY) && *day <= (wide ? LAST_DAY_32 : LAST_DAY))
        return true;
    return error_set(err, ERROR_DATABASE,
                     "%s of %s: ClickHouse cannot keep %.*s, only days from %s", what->name,
                     rows->report->name, (int)cell.len, cell.text,
                     wide ? "1900-01-01 to 2299-12-31" : "1970-01-02 to 2105-12-31");
}

static void add_day(struct buf *out, bool wide, int32_t day)
{
    if (wide)
        add_32(out, (uint32_t)day);
    else
        add_16(out, (uint16_t)day);
}

static bool add_cell(struct clickhouse_rows *rows, size_t column, struct cell cell,
                     struct error *err)
{
    struct clickhouse_column *to = &rows->columns[column];
    int32_t day = 0;

    buf_add_char(&to->nulls, cell.text ? 0 : 1);
    switch (rows->report->columns[column].type) {
    case COLUMN_DATE:
        if (cell.text && !read_day(rows, column, cell, &day, err))
            return false;
        add_day(&to->data, rows->site.modern, day);
        return true;
    case COLUMN_TIMESTAMP:
        if (cell.text && !read_day(rows, column, cell, &day, err))
            return false;
        add_32(&to->data, cell.text ? (uint32_t)day * SECONDS_A_DAY + seconds_of(cell) : 0);
        return true;
    case COLUMN_TEXT:
    case COLUMN_TIME:
        break;
    }
    add_text(&to->data, cell.text ? cell.text : "", cell.text ? cell.len : 0);
    return true;
}

bool clickhouse_rows_add(struct clickhouse_rows *rows, const struct row *row,
                         const struct cell *cells, uint64_t id, struct error *err)
{
    const size_t count = rows->report->column_count;

    for (size_t i = 0; i < count; i++) {
        if (!add_cell(rows, i, cells[i], err))
            return false;
        rows->bytes += cells[i].len + 2;
    }
    add_hash(&rows->columns[count].data, row->key);
    add_hash(&rows->columns[count + 1].data, row->fingerprint);
    add_16(&rows->columns[count + 2].data, row->undated ? 0 : (uint16_t)row->date);
    add_64(&rows->columns[count + 3].data, id);
    rows->bytes += 42;
    rows->count++;
    return true;
}

/* Bytes of a column in the block, about. */
static size_t size_of(const struct clickhouse_column *column)
{
    enum { LENGTHS = 20 };

    return strlen(column->name) + strlen(column->type) + LENGTHS + column->nulls.len +
           column->data.len;
}

/* The columns are as large as the block, so each goes as soon as it is in there. */
void clickhouse_rows_take(struct clickhouse_rows *rows, struct buf *out)
{
    size_t size = 0;

    if (!rows->count)
        return;
    for (size_t i = 0; i < column_count(rows); i++)
        size += size_of(&rows->columns[i]);
    buf_reserve(out, size);
    add_length(out, column_count(rows));
    add_length(out, rows->count);
    for (size_t i = 0; i < column_count(rows); i++) {
        struct clickhouse_column *column = &rows->columns[i];
        add_text(out, column->name, strlen(column->name));
        add_text(out, column->type, strlen(column->type));
        if (column->nullable)
            buf_add(out, column->nulls.data, column->nulls.len);
        buf_add(out, column->data.data, column->data.len);
        out->full |= column->data.full || column->nulls.full;
        buf_done(&column->nulls);
        buf_done(&column->data);
    }
    rows->count = rows->bytes = 0;
}
