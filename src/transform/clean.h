/*
 * One record of a file to one clean row: cells in the table's form, its key and its fingerprint.
 */
#ifndef TRANSFORM_CLEAN_H
#define TRANSFORM_CLEAN_H

#include "base/buf.h"
#include "model/encoded_row.h"
#include "model/hash.h"
#include "model/report.h"
#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>
#include <stdint.h>

/* How a report's records are cleaned; what it holds of the last record is reused for the next. */
struct cleaner {
    const struct report *report;
    const struct derivation **rules; /* of each derived column, NULL of others; */
    char **patterns;                 /* and their `contains` in upper case */
    struct encoded_row row;          /* the last record's */
    struct encoded_row ahead;        /* one cell that a derivation needs before its turn */
    struct buf unquoted, hashed;
};

void cleaner_init(struct cleaner *cleaner, const struct report *report);
void cleaner_done(struct cleaner *cleaner); /* accepts a zeroed one */

struct clean_row {
    const struct encoded_row *row; /* valid until the next record; row->bytes.full: too long */
    size_t own;                    /* see row_hash_fingerprint */
    int32_t date;                  /* the window date */
    bool undated;
    uint64_t unreadable; /* cells that held something that is no date or time and became NULL */
};

/* Cleans a record that has the layout's shape. */
struct clean_row clean_record(struct cleaner *cleaner, const struct layout *layout,
                              const struct csv_record *record, const char *extracted_at);

struct hash128 clean_key(struct cleaner *cleaner);
struct hash128 clean_fingerprint(struct cleaner *cleaner, const struct clean_row *clean);

#endif
