/*
 * Marks: the bytes at which a CSV reader has to stop and think, found 64 at a time.
 *
 * A block's answer is one bit a byte, the first byte's the lowest. There are three ways to make it:
 * AVX2 where the processor has it, SSE2 on any other x86-64, plain C elsewhere; all three give the
 * same bits, and the tests run each of them.
 */
#ifndef TRANSFORM_MARKS_H
#define TRANSFORM_MARKS_H

#include <stddef.h>
#include <stdint.h>

enum { MARKS_BLOCK = 64 };

/* The bits of the separators, LFs and CRs among MARKS_BLOCK bytes. */
typedef uint64_t marks_function(const char *block, char separator);

struct marks_way {
    const char *name;
    marks_function *find;
};

/* What this processor can do, the fastest first; ends with a zeroed one. */
const struct marks_way *marks_ways(void);

/* The bits of `len` bytes, at most MARKS_BLOCK; reads no byte more. */
uint64_t marks_of(const struct marks_way *way, const char *bytes, size_t len, char separator);

#endif
