/*
 * Memory that cannot fail: out of memory ends the process with a message.
 *
 * Dying is safe here because a window is one transaction: the database keeps either the old window
 * or the new one. In exchange half of the error paths of a C program vanish.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);                         /* zeroed */
void *mem_array(size_t count, size_t size);           /* zeroed; an overflowing product aborts */
void *mem_grow(void *old, size_t count, size_t size); /* realloc of count * size bytes */
char *mem_copy(const char *text);                     /* strdup; NULL gives NULL */
char *mem_copy_n(const char *text, size_t len);
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Work in pieces of one size frees what its next piece needs: from mem_keep_freed on the process
 * keeps such memory instead of returning its pages one by one, until mem_give_back. */
void mem_keep_freed(void);
void mem_give_back(void);

/* For `__attribute__((cleanup(mem_free_text))) char *x`. */
void mem_free_text(char **text);
#define MEM_FREE_TEXT __attribute__((cleanup(mem_free_text)))

#endif
