/*
 * Reads the fields of a CSV that begin with a quote or a blank. Only csv.c includes it.
 */
#ifndef TRANSFORM_CSV_QUOTED_H
#define TRANSFORM_CSV_QUOTED_H

#include "transform/csv_scan.h"

enum csv_quote {
    CSV_QUOTE_CLOSED,
    CSV_QUOTE_LITERAL, /* the quotes are part of the text, or there are none */
    CSV_QUOTE_OPEN,    /* the quote is never closed */
    CSV_QUOTE_MORE,    /* the field's end is not in these bytes */
};

struct csv_found_field {
    struct csv_field field;
    const char *end; /* at the separator or line end behind the field */
};

/* Reads the field that begins at `start`. *out is not valid after CSV_QUOTE_OPEN and
 * CSV_QUOTE_MORE. */
enum csv_quote csv_read_quoted(struct csv_reader *reader, struct csv_cursor in, const char *start,
                               struct csv_found_field *out);

#endif
