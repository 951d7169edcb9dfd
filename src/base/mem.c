/* SPDX-License-Identifier: MIT */
/* Allocates memory and aborts if there is none. */
#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Freed blocks up to KEPT_BLOCK_MAX bytes are kept. Larger ones go back to the system: they hold
 * more memory than the time to get it again is worth. */
enum { KEPT_BLOCK_MAX = 4 * 1024 * 1024, KEPT_MAX = 4 * KEPT_BLOCK_MAX };

enum { LARGE_BLOCK = 4 * 1024 * 1024 };

static void *check(void *block)
{
    if (!block) {
        fputs("etl-sigos: out of memory\n", stderr);
        abort();
    }
    return block;
}

void *mem_alloc(size_t size)
{
    return check(calloc(1, size ? size : 1));
}

void *mem_array(size_t count, size_t size)
{
    return check(calloc(count ? count : 1, size ? size : 1));
}

/* Asks for large pages for a large block, where the system has them: then a page fault comes for
 * each 2 MiB and not for each 4 KiB. The advice covers the whole mapping, the allocator's first
 * bytes too: the kernel would else split it in two mappings, and such a block cannot grow in
 * place. */
static void want_large_pages(void *block, size_t size)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = (uintptr_t)block / page * page;
    const uintptr_t last = ((uintptr_t)block + size + page - 1) / page * page;

    madvise((void *)first, last - first, MADV_HUGEPAGE);
}

void *mem_grow(void *old, size_t count, size_t size)
{
    void *block = check(reallocarray(old, count ? count : 1, size ? size : 1));

    if (count * size >= LARGE_BLOCK)
        want_large_pages(block, count * size);
    return block;
}

char *mem_copy(const char *text)
{
    return text ? mem_copy_n(text, strlen(text)) : NULL;
}

char *mem_copy_n(const char *text, size_t len)
{
    char *copy = mem_alloc(len + 1);
    if (len)
        memcpy(copy, text, len);
    return copy;
}

char *mem_format(const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    return check(len < 0 ? NULL : text);
}

void mem_free_text(char **text)
{
    free(*text);
}

void mem_keep_freed(void)
{
    mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK_MAX);
    mallopt(M_TRIM_THRESHOLD, KEPT_MAX);
}

void mem_give_back(void)
{
    malloc_trim(0);
}
