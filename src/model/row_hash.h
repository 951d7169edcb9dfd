/*
 * The two numbers of a row. They are stored in databases, so their definition never changes:
 * XXH3-128 over, for each cell in order, its length as 4 bytes little-endian (0xFFFFFFFF for NULL)
 * followed by its bytes. The key is that of the key columns, in the profile's order; the
 * fingerprint is that of the profile's columns but COLUMN_EXTRACTED_AT, in the profile's order,
 * followed, for each added column (model/report.h) whose cell is neither NULL nor empty, by
 * its name and its cell, in the order of the names. So a report that grows changes the fingerprint
 * of no row that has nothing in the new column: its table is not written anew.
 */
#ifndef MODEL_ROW_HASH_H
#define MODEL_ROW_HASH_H

#include "base/buf.h"
#include "model/encoded_row.h"
#include "model/hash.h"
#include "model/report.h"

/* Returns the key of a row that has at least its key cells. `scratch` is reused between calls; its
 * content is lost. */
struct hash128 row_hash_key(const struct report *report, const struct encoded_row *row,
                            struct buf *scratch);

/* Returns the fingerprint. The first `own` bytes of the row are the profile's columns but
 * COLUMN_EXTRACTED_AT, in order. */
struct hash128 row_hash_fingerprint(const struct report *report, const struct encoded_row *row,
                                    size_t own, struct buf *scratch);

/* Returns the hash of `len` bytes. */
struct hash128 row_hash_bytes(const void *bytes, size_t len);

#endif
