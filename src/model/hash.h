/*
 * The two 128-bit numbers of a row: its key and its fingerprint (XXH3-128, see model/row_hash.h).
 */
#ifndef MODEL_HASH_H
#define MODEL_HASH_H

#include <stdbool.h>
#include <stdint.h>

struct hash128 {
    uint64_t high, low;
};

static inline bool hash128_equal(struct hash128 a, struct hash128 b)
{
    return a.high == b.high && a.low == b.low;
}

/* Compares two hashes as numbers: below 0, 0 or above 0, as qsort needs it. */
static inline int hash128_compare(const struct hash128 *a, const struct hash128 *b)
{
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    return a->low < b->low ? -1 : a->low > b->low;
}

#endif
