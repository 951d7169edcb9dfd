/*
 * What a file holds: bytes of a file to bytes of CSVs, in memory.
 *
 * Most files are the CSV itself, and are passed on as they are. Some are gzip, or a zip of one CSV
 * or of several, and the text of each may be UTF-16. That is told by their bytes, never by their
 * names: a portal's export.csv may well be gzip.
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
    const char *data; /* of the file; borrowed */
    size_t len;
    size_t count; /* parts */
    struct zip_members members;
    struct unpack_meter meter;
    struct buf bytes, text; /* of one part: unpacked, and then in UTF-8 */
};

/* A CSV. */
struct part {
    const char *data;
    size_t len;
    const char *encoding; /* static; NULL: as its bytes tell */
};

/* ERROR_DATA: what zip_members_open refuses. */
bool unpack_open(const char *data, size_t len, struct unpack_limits limits, struct unpack *out,
                 struct error *err);

/* The name of a part within its file, "" if the file as a whole is meant. */
const char *unpack_name(const struct unpack *unpack, size_t i);

/* What the file holds beside its parts, "" if nothing. */
const char *unpack_left_out(const struct unpack *unpack);

/* ERROR_DATA: what was packed was cut, is damaged, too large, or packed once more; text that is no
 * UTF-16. Every message says what to do. */
bool unpack_part(struct unpack *unpack, size_t i, struct part *out, struct error *err);

void unpack_close(struct unpack *unpack); /* accepts a zeroed one */

#endif
