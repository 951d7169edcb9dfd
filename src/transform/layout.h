/*
 * The layout of one file: its encoding, its separator, where its header is and which field feeds
 * which column. Decided once per file from evidence; a file whose header does not fit the report is
 * refused here, by name, before a single row is read.
 */
#ifndef TRANSFORM_LAYOUT_H
#define TRANSFORM_LAYOUT_H

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "model/report.h"
#include "transform/encoding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LAYOUT_HEADER_LINES = 100, LAYOUT_ABSENT = -1, LAYOUT_UNKNOWN_MAX = 1000 };

/* The header names of a report, in the canonical form of model/header.h, made once a report. */
struct header_index;
struct header_index *header_index_new(const struct report *report);
void header_index_free(struct header_index *index); /* accepts NULL */

struct layout {
    enum encoding encoding;
    char separator;
    bool cr_ends;         /* lines end with a lone CR */
    size_t data_offset;   /* behind the header's line end */
    uint64_t header_line; /* physical line of the header, from 1 */
    uint64_t data_line;   /* of the first record */
    size_t fields;        /* in the header: what every record must have */
    int *field_of;        /* for each column of the report its field, or LAYOUT_ABSENT */
    struct buf header;    /* the header's bytes, to recognise it when it is repeated */
    struct buf
        missing;    /* optional columns that the file lacks, ", " between; their cells are NULL */
    char **unknown; /* header names that the report does not know, in the form of model/header.h */
    size_t unknown_count; /* at most LAYOUT_UNKNOWN_MAX */
};

/*
 * Reads the layout of a mapped file. Fails with ERROR_DATA: an empty file, HTML, JSON, an archive,
 * no header within LAYOUT_HEADER_LINES lines, a required or key column missing, a column named
 * twice; the message says what was found instead.
 */
bool layout_read(const struct header_index *index, const struct file_map *file, struct layout *out,
                 struct error *err);
void layout_done(struct layout *layout); /* accepts a zeroed one */

#endif
