/*
 * Makes packed files byte by byte, for tests also wrong ones that no program would make.
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
    unsigned method; /* as it is announced; data of all methods but PACK_STORED are deflated */
    unsigned flags;  /* of the header: 1 is "has a password" */
    uint32_t less;   /* the announced size is so many bytes too small */
    uint32_t spoil;  /* XORed with the checksum; 0: the checksum is right */
};

/* Appends a gzip file to `out`. */
void pack_gzip(const char *data, size_t len, struct buf *out);
/* Appends a zip file with these members to `out`. */
void pack_zip(const struct packed_file *files, size_t count, struct buf *out);

#endif
