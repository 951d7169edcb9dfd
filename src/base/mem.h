/*
 * Allocates memory; if there is none, the process ends with a message.
 *
 * Ending is safe because a window is one transaction: the database keeps either the old window or
 * the new one. In exchange callers need no error paths for memory.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);               /* zeroed */
void *mem_array(size_t count, size_t size); /* zeroed; an overflowing product aborts */
/* realloc to count * size bytes; an overflow aborts */
void *mem_grow(void *old, size_t count, size_t size);
char *mem_copy(const char *text); /* strdup; NULL gives NULL */
char *mem_copy_n(const char *text, size_t len);
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From mem_keep_freed on, the process keeps freed memory for its next use instead of returning its
 * pages one by one, because work in pieces of equal size frees what the next piece needs.
 * mem_give_back returns freed memory to the system. */
void mem_keep_freed(void);
void mem_give_back(void);

/* For `__attribute__((cleanup(mem_free_text))) char *x`. */
void mem_free_text(char **text);
#define MEM_FREE_TEXT __attribute__((cleanup(mem_free_text)))

#endif
