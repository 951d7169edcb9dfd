/*
 * Finds marks, many at a time: the bytes at which a CSV reader must decide something (separators,
 * LF, CR).
 *
 * There are three implementations: AVX2 where the processor has it, SSE2 on any other x86-64, plain
 * C elsewhere. All give the same places, and the tests run each of them.
 */
#ifndef TRANSFORM_SCAN_H
#define TRANSFORM_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum {
    SCAN_SPAN = 4096, /* the most bytes of one call */
    /* one place for each byte, SCAN_END, and what is written beyond it */
    SCAN_ROOM = SCAN_SPAN + 8,
    SCAN_END = UINT16_MAX, /* stands behind the last place */
};

/*
 * Lists the places of the separators, LFs and CRs among `len` bytes, in ascending order with
 * SCAN_END behind them. `len` is at most SCAN_SPAN. It reads no byte beyond `len`. Returns how many
 * places it lists.
 */
typedef size_t scan_function(const char *bytes, size_t len, char separator,
                             uint16_t places[SCAN_ROOM]);

struct scan_implementation {
    const char *name;
    scan_function *list;
};

/* Returns the implementations for this processor, the fastest first; the last entry is zeroed. The
 * list is static. */
const struct scan_implementation *scan_implementations(void);

#endif
