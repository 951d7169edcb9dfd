/*
 * Splits a line as if a quote meant nothing unless it encloses a whole field. So something can be
 * said of a line that the CSV reader cannot read. Pure functions.
 */
#ifndef TRANSFORM_PIECES_H
#define TRANSFORM_PIECES_H

#include "transform/csv.h"

#include <stdbool.h>
#include <stddef.h>

struct pieces {
    struct csv_field *fields; /* views into the line */
    size_t count;             /* at most CSV_FIELDS_MAX; an empty line has one empty field */
};

/* Returns the field without the quotes at its ends. If the field is not quoted, they are the rest
 * of a pair. */
struct csv_field piece_drop_quotes(struct csv_field field);

/* Returns the field at *at, a view without its quotes, and moves *at behind the separator that
 * follows. *at becomes NULL behind the last field. */
struct csv_field piece_next(const char **at, const char *end, char separator);

/* Splits a whole line; the caller frees `fields`. */
struct pieces pieces_split(const char *line, size_t len, char separator);

#endif
