/*
 * The clean rows of one window, the records that could not become rows, and the columns that the
 * report does not know.
 *
 * A row is its cells (canonical text, see model/report.h, one for each column of the report), its
 * key and its fingerprint. Cells are views into the batch: they live until a row is added.
 */
#ifndef MODEL_BATCH_H
#define MODEL_BATCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/encoded_row.h"
#include "model/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row {
    struct hash128 key;         /* of the key columns' values */
    struct hash128 fingerprint; /* of all cells but COLUMN_EXTRACTED_AT */
    size_t at;                  /* of its bytes in the batch */
    int32_t date;               /* window date; meaningless if undated */
    bool undated;               /* the window date is NULL */
    bool superseded; /* a later record has the same key: not loaded, counted as duplicate */
};

struct reject {
    const char *reason; /* lower case, English, says what was found */
    const char *file;   /* base name */
    uint64_t line;      /* physical line where the record begins, from 1 */
    const char *raw;    /* the record's bytes, cut at REJECT_RAW_MAX, as valid UTF-8 */
    size_t raw_len;
    struct hash128
        id; /* of report, reason, raw text and its count within the window: tells repeats */
};

#define REJECT_RAW_MAX (64 * 1024)

/* A header name of the files that no column of the report takes. */
struct unknown_column {
    const char *name; /* in the form of model/header.h */
    const char *file; /* base name, of the first file that has it */
    bool twice;       /* that file has it more than once */
};

enum { BATCH_UNKNOWN_MAX = 100, BATCH_ODD_KEYS_MAX = 1000 }; /* what is noted of them */

/*
 * A line that could not be read and may stand for a row that the table holds. Its id tells it from
 * others and is the same in every export that has it. Where it still tells which row it was, it has
 * that row's key; where it may have been one of several, it has several.
 */
struct unread {
    struct hash128 id;
    size_t reject;               /* its place among the rejects; or UNREAD_BLANK, UNREAD_ROW */
    size_t row;                  /* of UNREAD_ROW: its place among the rows */
    size_t first_key, key_count; /* in batch.unread_keys */
    /* What is left of it: its fields as they would stand in the table, in the batch's memory; none
     * of a blank line. One without a text says nothing. */
    const struct cell *fields;
    size_t field_count, expected_fields; /* in the line, and in the header */
    const size_t *key_fields;            /* for each column of the key, its field in the header */
    size_t key_field_count;
};

#define UNREAD_BLANK SIZE_MAX     /* a blank line between rows */
#define UNREAD_ROW (SIZE_MAX - 1) /* a row whose key has an odd byte: read, and perhaps wrongly */

/* What a column of the files was, and the cells of one that is no text. */
struct column_tally {
    bool present;        /* some file has the column */
    uint64_t filled;     /* said something */
    uint64_t impossible; /* of them: a day that does not exist, and became NULL */
    uint64_t unreadable; /* of them: something that is no such value, and became NULL */
    uint64_t line;       /* of the first unreadable one */
};

/* read = loaded + duplicates + boundary + rejected, always. */
struct batch_counts {
    uint64_t read;       /* records after the header, those left out apart */
    uint64_t loaded;     /* rows of the batch that are not superseded */
    uint64_t duplicates; /* rows superseded by a later record with the same key */
    uint64_t boundary;   /* rows of a day that a neighbouring window owns */
    uint64_t rejected;   /* records kept as rejects, foreign ones among them */
    uint64_t foreign;    /* rows dated outside everything asked for; part of rejected */
    uint64_t unreadable; /* cells that held something that is no date or time and became NULL */
    uint64_t left_out;   /* no records: the header again, totals, footers, blank records */
};

/* What an export holds of one day, in whatever order: two exports of the same rows have the same.
 */
struct day_digest {
    uint64_t rows;
    struct hash128 sum; /* of their fingerprints */
};

static inline void day_digest_add(struct day_digest *day, struct hash128 fingerprint)
{
    day->rows++;
    day->sum.low += fingerprint.low;
    day->sum.high += fingerprint.high;
}

static inline bool day_digest_equal(const struct day_digest *a, const struct day_digest *b)
{
    return a->rows == b->rows && hash128_equal(a->sum, b->sum);
}

struct batch {
    size_t columns; /* cells a row */
    struct row *rows;
    size_t row_count, row_room;
    uint32_t *offsets; /* row_count * columns: of each cell's text within its row */
    struct buf bytes;  /* the rows as model/encoded_row.h has them, back to back */
    struct reject *rejects;
    size_t reject_count, reject_room;
    struct unread *unread; /* in the order of the files */
    size_t unread_count, unread_room;
    struct hash128 *unread_keys;
    size_t unread_key_count, unread_key_room;
    size_t odd_keys;                /* rows whose key has such a byte, noted or not */
    struct column_tally *tallies;   /* of each column */
    struct unknown_column *unknown; /* in the order of the files and their headers */
    size_t unknown_count;
    bool unknown_more;  /* there are others, after BATCH_UNKNOWN_MAX */
    struct arena texts; /* strings of rejects and unknown columns */
    struct batch_counts counts;
    struct day_digest first_day, last_day; /* of the days asked for, whoever owns them */
};

/* A batch for rows of `columns` cells whose texts may take up to max_bytes in all. */
void batch_init(struct batch *batch, size_t columns, size_t max_bytes);

/* So many bytes of rows are likely to follow: room for them is made at once, where growing would
 * leave half of the memory behind in pieces. */
void batch_expect(struct batch *batch, size_t bytes);

void batch_done(struct batch *batch); /* accepts a zeroed one */

struct cell batch_cell(const struct batch *batch, size_t row, size_t column);

/* Adds a copy of a row that has all its cells; returns it, its other fields zeroed, for the caller
 * to fill (valid until the next row is added). NULL if the batch's limit of bytes was reached. */
struct row *batch_add_row(struct batch *batch, const struct encoded_row *row);
struct row *batch_add_cells(struct batch *batch, const struct cell *cells); /* the same, of cells */

/* Adds a reject; the strings are copied, `file` excepted (it must outlive the batch). */
struct reject *batch_reject(struct batch *batch, const char *file, uint64_t line,
                            const char *reason, const char *raw, size_t raw_len);

/* Adds a line that could not be read, its id to be set by the caller; keys that are added then are
 * its. */
struct unread *batch_unread(struct batch *batch, size_t reject);
void batch_unread_key(struct batch *batch, struct hash128 key); /* again: once */

/* Notes a header name that no column takes, once however many files have it. The name is copied;
 * `file` is one pointer for each file and must outlive the batch. */
void batch_note_unknown(struct batch *batch, const char *file, const char *name);

#endif
