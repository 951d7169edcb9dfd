/* SPDX-License-Identifier: MIT */
/* Makes a hash index that stays at most half full. */
#include "model/hash_index.h"

#include "base/mem.h"

#include <stdlib.h>

enum { SIZE_MIN = 64 };

void hash_index_init(struct hash_index *index, const void *items, size_t stride, size_t offset,
                     size_t count)
{
    size_t size = SIZE_MIN;

    while (size < count * 2)
        size *= 2;
    *index = (struct hash_index){
        .first = items ? (const char *)items + offset : NULL,
        .stride = stride,
        .slots = mem_array(size, sizeof(*index->slots)),
        .mask = size - 1,
    };
}

void hash_index_done(struct hash_index *index)
{
    free(index->slots);
    *index = (struct hash_index){0};
}
