/*
 * Finds the item with a key among many: an open-addressing table of item numbers.
 *
 * The items are the caller's array, each with its hash at the same offset. The table holds one
 * number for each key: a second item with the same key replaces the first.
 */
#ifndef MODEL_HASH_INDEX_H
#define MODEL_HASH_INDEX_H

#include "model/hash.h"

#include <stddef.h>

struct hash_index {
    const char *first; /* the first item's hash; borrowed */
    size_t stride;     /* bytes from one item's hash to the next one's */
    size_t *slots;     /* number + 1; 0: free */
    size_t mask;
};

/* Makes an empty table for `count` items of `stride` bytes with their hash at `offset`.
 * hash_index_done frees it. Without items the array may be NULL. */
void hash_index_init(struct hash_index *index, const void *items, size_t stride, size_t offset,
                     size_t count);
void hash_index_done(struct hash_index *index); /* accepts a zeroed one */

/* Returns the slot of a key: 0, or the number + 1 of the item that has it. To put item i there,
 * write i + 1 into it. */
static inline size_t *hash_index_slot(const struct hash_index *index, struct hash128 key)
{
    size_t at = (size_t)key.low & index->mask;

    while (index->slots[at]) {
        const char *item = index->first + (index->slots[at] - 1) * index->stride;
        if (hash128_equal(*(const struct hash128 *)(const void *)item, key))
            break;
        at = (at + 1) & index->mask;
    }
    return &index->slots[at];
}

#endif
