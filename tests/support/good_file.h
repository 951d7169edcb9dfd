/*
 * Random exports of the golden tests' report `visits`, and what must stand in the table for each of
 * their lines: a truth that the transform has no part in.
 */
#ifndef TESTS_SUPPORT_GOOD_FILE_H
#define TESTS_SUPPORT_GOOD_FILE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers that look random and are the same for the same seed. */
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
    GOOD_COLUMNS, /* those are the report's first ones, in its order */
};

enum { GOOD_ROWS_MAX = 40, GOOD_CELL_SIZE = 64 };

/* How a file is written. */
struct good_style {
    char separator;
    const char *line_end;
    bool bom, windows_1252; /* not both */
    bool quotes_all;        /* and not only what needs it */
    bool iso_dates;
    bool last_line_ends;
};

/* A record of the file: its bytes without the line end, and where its fields begin in them. */
struct good_line {
    struct buf bytes;
    size_t field_at[GOOD_COLUMNS]; /* in the order of the report's columns; a quoted field's at its
                                      quote */
    size_t field_len[GOOD_COLUMNS];
};

struct good_file {
    struct good_style style;
    struct buf header; /* with its line end */
    struct good_line lines[GOOD_ROWS_MAX];
    char cells[GOOD_ROWS_MAX][GOOD_COLUMNS][GOOD_CELL_SIZE]; /* UTF-8, as they stand in the table;
                                                                "" of a date is NULL */
    size_t count;
};

/* A file of 4 to GOOD_ROWS_MAX records. The caller ends it with good_file_done. */
void good_file_make(struct dice *dice, struct good_file *out);
void good_file_done(struct good_file *file); /* accepts a zeroed one */

/* The same of a real file, with up to GOOD_ROWS_MAX of its records in their order: semicolons, CRLF
 * or LF as it has them, and every quote with another one. Its cells are unknown, and fields of no
 * line are but those of `day`, counted from 0. */
void good_file_pick(struct dice *dice, const struct buf *bytes, size_t day, struct good_file *out);

/* How a record is written otherwise. */
struct good_change {
    bool replaced;    /* by these bytes, and the line end behind them */
    struct buf bytes; /* the maker's to end */
    bool gone;        /* not written at all, nor a line end for it */
};

/* Adds the bytes of the whole file; `changes` are those of its records by their numbers, or NULL.
 */
void good_file_write(const struct good_file *file, const struct good_change *changes,
                     struct buf *out);

#endif
