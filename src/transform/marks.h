/*
 * Marks: the bytes at which a CSV reader has to stop and think, found many at a time.
 *
 * There are three ways to find them: AVX2 where the processor has it, SSE2 on any other x86-64, plain
 * C elsewhere; all three give the same places, and the tests run each of them.
 */
#ifndef TRANSFORM_MARKS_H
#define TRANSFORM_MARKS_H

#include <stddef.h>
#include <stdint.h>

enum {
    MARKS_SPAN = 4096,           /* bytes looked through at a time */
    MARKS_ROOM = MARKS_SPAN + 8, /* places of as many, the end, and what is written beyond it */
    MARKS_END = UINT16_MAX,      /* behind the last place */
};

/*
 * Lists the places of the separators, LFs and CRs among `len` bytes, at most MARKS_SPAN, in their
 * order and MARKS_END behind them; reads no byte more. Returns how many there are.
 */
typedef size_t marks_function(const char *bytes, size_t len, char separator,
                              uint16_t places[MARKS_ROOM]);

struct marks_way {
    const char *name;
    marks_function *list;
};

/* What this processor can do, the fastest first; ends with a zeroed one. */
const struct marks_way *marks_ways(void);

#endif
