/*
 * An arena: allocates many small objects that are freed together (a configuration, the cells of a
 * batch).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
};

void *arena_alloc(struct arena *arena, size_t size); /* zeroed memory, aligned for any object */
char *arena_copy(struct arena *arena, const char *text, size_t len); /* a NUL-terminated copy */
/* frees all objects; accepts a zeroed one */
void arena_done(struct arena *arena);

#endif
