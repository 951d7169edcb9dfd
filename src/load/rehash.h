/*
 * Computes the keys and fingerprints of rows anew, as they stand in a table, and makes a snapshot
 * of them.
 */
#ifndef LOAD_REHASH_H
#define LOAD_REHASH_H

#include "load/destination_ops.h"
#include "model/encoded_row.h"

/* Computes the keys and fingerprints of a report's rows. Its buffers are reused from row to row. */
struct rehash {
    const struct report *report; /* borrowed */
    struct encoded_row row;
    struct buf key; /* the encoded key columns */
};

void rehash_init(struct rehash *rehash, const struct report *report);
void rehash_done(struct rehash *rehash); /* accepts a zeroed one */

/* Fills key_now and fingerprint_now from row->cells, as model/row_hash.h defines them. A row that
 * is larger than any that the program writes gets zeros for both. */
void rehash_row(struct rehash *rehash, struct table_row *row);

/* Returns a fingerprint that no row has whose fingerprint is `hash`. */
struct hash128 hash_of_no_row(struct hash128 hash);

/* Implements destination_snapshot for a distrustful destination. */
bool rehash_snapshot(struct destination *dest, struct snapshot *out, struct error *err);

#endif
