/*
 * One record of a file to one clean row: cells in the table's form, its key and its fingerprint.
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

/* How a report's records are cleaned; what it holds of the last record is reused for the next. */
struct cleaner {
    const struct report *report;
    const struct derivation **rules; /* of each derived column, NULL of others; */
    char **patterns;                 /* and their `contains` in upper case */
    struct encoded_row row;          /* the last record's */
    struct encoded_row ahead;        /* one cell that a derivation needs before its turn */
    struct buf unquoted, hashed;
    size_t *typed; /* the columns from the file that are no texts, */
    size_t typed_count;
    unsigned char *outcomes; /* and what the last record has there, by column */
};

void cleaner_init(struct cleaner *cleaner, const struct report *report);
void cleaner_done(struct cleaner *cleaner); /* accepts a zeroed one */

/* Why a record of the right shape is no row all the same. */
enum clean_fault {
    CLEAN_FINE,
    CLEAN_DATE, /* its window date is there and cannot be read, so nobody knows whose row it is */
    CLEAN_TEXT, /* a character of a text is broken */
    CLEAN_ROUNDED, /* a text of its key is a number that a spreadsheet has rounded: 3,00E+09 */
    CLEAN_NO_KEY,  /* it holds no value of its key, or no more than one of several and no date */
    CLEAN_LONG,    /* its texts are too long */
};

struct clean_row {
    const struct encoded_row *row; /* valid until the next record */
    size_t own;                    /* see row_hash_fingerprint */
    int32_t date;                  /* the window date */
    bool undated;
    enum clean_fault fault;
    size_t fault_column;
    bool left_quote; /* a text has one: quote_is_left */
    bool odd_key;    /* a text of its key has a byte as keys rarely do (cell_is_odd) */
};

/* Cleans a record that has the layout's shape. The first fault is told, and the row may lack cells
 * then. */
struct clean_row clean_record(struct cleaner *cleaner, const struct layout *layout,
                              const struct csv_record *record, const char *extracted_at);

/* Adds what the typed cells of the last record were to `tallies`, one for each column. */
void clean_tally(const struct cleaner *cleaner, const struct csv_record *record,
                 struct column_tally *tallies);

struct hash128 clean_key(struct cleaner *cleaner);
struct hash128 clean_fingerprint(struct cleaner *cleaner, const struct clean_row *clean);

#endif
