/*
 * Unpacks a file into the CSVs that it holds, in memory.
 *
 * Most files are a CSV and are passed on as they are. Some are gzip, or a zip of one or more CSVs.
 * The text of each may be UTF-16. The bytes tell which it is, never the name: a portal's export.csv
 * may be gzip.
 *
 *     unpack_open
 *     for each i < unpack.count: unpack_name, unpack_part   a part is good until the next one
 *     unpack_close
 */
#ifndef TRANSFORM_UNPACK_H
#define TRANSFORM_UNPACK_H

#include "base/buf.h"
#include "base/error.h"
#include "transform/unpack_limits.h"
#include "transform/zip_members.h"

#include <stdbool.h>
#include <stddef.h>

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZIP };

struct unpack {
    enum packing packing;
    const char *data; /* the file's bytes; borrowed */
    size_t len;
    size_t count; /* parts */
    struct zip_members members;
    struct unpack_meter meter;
    struct buf bytes, text; /* of the last part: unpacked, and then turned into UTF-8 */
};

/* One CSV of a file. */
struct part {
    const char *data;
    size_t len;
    const char *encoding; /* static; "utf-16le" or "utf-16be"; NULL: the bytes must tell */
};

/* Opens a file that is in memory; `data` must live as long as *out. Fails with ERROR_DATA for what
 * zip_members_open refuses. */
bool unpack_open(const char *data, size_t len, struct unpack_limits limits, struct unpack *out,
                 struct error *err);

/* Returns the name of a part within its file, "" if the part is the whole file. */
const char *unpack_name(const struct unpack *unpack, size_t i);

/* Returns the names of the documents in a zip, ", " between; "" if there are none. */
const char *unpack_left_out(const struct unpack *unpack);

/* Unpacks part i; *out is valid until the next call. Fails with ERROR_DATA if the packed bytes were
 * cut, are damaged, too large or packed twice, or if the text is not valid UTF-16. Every message
 * says what to do. */
bool unpack_part(struct unpack *unpack, size_t i, struct part *out, struct error *err);

void unpack_close(struct unpack *unpack); /* accepts a zeroed one */

#endif
