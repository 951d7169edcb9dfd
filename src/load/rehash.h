/*
 * Rows as they stand in a table: their numbers computed anew, and a snapshot made of them.
 */
#ifndef LOAD_REHASH_H
#define LOAD_REHASH_H

#include "load/destination_ops.h"
#include "model/encoded_row.h"

/* Computes the numbers of a report's rows; what it holds of one is reused for the next. */
struct rehash {
    const struct report *report; /* borrowed */
    struct encoded_row row;
    struct buf key; /* of the key columns */
};

void rehash_init(struct rehash *rehash, const struct report *report);
void rehash_done(struct rehash *rehash); /* accepts a zeroed one */

/* Fills key_now and fingerprint_now from row->cells, as model/row_hash.h defines them. Those of a
 * row that is larger than the program writes any are those of no row. */
void rehash_row(struct rehash *rehash, struct table_row *row);

/* What no row has whose fingerprint is `hash`. */
struct hash128 hash_of_no_row(struct hash128 hash);

/* destination_snapshot of a distrustful destination. */
bool rehash_snapshot(struct destination *dest, struct snapshot *out, struct error *err);

#endif
