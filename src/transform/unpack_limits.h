/*
 * Limits how much may come out of a packed file. A few kilobytes can unpack to petabytes, and all
 * of it is held in memory. So the bytes that come out are counted; the size that the file announces
 * is not trusted.
 */
#ifndef TRANSFORM_UNPACK_LIMITS_H
#define TRANSFORM_UNPACK_LIMITS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpack_limits {
    uint64_t bytes; /* the most bytes that may come out of one file */
    uint64_t ratio; /* the most times the packed file's size */
    uint64_t small; /* so many bytes are always allowed, whatever their ratio */
};

/* Measured: rows of real exports pack to a tenth of their size, nearly empty columns to a
 * fiftieth. */
#define UNPACK_LIMITS                                                                              \
    ((struct unpack_limits){.bytes = UINT64_C(2) << 30, .ratio = 250, .small = UINT64_C(64) << 20})

/* Counts the bytes that came out of one file. */
struct unpack_meter {
    struct unpack_limits limits;
    uint64_t packed; /* bytes of the whole packed file */
    uint64_t unpacked;
};

/* Counts `more` bytes. Fails with ERROR_DATA if a limit is passed; the message names both limits
 * and what to do. */
bool unpack_count(struct unpack_meter *meter, size_t more, struct error *err);

/* Checks that only white space, NULs and Ctrl-Z stand behind the end of an archive: some portals
 * add a line end, some tapes pad. Else fails with ERROR_DATA, which shows what stands there. */
bool unpack_check_rest(const char *rest, size_t len, struct error *err);

#endif
