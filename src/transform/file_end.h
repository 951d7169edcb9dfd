/*
 * How a file ends: whether all of it came, judged by its last bytes and its last record.
 *
 * A server that fails in mid-export says so where the rows were to go, in whatever words; an export
 * that was cut ends in mid-record. Either has lost rows that nobody can name, so none of it is
 * believed.
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
    bool is_footer;     /* or a total */
    bool is_misshapen;  /* it has not the header's shape */
    bool resembles_row; /* it is misshapen, and may be a row all the same */
    const char *raw;    /* a view into the file */
    size_t raw_len;
};

/* ERROR_DATA if the file did not come to its end. */
bool file_end_check(struct layout_bytes file, const struct last_record *last, struct error *err);

/* ERROR_DATA if a footer states more records than came. */
bool file_end_check_count(int64_t stated, uint64_t line, uint64_t records, struct error *err);

/* Whether the last line has a line end. */
bool file_ends_line(struct layout_bytes file);

#endif
