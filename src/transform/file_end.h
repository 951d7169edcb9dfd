/*
 * Decides from a file's last bytes and its last record whether the whole file came.
 *
 * A server that fails during an export writes its error message where the rows should be. An export
 * that was cut ends in the middle of a record. Both have lost rows that nobody can name, so such a
 * file is refused.
 */
#ifndef TRANSFORM_FILE_END_H
#define TRANSFORM_FILE_END_H

#include "base/error.h"
#include "transform/layout.h"

#include <stdbool.h>
#include <stdint.h>

/* The last record of a file that is not blank. */
struct last_record {
    uint64_t line;      /* 0: there was none */
    bool is_footer;     /* it is a footer or a total */
    bool is_misshapen;  /* it does not have the header's shape */
    bool resembles_row; /* it is misshapen, and may be a row all the same */
    const char *raw;    /* a view into the file */
    size_t raw_len;
};

/* Fails with ERROR_DATA if the file did not come to its end: it ends with a server's error, or with
 * a record that has not the header's shape and is no footer. A misshapen record that resembles a
 * row and has its line end is accepted: it becomes a reject. */
bool file_end_check(struct layout_bytes file, const struct last_record *last, struct error *err);

/* Fails with ERROR_DATA if a footer on `line` states more records than came; `stated` -1: no footer
 * does. */
bool file_end_check_count(int64_t stated, uint64_t line, uint64_t records, struct error *err);

/* Whether the file ends with a line end. */
bool file_ends_line(struct layout_bytes file);

#endif
