/*
 * Tells what a record is: a row, or one of the other things that exports have between and behind
 * their rows. Pure functions.
 *
 * A blank line, a repeated header, a total and a footer are left out: they do not count as records
 * of the file. A broken record is one that cannot be read. It is kept as a reject, and it may stand
 * for a row of the table; reject_text makes the text that a person reads of it.
 */
#ifndef TRANSFORM_RECORD_KIND_H
#define TRANSFORM_RECORD_KIND_H

#include "base/buf.h"
#include "model/report.h"
#include "transform/charset.h"
#include "transform/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the record is blank: all of its fields are empty or hold only blanks. */
bool record_is_blank(const struct csv_record *record);

size_t record_filled(const struct csv_record *record); /* number of fields that are not blank */

/* Whether the record has `fields` fields, and behind them none or `trailing` empty ones. */
bool record_has_shape(const struct csv_record *record, size_t fields, size_t trailing);

/*
 * Whether the record is a footer or a total: its first field that is not blank matches one of the
 * report's footers (shell patterns, compared as header names are), and no other field of `key` is
 * filled. `key` has the numbers of the key's fields; NULL for a record without the header's shape.
 */
bool record_is_footer(const struct report *report, const struct csv_record *record,
                      const size_t *key, size_t key_count);

/* Returns the number of records that a footer states ("Total de registros: 1.234"), or -1. */
int64_t record_stated_count(const struct csv_record *record);

/* Whether a record without the header's shape may be a damaged row and not a server's message: it
 * has at least half of the header's fields. */
bool record_resembles_row(const struct csv_record *record, size_t fields);

/* Appends the beginning of the record as UTF-8: at most REJECT_RAW_MAX bytes, never half a
 * character. A NUL, which PostgreSQL's text cannot hold, becomes "␀". */
void reject_text(enum charset charset, const char *raw, size_t len, struct buf *out);

#endif
