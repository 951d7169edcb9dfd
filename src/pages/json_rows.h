/*
 * The rows of a query in the shape of /api.
 */
#ifndef PAGES_JSON_ROWS_H
#define PAGES_JSON_ROWS_H

#include "load/destination.h"
#include "pages/filters.h"
#include "pages/format.h"

struct json_rows {
    const char *model;
    const struct filters *filters;
    const char *data_until; /* an instant, or NULL */
    const char *run;        /* a run's id, or NULL */
    const struct view_column *columns;
    size_t column_count;
    size_t limit; /* of rows that are written; the others are only counted */
};

/* Appends a cell: a number where the kind is one and the cell too, null for NULL, else a string.
 * Ratios and reais are written as the database has them, exactly. */
void json_add_cell(struct buf *out, struct cell cell, enum cell_kind kind);

/* Appends {"modelo":…,"filtros":…,"dados_ate":…,"execucao":…,"colunas":[…],"linhas":[…],"total":n,
 * "cortado":false}. `total` counts all rows of the query. Fails as destination_query_values does,
 * and with ERROR_DATA if `out` is full; a part of it is in `out` then. */
bool json_rows(struct destination *reader, const char *sql, const struct sql_values *values,
               const struct json_rows *rows, struct buf *out, struct error *err);

#endif
