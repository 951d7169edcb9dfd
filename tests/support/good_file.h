/*
 * Random exports of the golden tests' report `visits`, with the cells that the table must have for
 * each line. The cells are made without the transform.
 */
#ifndef TESTS_SUPPORT_GOOD_FILE_H
#define TESTS_SUPPORT_GOOD_FILE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Random numbers that a seed repeats. */
struct dice {
    uint64_t state;
};

struct dice dice_of(uint64_t seed);
uint64_t dice_next(struct dice *dice);
size_t dice_below(struct dice *dice, size_t limit); /* 0 to limit - 1; limit > 0 */

enum good_column {
    GOOD_METER, /* no two rows have the same */
    GOOD_DAY,
    GOOD_TEAM,
    GOOD_NOTE,
    GOOD_START,
    GOOD_CLOSED,
    GOOD_COLUMNS, /* the report's first columns, in its order */
};

enum { GOOD_ROWS_MAX = 40, GOOD_CELL_SIZE = 64 };

/* How a file is written. */
struct good_style {
    char separator;
    const char *line_end;
    bool bom, windows_1252; /* not both */
    bool quotes_all;        /* quotes all fields, not only those that need it */
    bool iso_dates;
    bool last_line_ends;
};

/* A record of the file: its bytes without the line end, and the places of its fields in them. */
struct good_line {
    struct buf bytes;
    /* In the order of the report's columns. A quoted field begins at its quote. */
    size_t field_at[GOOD_COLUMNS];
    size_t field_len[GOOD_COLUMNS];
};

struct good_file {
    struct good_style style;
    struct buf header; /* with its line end */
    struct good_line lines[GOOD_ROWS_MAX];
    /* UTF-8, as in the table. "" of a date is NULL. */
    char cells[GOOD_ROWS_MAX][GOOD_COLUMNS][GOOD_CELL_SIZE];
    size_t count;
};

/* A file of 4 to GOOD_ROWS_MAX records. The caller ends it with good_file_done. */
void good_file_make(struct dice *dice, struct good_file *out);
void good_file_done(struct good_file *file); /* accepts a zeroed one */

/* Picks up to GOOD_ROWS_MAX records of a real file, in their order. The file has semicolons, CRLF
 * or LF, and every quote in it has a closing one. The cells are not set, and of the fields only the
 * places of field `day` (from 0) are. */
void good_file_pick(struct dice *dice, const struct buf *bytes, size_t day, struct good_file *out);

/* A change of how a record is written. */
struct good_change {
    bool replaced;    /* the record is replaced by `bytes`, with a line end */
    struct buf bytes; /* owned by the one who made the change */
    bool gone;        /* the record and its line end are not written */
};

/* Adds the bytes of the whole file to `out`. `changes` has one entry a record, or is NULL. */
void good_file_write(const struct good_file *file, const struct good_change *changes,
                     struct buf *out);

#endif
