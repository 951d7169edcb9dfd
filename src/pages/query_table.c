/* SPDX-License-Identifier: MIT */
/* Collects the rows of a query. */
#include "pages/query_table.h"

#include "base/date.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct collector {
    struct arena *arena;
    struct query_table table;
    size_t room, max_rows, bytes;
};

static struct cell *copy_row(struct collector *into, const struct cell *cells, size_t count)
{
    struct cell *row = arena_alloc(into->arena, (count ? count : 1) * sizeof(*row));

    for (size_t i = 0; i < count; i++)
        if (cells[i].text)
            row[i] =
                (struct cell){arena_copy(into->arena, cells[i].text, cells[i].len), cells[i].len};
    return row;
}

static size_t size_of_row(const struct cell *cells, size_t count)
{
    size_t size = count * sizeof(*cells);

    for (size_t i = 0; i < count; i++)
        size += cells[i].text ? cells[i].len + 1 : 0;
    return size;
}

static bool collect(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct collector *into = arg;
    struct query_table *table = &into->table;

    if (table->rows == into->max_rows)
        return error_set(err, ERROR_DATA, "a query of a page has more than %zu rows",
                         into->max_rows);
    into->bytes += size_of_row(cells, count);
    if (into->bytes > QUERY_TABLE_BYTES_MAX)
        return error_set(err, ERROR_DATA, "a query of a page has more than %d bytes",
                         QUERY_TABLE_BYTES_MAX);
    if (table->rows == into->room) {
        into->room = into->room ? 2 * into->room : 32;
        table->cells = mem_grow(table->cells, into->room, sizeof(*table->cells));
    }
    table->columns = count;
    table->cells[table->rows++] = copy_row(into, cells, count);
    return true;
}

bool query_table_read(struct destination *reader, const char *sql, const struct sql_values *values,
                      size_t max_rows, struct arena *arena, struct query_table *out,
                      struct error *err)
{
    struct collector into = {.arena = arena, .max_rows = max_rows};

    const bool ok = destination_query_values(reader, sql, values ? values->texts : NULL,
                                             values ? values->count : 0, collect, &into, err);
    if (ok) {
        const size_t size = into.table.rows * sizeof(*into.table.cells);
        *out = into.table;
        out->cells = arena_alloc(arena, size ? size : 1);
        if (size)
            memcpy(out->cells, into.table.cells, size);
    }
    free(into.table.cells);
    return ok;
}

void query_table_make(size_t rows, size_t columns, struct arena *arena, struct query_table *out)
{
    *out = (struct query_table){.rows = rows, .columns = columns};
    out->cells = arena_alloc(arena, (rows ? rows : 1) * sizeof(*out->cells));
    for (size_t row = 0; row < rows; row++)
        out->cells[row] = arena_alloc(arena, columns * sizeof(struct cell));
}

void query_table_put(struct query_table *table, size_t row, size_t column, const char *text)
{
    assert(row < table->rows && column < table->columns);
    struct cell *cells = (struct cell *)(uintptr_t)table->cells[row];
    cells[column] = (struct cell){text, text ? strlen(text) : 0};
}

struct cell query_table_cell(const struct query_table *table, size_t row, size_t column)
{
    assert(row < table->rows && column < table->columns);
    return table->cells[row][column];
}

const char *query_table_text(const struct query_table *table, size_t row, size_t column)
{
    const struct cell cell = query_table_cell(table, row, column);

    return cell.text ? cell.text : "";
}

bool query_table_decimal(const struct query_table *table, size_t row, size_t column,
                         struct decimal *out)
{
    const struct cell cell = query_table_cell(table, row, column);

    return cell.text && decimal_parse(cell.text, cell.len, out);
}

bool query_table_int(const struct query_table *table, size_t row, size_t column, int64_t *out)
{
    struct decimal number;

    return query_table_decimal(table, row, column, &number) && decimal_to_int(number, out);
}

bool query_table_day(const struct query_table *table, size_t row, size_t column, int32_t *out)
{
    const struct cell cell = query_table_cell(table, row, column);

    return cell.text && date_parse_iso(cell.text, cell.len, out);
}

int64_t query_table_sum(const struct query_table *table, size_t column)
{
    int64_t sum = 0, number;

    for (size_t row = 0; row < table->rows; row++)
        if (query_table_int(table, row, column, &number) &&
            __builtin_add_overflow(sum, number, &sum))
            return number < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}
