/*
 * Quotes where they do not belong: whether a record that has some can be believed. Pure.
 *
 * Careless programs write quotes into texts without quoting or doubling them, and such records are
 * read as they are meant (transform/csv.h). But where a separator was lost beside a quoted field,
 * or a quote strayed in, a record may have the right number of fields and wrong ones.
 */
#ifndef TRANSFORM_QUOTES_H
#define TRANSFORM_QUOTES_H

#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>

/* Whether a quote ends a field that is not quoted: a lost separator makes one field of a text and
 * the beginning of a quoted one, and another, that ends so, of what is behind a separator within
 * the quotes. */
static inline bool quote_is_left(const struct csv_field *field)
{
    return field->len && field->text[field->len - 1] == '"' && !field->quoted;
}

/* Whether the record has as many fields, and others, if quotes that enclose no whole field mean
 * nothing. */
bool quotes_are_ambiguous(const struct csv_record *record, char separator);

/* Whether the file's program doubles the quotes in its texts, so that one that stands alone is
 * damage: there are doubled ones, and few that stray. Reads the first records once more. */
bool quotes_are_doubled(const struct layout *layout, struct layout_bytes file);

#endif
