/*
 * Packed files, made byte by byte: for tests also those that no program would make.
 */
#ifndef SIMULATOR_PACK_H
#define SIMULATOR_PACK_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum { PACK_STORED = 0, PACK_DEFLATED = 8 };

struct packed_file {
    const char *name; /* bytes of any encoding */
    const char *data;
    size_t len;
    unsigned method; /* as it is announced; all but PACK_STORED are deflated */
    unsigned flags;  /* of the header: 1 is "has a password" */
    uint32_t less;   /* so many bytes fewer than there are, are announced */
    uint32_t spoil;  /* changes the checksum */
};

/* Both add to `out`. */
void pack_gzip(const char *data, size_t len, struct buf *out);
void pack_zip(const struct packed_file *files, size_t count, struct buf *out);

#endif
