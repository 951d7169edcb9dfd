/*
 * Decides whether a record with stray quotes can be believed. Pure functions.
 *
 * Some programs write quotes into texts without quoting the field or doubling them. Such records
 * are read as they are meant (transform/csv.h). But where a separator beside a quoted field was
 * lost, or a quote strayed in, a record may have the right number of fields with wrong contents.
 */
#ifndef TRANSFORM_QUOTES_H
#define TRANSFORM_QUOTES_H

#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>

/* Whether an unquoted field ends with a quote. A lost separator joins a text and the beginning of a
 * quoted field to one field; the rest of the quoted field, behind a separator within its quotes,
 * becomes a field that ends with a quote. */
static inline bool quote_is_left(const struct csv_field *field)
{
    return field->len && field->text[field->len - 1] == '"' && !field->quoted;
}

/* Whether the record has the same number of fields, but other ones, if quotes that enclose no whole
 * field mean nothing. */
bool quotes_are_ambiguous(const struct csv_record *record, char separator);

/* Whether the program that wrote the file doubles the quotes in its texts, so that a single quote
 * is damage: the first records hold doubled quotes, and few stray ones. Reads these records
 * again. */
bool quotes_are_doubled(const struct layout *layout, struct layout_bytes file);

#endif
