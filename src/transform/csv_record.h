/*
 * One record of a CSV. Its fields are views into the bytes that were read.
 */
#ifndef TRANSFORM_CSV_RECORD_H
#define TRANSFORM_CSV_RECORD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_FIELDS_MAX = 4096 }; /* the most fields of one record that are kept */

struct csv_field {
    const char *text; /* without the enclosing quotes */
    size_t len;
    bool quoted;
    bool doubled; /* holds "" or \" : see csv_unquote */
    bool escaped; /* a backslash escapes quotes */
};

struct csv_record {
    const struct csv_field *fields;
    size_t count;    /* a blank line is one empty field; at most CSV_FIELDS_MAX */
    const char *raw; /* the record's bytes without its line end */
    size_t raw_len;
    uint64_t line;  /* physical line on which the record begins, from 1 */
    uint64_t lines; /* physical lines it spans */
    bool bad_quote;
    bool open_quote; /* raw is only the first line; no fields */
    bool too_long;   /* raw is only the beginning; no fields */
    bool too_many;   /* there were fields beyond CSV_FIELDS_MAX */
};

/* Whether a backslash escapes the quote at `quote`: an odd number of them stands before it, from
 * `start` on. */
bool csv_is_escaped(const char *start, const char *quote);

/* Does what csv_unquote does, for a field with doubled or escaped quotes. */
struct csv_field csv_undouble(struct csv_field field, struct buf *scratch);

/* Returns the field's text with "" turned into " and, where a backslash escapes, \" too. The text
 * is in `scratch` if it had to be changed. */
static inline struct csv_field csv_unquote(struct csv_field field, struct buf *scratch)
{
    return field.doubled ? csv_undouble(field, scratch) : field;
}

#endif
