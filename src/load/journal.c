/* SPDX-License-Identifier: MIT */
/* Lists the tables with their columns, and brings their texts into one form. */
#include "load/journal.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "load/change_log.h"
#include "load/ledger_fields.h"
#include "load/sql_text.h"
#include "model/row_hash.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 64 * 1024, ROW_MAX = 1024 * 1024 * 1024, NUMBER_SIZE = 40 };

#define COUNTED(...)                                                                               \
    {__VA_ARGS__}, sizeof((struct journal_column[]){__VA_ARGS__}) / sizeof(struct journal_column)

/* clang-format off */
const struct journal_table journal_tables[JOURNAL_TABLE_COUNT] = {
    [JOURNAL_RUNS] = {JOURNAL_RUNS, "etl_runs", COUNTED(
        {"id", JOURNAL_TEXT, true}, {"mode", JOURNAL_TEXT, false}, {"started_at", JOURNAL_INSTANT, false},
        {"ended_at", JOURNAL_INSTANT, false}, {"exit_code", JOURNAL_NUMBER, false})},
    [JOURNAL_COLUMNS] = {JOURNAL_COLUMNS, "etl_columns", COUNTED(
        {"report", JOURNAL_TEXT, true}, {"name", JOURNAL_TEXT, true}, {"run_id", JOURNAL_TEXT, false},
        {"added_at", JOURNAL_INSTANT, false})},
    [JOURNAL_WINDOWS] = {JOURNAL_WINDOWS, "etl_windows", COUNTED( /* as in load/ledger_fields.c */
        {"run_id", JOURNAL_TEXT, false}, {"report", JOURNAL_TEXT, false}, {"first", JOURNAL_DAY, false},
        {"last", JOURNAL_DAY, false}, {"own_first", JOURNAL_DAY, false}, {"own_last", JOURNAL_DAY, false},
        {"complete", JOURNAL_NUMBER, false}, {"status", JOURNAL_TEXT, false}, {"reason", JOURNAL_TEXT, false},
        {"file", JOURNAL_TEXT, false}, {"sha256", JOURNAL_TEXT, false}, {"bytes", JOURNAL_NUMBER, false},
        {"rows_read", JOURNAL_NUMBER, false}, {"rows_loaded", JOURNAL_NUMBER, false},
        {"rows_duplicates", JOURNAL_NUMBER, false}, {"rows_boundary", JOURNAL_NUMBER, false},
        {"rows_rejected", JOURNAL_NUMBER, false}, {"rows_foreign", JOURNAL_NUMBER, false},
        {"rows_left_out", JOURNAL_NUMBER, false}, {"cells_unreadable", JOURNAL_NUMBER, false},
        {"inserted", JOURNAL_NUMBER, false}, {"updated", JOURNAL_NUMBER, false},
        {"deleted", JOURNAL_NUMBER, false}, {"unchanged", JOURNAL_NUMBER, false},
        {"kept", JOURNAL_NUMBER, false}, {"started_at", JOURNAL_INSTANT, false},
        {"ended_at", JOURNAL_INSTANT, false}, {"seconds", JOURNAL_REAL, false})},
    [JOURNAL_CHANGES] = {JOURNAL_CHANGES, "etl_changes", COUNTED(
        {"run_id", JOURNAL_TEXT, false}, {"report", JOURNAL_TEXT, false},
        {"changed_at", JOURNAL_INSTANT, false}, {"window_date", JOURNAL_DAY, false},
        {"row_key", JOURNAL_HASH, false}, {"op", JOURNAL_TEXT, false}, {"key", JOURNAL_JSON, false},
        {"before", JOURNAL_JSON, false}, {"after", JOURNAL_JSON, false})},
    [JOURNAL_REJECTS] = {JOURNAL_REJECTS, "etl_rejects", COUNTED(
        {"id", JOURNAL_HASH, true}, {"run_id", JOURNAL_TEXT, false}, {"report", JOURNAL_TEXT, false},
        {"file", JOURNAL_TEXT, false}, {"line", JOURNAL_NUMBER, false}, {"reason", JOURNAL_TEXT, false},
        {"raw", JOURNAL_TEXT, false})},
    [JOURNAL_UNREAD_LINES] = {JOURNAL_UNREAD_LINES, "etl_unread_lines", COUNTED(
        {"report", JOURNAL_TEXT, true}, {"line_id", JOURNAL_TEXT, true}, {"run_id", JOURNAL_TEXT, false},
        {"seen_run_id", JOURNAL_TEXT, false}, {"own_first", JOURNAL_DAY, true},
        {"own_last", JOURNAL_DAY, true})},
    [JOURNAL_KEPT_ROWS] = {JOURNAL_KEPT_ROWS, "etl_kept_rows", COUNTED(
        {"report", JOURNAL_TEXT, true}, {"row_key", JOURNAL_TEXT, true}, {"run_id", JOURNAL_TEXT, false},
        {"window_date", JOURNAL_DAY, false})},
    [JOURNAL_HABITS] = {JOURNAL_HABITS, "etl_habits", COUNTED(
        {"report", JOURNAL_TEXT, true}, {"habit", JOURNAL_TEXT, true}, {"run_id", JOURNAL_TEXT, false})},
};
/* clang-format on */

