/*
 * The rows of a small query in memory, as texts.
 */
#ifndef PAGES_QUERY_TABLE_H
#define PAGES_QUERY_TABLE_H

#include "base/arena.h"
#include "load/destination.h"
#include "pages/decimal.h"
#include "pages/sql_values.h"

enum { QUERY_TABLE_BYTES_MAX = 16 * 1024 * 1024 };

struct query_table {
    size_t rows, columns; /* without rows the columns are 0 too */
    const struct cell **cells;
};

/* Runs a SELECT of the program; `values` may be NULL. The cells live in the arena. Fails as
 * destination_query_values does, and with ERROR_DATA if there are more than `max_rows` rows or
 * QUERY_TABLE_BYTES_MAX: the query itself is to have a LIMIT or so few rows. */
bool query_table_read(struct destination *reader, const char *sql, const struct sql_values *values,
                      size_t max_rows, struct arena *arena, struct query_table *out,
                      struct error *err);

/* Makes a table of that size in the arena, whose cells are NULL until they are put. */
void query_table_make(size_t rows, size_t columns, struct arena *arena, struct query_table *out);
/* Puts a text, or NULL, that lives as long as the arena. */
void query_table_put(struct query_table *table, size_t row, size_t column, const char *text);

/* Row and column count from 0 and are within the table. */
struct cell query_table_cell(const struct query_table *table, size_t row, size_t column);
/* Returns the text with a NUL behind it; "" for NULL. Lives as long as the arena. */
const char *query_table_text(const struct query_table *table, size_t row, size_t column);
/* False for NULL and for what is no number; *out is untouched then. */
bool query_table_decimal(const struct query_table *table, size_t row, size_t column,
                         struct decimal *out);
/* As above, rounded to a whole number. */
bool query_table_int(const struct query_table *table, size_t row, size_t column, int64_t *out);
bool query_table_day(const struct query_table *table, size_t row, size_t column, int32_t *out);
/* The whole numbers of a column together; those that are none count as 0. */
int64_t query_table_sum(const struct query_table *table, size_t column);

#endif
