/*
 * Decides what to believe of records with stray quotes. Pure functions.
 *
 * Some programs write quotes into texts without quoting the field or doubling them. Such records
 * are read as they are meant (transform/csv.h). But where a separator beside a quoted field was
 * lost, or a quote strayed in, a record may have the right number of fields with wrong contents, or
 * be several rows.
 */
#ifndef TRANSFORM_STRAY_QUOTES_H
#define TRANSFORM_STRAY_QUOTES_H

#include "model/report.h"
#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>
#include <stddef.h>

/* A line that was split as if a quote meant nothing unless it encloses a whole field. So something
 * can be said of a line that the CSV reader cannot read. */
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

/*
 * Whether a record of several lines that has the header's shape is really several rows. Two stray
 * quotes in one column make one record out of all the rows between them. This is so if a date, a
 * time or a value of the key goes over several lines, or if a line behind the first one begins as
 * rows do. Such a line has a date where rows have their window date, and its key is a number
 * exactly if the first line's key is one. The key is not compared if the first line does not begin
 * a row.
 */
bool multiline_is_several(const struct csv_record *record, const struct report *report,
                          const struct layout *layout);

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
