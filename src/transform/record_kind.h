/*
 * What a record is: a row, or one of the things that exports have between and behind their rows.
 * Pure.
 *
 * A record that is left out is none of the file's records: a blank line, a header that comes again,
 * a total, a footer. A broken one is a record that cannot be read: it is kept as a reject, and it
 * may stand for a row of the table.
 */
#ifndef TRANSFORM_RECORD_KIND_H
#define TRANSFORM_RECORD_KIND_H

#include "model/report.h"
#include "transform/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line or a record of separators alone: all of its fields are empty or blank. */
bool record_is_blank(const struct csv_record *record);

size_t record_filled(const struct csv_record *record); /* fields that are neither empty nor blank */

/* Whether it has `fields` fields, and behind them none or `trailing` empty ones. */
bool record_has_shape(const struct csv_record *record, size_t fields, size_t trailing);

/*
 * Whether it is a footer or a total: its first field that is not empty matches one of the report's
 * footers (shell patterns, compared as header names are), and of the fields of `key` no more than
 * that one is filled. `key` has the numbers of the key's fields; NULL for a record without the
 * header's shape.
 */
bool record_is_footer(const struct report *report, const struct csv_record *record,
                      const size_t *key, size_t key_count);

/* The number of records that a footer states ("Total de registros: 1.234"), or -1. */
int64_t record_stated_count(const struct csv_record *record);

/* Whether a record that is not of the header's shape could be a row to which something happened,
 * and not a message of a server's: it has at least half of the header's fields. */
bool record_resembles_row(const struct csv_record *record, size_t fields);

#endif
