/*
 * An arena: many small objects that live and die together (a configuration, the cells of a batch).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
};

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for any object */
char *arena_copy(struct arena *arena, const char *text, size_t len); /* NUL-terminated */
void arena_done(struct arena *arena);                                /* accepts a zeroed one */

#endif
