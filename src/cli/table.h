/*
 * Prints rows on standard output: as aligned columns for a person, or as JSON, one object a line,
 * for a program.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "load/destination.h"

#include <stdbool.h>

struct table {
    const char *const *columns; /* ends with NULL; borrowed */
    bool json;
    char **cells; /* of all rows, row by row; NULL: SQL NULL */
    size_t count; /* of cells */
    size_t room;
};

/* Returns a cell of a text, which is borrowed; NULL is SQL NULL. */
struct cell table_text(const char *text);

/* Begins a table without rows. At most 64 columns. */
void table_init(struct table *table, const char *const *columns, bool json);
void table_done(struct table *table); /* accepts a zeroed one */

/* Keeps a row to be printed later, or prints it at once as JSON. Its type is destination_row, and
 * `arg` is the struct table. */
bool table_add(void *arg, const struct cell *cells, size_t count, struct error *err);

/* Prints the kept rows, or `empty` if there are none. Prints nothing in JSON. */
void table_print(const struct table *table, const char *empty);

#endif
