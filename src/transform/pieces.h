/*
 * A line split as if a quote meant nothing that does not enclose a whole field: what can still be
 * said of a line that the CSV reader cannot read. Pure.
 */
#ifndef TRANSFORM_PIECES_H
#define TRANSFORM_PIECES_H

#include "transform/csv.h"

#include <stdbool.h>
#include <stddef.h>

struct pieces {
    struct csv_field *fields; /* views into the line */
    size_t count; /* at most CSV_FIELDS_MAX; a line without a byte has one, an empty one */
};

/* A field without the quotes at its ends: if it is not quoted, they are what is left of a pair. */
struct csv_field piece_drop_quotes(struct csv_field field);

/* Takes the field at *at, a view without its quotes, and moves *at behind the separator that
 * follows; to NULL behind the last field. */
struct csv_field piece_next(const char **at, const char *end, char separator);

/* All of a line's; the caller frees `fields`. */
struct pieces pieces_split(const char *line, size_t len, char separator);

#endif
