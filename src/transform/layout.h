/*
 * The layout of one file: its encoding, its separator, where its header is and which field feeds
 * which column. Decided once per file from evidence; a file whose header does not fit the report is
 * refused here, by name, before a single row is read.
 */
#ifndef TRANSFORM_LAYOUT_H
#define TRANSFORM_LAYOUT_H

#include "base/error.h"
#include "transform/charset.h"
#include "transform/header_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LAYOUT_HEADER_LINES = 100 };

/* The bytes of a file that count: without padding at its end (layout_bytes). */
struct layout_bytes {
    const char *data;
    size_t len;
};

struct layout {
    enum charset charset;
    bool has_nul; /* the file does, somewhere */
    char separator;
    bool cr_ends;         /* lines end with a lone CR */
    size_t data_offset;   /* behind the header's line end */
    uint64_t header_line; /* physical line of the header, from 1 */
    uint64_t data_line;   /* of the first record */
    struct header_map map;
};

/* What is left of a file without the NULs and the Ctrl-Z that pad its end. */
struct layout_bytes layout_trim(const char *data, size_t len);

/*
 * Reads the layout of a file. Fails with ERROR_DATA: an empty file, HTML, JSON, an archive, text in
 * neither UTF-8 nor Windows-1252, no header within LAYOUT_HEADER_LINES lines, and what
 * header_map_read refuses; the message says what was found instead.
 */
bool layout_read(const struct header_index *index, struct layout_bytes file, struct layout *out,
                 struct error *err);
void layout_done(struct layout *layout); /* accepts a zeroed one */

/*
 * How many empty fields a record of this file has behind those of the header: trailing separators.
 * More than 0 only where nearly all of the first records agree, and at least a few of them unless
 * the header has them too: a single record with an empty field too many is one into which a
 * separator has strayed.
 */
size_t layout_trailing(const struct layout *layout, struct layout_bytes file);

#endif
