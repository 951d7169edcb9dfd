/*
 * How much may come out of a packed file. A few kilobytes can unpack to petabytes, and all of it is
 * held in memory: so what comes out is counted, never believed from what the file announces.
 */
#ifndef TRANSFORM_UNPACK_LIMITS_H
#define TRANSFORM_UNPACK_LIMITS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpack_limits {
    uint64_t bytes; /* of all that comes out of one file */
    uint64_t ratio; /* so many times the packed file's size, ... */
    uint64_t small; /* unless no more than so many bytes came: they harm nobody */
};

/* Rows of real exports pack to a tenth, columns that are nearly all empty to a fiftieth. */
#define UNPACK_LIMITS                                                                              \
    ((struct unpack_limits){.bytes = UINT64_C(2) << 30, .ratio = 250, .small = UINT64_C(64) << 20})

/* What came out so far. */
struct unpack_meter {
    struct unpack_limits limits;
    uint64_t packed; /* size of the whole file */
    uint64_t unpacked;
};

/* Counts `more` bytes. ERROR_DATA names both limits and what to do. */
bool unpack_count(struct unpack_meter *meter, size_t more, struct error *err);

/* Whether nothing but white space and NULs is left behind the end of an archive: some portals print
 * a line end, some tapes pad. Else ERROR_DATA shows what is there. */
bool unpack_check_rest(const char *rest, size_t len, struct error *err);

#endif