bool journal_grows(const struct journal_table *table)
{
    return table->id == JOURNAL_WINDOWS || table->id == JOURNAL_CHANGES ||
           table->id == JOURNAL_REJECTS;
}

/* --- statements ------------------------------------------------------------------------------ */

static void add_hash(struct buf *sql, const char *column, enum sql_dialect dialect)
{
    static const char *const forms[DIALECT_COUNT] = {
        [DIALECT_POSTGRES] = "replace(%s::text, '-', '')",
        [DIALECT_SQLITE] = "lower(hex(%s))",
        [DIALECT_CLICKHOUSE] = "replaceAll(toString(%s), '-', '')",
    };
    const char *at = strstr(forms[dialect], "%s");

    buf_add(sql, forms[dialect], (size_t)(at - forms[dialect]));
    buf_add_text(sql, column);
    buf_add_text(sql, at + 2);
}

/* Adds the place of a row. Rejects have no number: a run adds its own behind those of earlier runs,
 * in the order of their ids. */
static void add_place(struct buf *sql, const struct journal_table *table, enum sql_dialect dialect)
{
    if (table->id != JOURNAL_REJECTS) {
        buf_add_text(sql, "id");
        return;
    }
    buf_add_text(sql, dialect == DIALECT_CLICKHOUSE ? "concat(concat(run_id, ' '), "
                                                    : "(run_id || ' ' || ");
    add_hash(sql, "id", dialect);
    buf_add_text(sql, dialect == DIALECT_POSTGRES ? ") COLLATE \"C\"" : ")");
}

static struct buf begin_select(const struct journal_table *table, enum sql_dialect dialect)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT ");
    if (journal_grows(table))
        add_place(&sql, table, dialect);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct journal_column *column = &table->columns[i];
        buf_add_text(&sql, i || journal_grows(table) ? ", " : "");
        if (column->type == JOURNAL_HASH)
            add_hash(&sql, column->name, dialect);
        else
            buf_add_text(&sql, column->name);
    }
    buf_addf(&sql, " FROM %s", table->name);
    return sql;
}

char *journal_select(const struct journal_table *table, enum sql_dialect dialect)
{
    struct buf sql = begin_select(table, dialect);

    return buf_detach(&sql);
}

char *journal_select_next(const struct journal_table *table, enum sql_dialect dialect,
                          const char *after, size_t limit)
{
    struct buf sql = begin_select(table, dialect);

    if (after) {
        buf_add_text(&sql, " WHERE ");
        add_place(&sql, table, dialect);
        buf_add_text(&sql, " > ");
        if (table->id == JOURNAL_REJECTS)
            sql_add_literal_for(dialect, &sql, after);
        else
            buf_add_text(&sql, after); /* a number that the database gave */
    }
    buf_add_text(&sql, " ORDER BY ");
    add_place(&sql, table, dialect);
    buf_addf(&sql, " LIMIT %zu", limit);
    return buf_detach(&sql);
}

char *journal_select_one(const struct journal_table *table, enum sql_dialect dialect, size_t number)
{
    struct buf sql = begin_select(table, dialect);

    buf_add_text(&sql, " ORDER BY ");
    add_place(&sql, table, dialect);
    if (dialect == DIALECT_CLICKHOUSE) /* a server of 2018 has no OFFSET */
        buf_addf(&sql, " LIMIT %zu, 1", number);
    else
        buf_addf(&sql, " LIMIT 1 OFFSET %zu", number);
    return buf_detach(&sql);
}

/* --- texts ----------------------------------------------------------------------------------- */

static bool read_instant(struct cell cell, time_t *out)
{
    int hour, minute, second, zone_hour, zone_minute, end = 0;
    char sign;
    int32_t day;

    if (cell.len < DATE_ISO_SIZE + 8 || !date_parse_iso(cell.text, DATE_ISO_SIZE - 1, &day) ||
        sscanf(cell.text + DATE_ISO_SIZE, "%2d:%2d:%2d%c%2d:%2d%n", &hour, &minute, &second, &sign,
               &zone_hour, &zone_minute, &end) != 6 ||
        (sign != '+' && sign != '-') || (size_t)(DATE_ISO_SIZE + end) != cell.len)
        return false;
    const long offset = (zone_hour * 60L + zone_minute) * 60 * (sign == '-' ? -1 : 1);
    *out = (time_t)day * 86400 + hour * 3600L + minute * 60L + second - offset;
    return true;
}

