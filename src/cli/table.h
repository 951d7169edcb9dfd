/*
 * Rows for a person (aligned columns) or for a program (JSON, one object a line).
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "load/destination.h"

#include <stdbool.h>

struct table {
    const char *const *columns; /* ends with NULL; borrowed */
    bool json;
    char **cells; /* all rows, one after the other; NULL: SQL NULL */
    size_t count, room;
};

void table_init(struct table *table, const char *const *columns, bool json);
void table_done(struct table *table);

/* A destination_row whose arg is a struct table: keeps the row, or prints it at once as JSON. */
bool table_add(void *arg, const struct cell *cells, size_t count, struct error *err);

/* Prints the kept rows on standard output; `empty` if there are none. */
void table_print(const struct table *table, const char *empty);

#endif
