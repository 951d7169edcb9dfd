/*
 * Streams the rows of a query into a CSV file.
 *
 * As Excel in Brazil reads it: UTF-8 with BOM, semicolons, CRLF, decimal commas, dd/mm/aaaa. With
 * `iso`: no BOM, points, ISO dates. NULL is an empty field. A text that a spreadsheet would take
 * for a formula gets an apostrophe before it; numbers and dates that are what their kind says never
 * do.
 */
#ifndef PAGES_CSV_H
#define PAGES_CSV_H

#include "load/destination.h"
#include "pages/format.h"
#include "pages/sql_values.h"

#include <stdio.h>

/* Appends a field. Of a number all digits are written; cents stay cents, as their column is named.
 */
void csv_add_field(struct buf *out, struct cell cell, enum cell_kind kind, bool iso);

/* Runs the query and writes a head of the columns' names and all its rows into a file without a
 * name in $TMPDIR or /tmp, rewound; the caller closes it. Fails as destination_query_values does,
 * with ERROR_DATABASE if a row has another number of cells, or ERROR_SYSTEM if it cannot be
 * written. */
bool csv_write(struct destination *reader, const char *sql, const struct sql_values *values,
               const struct view_column *columns, size_t column_count, bool iso, FILE **out,
               struct error *err);

#endif