/* Adds the object with its members in the order of their names, or as they stand. */
static void add_json(struct buf *out, struct cell cell, size_t order)
{
    json_t *json = json_loadb(cell.text, cell.len, JSON_ALLOW_NUL, NULL);
    char *text = json ? json_dumps(json, JSON_COMPACT | order) : NULL;

    json_decref(json);
    if (text)
        buf_add_text(out, text);
    else
        buf_add(out, cell.text, cell.len);
    free(text);
}

/* Returns the number as every database has it; the text is in `room` or the cell's own. */
static struct cell normal_cell(enum journal_type type, struct cell cell, char room[NUMBER_SIZE])
{
    time_t when;

    if (type == JOURNAL_REAL)
        snprintf(room, NUMBER_SIZE, "%.9g", strtod(cell.text, NULL));
    else if (type == JOURNAL_INSTANT && read_instant(cell, &when))
        clock_format_zoned(when, room);
    else
        return cell;
    return (struct cell){room, strlen(room)};
}

static void add_cell(struct buf *out, enum journal_type type, struct cell cell)
{
    char room[NUMBER_SIZE];
    const struct cell normal = cell.text ? normal_cell(type, cell, room) : cell;

    buf_add_char(out, cell.text ? '=' : 'N');
    if (!cell.text)
        return;
    if (type == JOURNAL_JSON)
        add_json(out, cell, JSON_SORT_KEYS);
    else
        buf_add(out, normal.text, normal.len);
    buf_add_char(out, '\0');
}

void journal_fit_days(const struct journal_table *table, struct cell *cells,
                      struct journal_days *days)
{
    enum { FIRST = 2, COUNT = 4 };
    int32_t read[COUNT];

    if (table->id != JOURNAL_WINDOWS)
        return;
    for (int i = 0; i < COUNT; i++)
        if (!cells[FIRST + i].text ||
            !date_parse_iso(cells[FIRST + i].text, cells[FIRST + i].len, &read[i]))
            return;
    const struct window window = ledger_days_that_fit((struct window){
        .first = read[0], .last = read[1], .own_first = read[2], .own_last = read[3]});
    const int32_t fit[COUNT] = {window.first, window.last, window.own_first, window.own_last};
    for (int i = 0; i < COUNT; i++)
        cells[FIRST + i] =
            (struct cell){date_format_iso(fit[i], days->texts[i]), DATE_ISO_SIZE - 1};
}

static struct hash128 hash_of(const struct journal_table *table, const struct cell *cells,
                              bool keys)
{
    BUF_DONE struct buf row = BUF_INIT(ROW_MAX);
    struct cell fitting[JOURNAL_COLUMNS_MAX];
    struct journal_days days;

    memcpy(fitting, cells, table->column_count * sizeof(*fitting));
    journal_fit_days(table, fitting, &days);
    for (size_t i = 0; i < table->column_count; i++)
        if (!keys || table->columns[i].key)
            add_cell(&row, table->columns[i].type, fitting[i]);
    return row_hash_bytes(buf_text(&row), row.len);
}

struct hash128 journal_row_hash(const struct journal_table *table, const struct cell *cells)
{
    return hash_of(table, cells, false);
}

struct hash128 journal_row_key(const struct journal_table *table, const struct cell *cells)
{
    return hash_of(table, cells, true);
}

/* --- rows ------------------------------------------------------------------------------------ */

void journal_rows_init(struct journal_rows *rows, const struct journal_table *table)
{
    *rows = (struct journal_rows){.table = table};
}

void journal_rows_done(struct journal_rows *rows)
{
    free(rows->cells);
    arena_done(&rows->texts);
    *rows = (struct journal_rows){.table = rows->table};
}

/* PostgreSQL's jsonb has spaces that no other database keeps; elsewhere the text is the
 * program's. */
static struct cell stored_cell(struct journal_rows *rows, enum sql_dialect dialect,
                               enum journal_type type, struct cell cell)
{
    char room[NUMBER_SIZE];
    BUF_DONE struct buf json = BUF_INIT(CHANGE_JSON_MAX);

    if (!cell.text)
        return cell;
    if (type == JOURNAL_JSON && dialect == DIALECT_POSTGRES) {
        add_json(&json, cell, 0);
        cell = (struct cell){buf_text(&json), json.len};
    }
    const struct cell normal = normal_cell(type, cell, room);
    rows->bytes += normal.len;
    return (struct cell){arena_copy(&rows->texts, normal.text, normal.len), normal.len};
}

void journal_rows_add(struct journal_rows *rows, enum sql_dialect dialect, const struct cell *cells)
{
    const size_t columns = rows->table->column_count;

    if (rows->count == rows->room) {
        rows->room = rows->room ? 2 * rows->room : 64;
        rows->cells = mem_grow(rows->cells, rows->room * columns, sizeof(*rows->cells));
    }
    for (size_t i = 0; i < columns; i++)
        rows->cells[rows->count * columns + i] =
            stored_cell(rows, dialect, rows->table->columns[i].type, cells[i]);
    rows->count++;
}
