/*
 * Marks: the bytes at which a CSV reader has to stop and think, found many at a time.
 *
 * There are three ways to find them: AVX2 where the processor has it, SSE2 on any other x86-64,
 * plain C elsewhere; all three give the same places, and the tests run each of them.
 */
#ifndef TRANSFORM_SCAN_H
#define TRANSFORM_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum {
    SCAN_SPAN = 4096,          /* bytes looked through at a time */
    SCAN_ROOM = SCAN_SPAN + 8, /* places of as many, the end, and what is written beyond it */
    SCAN_END = UINT16_MAX,     /* behind the last place */
};

/*
 * Lists the places of the separators, LFs and CRs among `len` bytes, at most SCAN_SPAN, in their
 * order and SCAN_END behind them; reads no byte more. Returns how many there are.
 */
typedef size_t scan_function(const char *bytes, size_t len, char separator,
                             uint16_t places[SCAN_ROOM]);

struct scan_implementation {
    const char *name;
    scan_function *list;
};

/* What this processor can do, the fastest first; ends with a zeroed one. */
const struct scan_implementation *scan_implementations(void);

#endif
