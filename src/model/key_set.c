/* SPDX-License-Identifier: MIT */
/* Keeps keys in a sorted array. */
#include "model/key_set.h"

#include "base/mem.h"

#include <stdlib.h>

void key_set_done(struct key_set *set)
{
    free(set->keys);
    *set = (struct key_set){0};
}

void key_set_add(struct key_set *set, struct hash128 key)
{
    if (set->count == set->room) {
        set->room = set->room ? set->room * 2 : 64;
        set->keys = mem_grow(set->keys, set->room, sizeof(*set->keys));
    }
    set->keys[set->count++] = key;
}

static int compare(const void *a, const void *b)
{
    return hash128_compare(a, b);
}

void key_set_seal(struct key_set *set)
{
    if (set->count)
        qsort(set->keys, set->count, sizeof(*set->keys), compare);
}

bool key_set_has(const struct key_set *set, struct hash128 key)
{
    return set->count && bsearch(&key, set->keys, set->count, sizeof(*set->keys), compare);
}
