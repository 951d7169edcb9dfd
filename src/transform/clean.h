/*
 * Turns one record of a file into one clean row: cells in the table's form, its key and its
 * fingerprint.
 */
#ifndef TRANSFORM_CLEAN_H
#define TRANSFORM_CLEAN_H

#include "base/buf.h"
#include "model/batch.h"
#include "model/encoded_row.h"
#include "model/hash.h"
#include "model/report.h"
#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>
#include <stdint.h>

/* Cleans the records of one report. What it allocates for one record is reused for the next one. */
struct cleaner {
    const struct report *report;
    /* for each column its derivation; NULL if the column is not derived */
    const struct derivation **rules;
    /* for each derived column its rule's `contains` in upper case */
    char **patterns;
    struct encoded_row row;   /* the row made from the last record */
    struct encoded_row ahead; /* one cell that a derivation needs before its turn */
    struct buf unquoted, hashed;
    size_t *typed; /* columns from the file whose type is not COLUMN_TEXT */
    size_t typed_count;
    unsigned char *outcomes; /* for each column, the `enum value` of the last record's cell */
};

void cleaner_init(struct cleaner *cleaner, const struct report *report);
void cleaner_done(struct cleaner *cleaner); /* accepts a zeroed one */

/* Why a record with the right number of fields cannot become a row. */
enum clean_fault {
    CLEAN_FINE,
    CLEAN_DATE,    /* its window date cannot be read, so no window can own the row */
    CLEAN_TEXT,    /* a character of a text is broken */
    CLEAN_ROUNDED, /* a text of its key is a number that a spreadsheet has rounded: 3,00E+09 */
    /* no text of its key has a value, or one of three or more has and the date is missing */
    CLEAN_NO_KEY,
    CLEAN_LONG, /* its texts are too long */
};

struct clean_row {
    const struct encoded_row *row; /* valid until the next record */
    /* bytes of the profile's own columns: see row_hash_fingerprint */
    size_t own;
    int32_t date; /* the window date, a day number */
    bool undated;
    enum clean_fault fault;
    size_t fault_column;
    bool left_quote; /* a text ends with a stray quote: quote_is_left */
    /* its key has a byte that is rare in keys: cell_is_odd, or a byte that is not ASCII */
    bool odd_key;
};

/* Cleans a record that has the layout's shape. `fault` is the first fault found; with a fault the
 * row may lack cells. `extracted_at` is the text for COLUMN_EXTRACTED_AT. */
struct clean_row clean_record(struct cleaner *cleaner, const struct layout *layout,
                              const struct csv_record *record, const char *extracted_at);

/* Adds the outcomes of the last record's typed cells to `tallies`, which has one entry for each
 * column. */
void clean_tally(const struct cleaner *cleaner, const struct csv_record *record,
                 struct column_tally *tallies);

/* Return the key and the fingerprint of the row that was cleaned last (model/row_hash.h). */
struct hash128 clean_key(struct cleaner *cleaner);
struct hash128 clean_fingerprint(struct cleaner *cleaner, const struct clean_row *clean);

#endif
