/*
 * Finds the layout of one file: its encoding, its separator, where its header is and which field
 * feeds which column. It is decided once for a file, from the bytes. A file whose header does not
 * fit the report is refused here, before a row is read; the message names the column.
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

/* The bytes of a file without the padding at its end (layout_trim). */
struct layout_bytes {
    const char *data;
    size_t len;
};

struct layout {
    enum charset charset;
    bool has_nul; /* the file holds a NUL byte */
    char separator;
    bool cr_ends;         /* lines end with a lone CR */
    size_t data_offset;   /* bytes up to and with the header's line end */
    uint64_t header_line; /* physical line of the header, from 1 */
    uint64_t data_line;   /* physical line of the first record */
    struct header_map map;
};

/* Returns the file without the NULs and Ctrl-Z that pad its end; a view. */
struct layout_bytes layout_trim(const char *data, size_t len);

/*
 * Reads the layout of a file. Fails with ERROR_DATA for an empty file, HTML, JSON, an archive, text
 * in neither UTF-8 nor Windows-1252, no header within LAYOUT_HEADER_LINES lines, and what
 * header_map_read refuses. The message says what was found instead. *out is the caller's, for
 * layout_done.
 */
bool layout_read(const struct header_index *index, struct layout_bytes file, struct layout *out,
                 struct error *err);
void layout_done(struct layout *layout); /* accepts a zeroed one */

/*
 * Returns how many empty fields a record of this file has behind those of the header: trailing
 * separators.
 *
 * It returns more than 0 only if nearly all of the first records agree, and if at least a few do or
 * the header has them too. A single record with one more empty field is a record into which a
 * separator has strayed.
 */
size_t layout_trailing(const struct layout *layout, struct layout_bytes file);

#endif
