/*
 * The clean rows of one window, the records that could not become rows, and the header names that
 * the report does not know.
 *
 * A row is its cells (canonical text, see model/report.h, one for each column of the report), its
 * key and its fingerprint. Cells are views into the batch; they are valid until a row is added.
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
    size_t at;                  /* offset of its bytes in the batch */
    int32_t date;               /* window date, a day number; meaningless if undated */
    bool undated;               /* the window date is NULL */
    bool superseded; /* a later record has the same key: not loaded, counted as duplicate */
};

struct reject {
    const char *reason; /* lower case, English, says what was found */
    const char *file;   /* base name */
    uint64_t line;      /* physical line where the record begins, from 1 */
    const char *raw;    /* the record's bytes, cut at REJECT_RAW_MAX, as valid UTF-8 */
    size_t raw_len;
    /* Hash of the report, the reason, the raw text and the number of equal rejects before it in
     * the window: the same in every export that has the record. */
    struct hash128 id;
};

#define REJECT_RAW_MAX (64 * 1024)

/* A header name of the files that no column of the report takes. */
struct unknown_column {
    const char *name; /* in the form of model/header.h */
    const char *file; /* base name, of the first file that has it */
    bool twice;       /* that file has it more than once */
};

enum { BATCH_UNKNOWN_MAX = 100, BATCH_ODD_KEYS_MAX = 1000 }; /* the most that are noted */

/*
 * A line that could not be read and may stand for a row that the table holds. Its id is the same in
 * every export that has the line. If the line still tells which row it was, it has that row's key.
 * If it may have been one of several rows, it has several keys.
 */
struct unread {
    struct hash128 id;
    size_t reject;               /* number of its reject; or UNREAD_BLANK, UNREAD_ROW */
    size_t row;                  /* for UNREAD_ROW: number of the row */
    size_t first_key, key_count; /* in batch.unread_keys */
    /* The remaining fields, as they would stand in the table, in the batch's memory. A blank line
     * has none. A field without a text says nothing. */
    const struct cell *fields;
    size_t field_count, expected_fields; /* in the line, and in the header */
    const size_t *key_fields;            /* for each column of the key, its field in the header */
    size_t key_field_count;
};

#define UNREAD_BLANK SIZE_MAX     /* a blank line between rows */
#define UNREAD_ROW (SIZE_MAX - 1) /* a row whose key has an odd byte: read, and perhaps wrongly */

/* Whether the files have a column, and counts of its cells if it is not text. */
struct column_tally {
    bool present;        /* some file has the column */
    uint64_t filled;     /* cells that hold something */
    uint64_t impossible; /* of those: days that do not exist, which became NULL */
    uint64_t unreadable; /* of those: text that is no such value, which became NULL */
    uint64_t line;       /* physical line of the first unreadable cell */
};

/* read = loaded + duplicates + boundary + rejected, always. */
struct batch_counts {
    uint64_t read;       /* records after the header, without those left out */
    uint64_t loaded;     /* rows of the batch that are not superseded */
    uint64_t duplicates; /* rows superseded by a later record with the same key */
    uint64_t boundary;   /* rows of a day that a neighbouring window owns */
    uint64_t rejected;   /* records kept as rejects, foreign ones among them */
    uint64_t foreign;    /* rows dated outside everything asked for; part of rejected */
    uint64_t unreadable; /* cells that held something that is no date or time and became NULL */
    /* not counted as records: repeated headers, totals, footers, blank records */
    uint64_t left_out;
};

/* A digest of the rows that an export holds of one day. It does not depend on their order. */
struct day_digest {
    uint64_t rows;
    struct hash128 sum; /* sum of their fingerprints */
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
    uint32_t *offsets; /* row_count * columns entries: offset of each cell's text within its row */
    struct buf bytes;  /* the rows as model/encoded_row.h has them, back to back */
    struct reject *rejects;
    size_t reject_count, reject_room;
    struct unread *unread; /* in the order of the files */
    size_t unread_count, unread_room;
    struct hash128 *unread_keys;
    size_t unread_key_count, unread_key_room;
    size_t odd_keys;                /* rows whose key has an odd byte, noted or not */
    struct column_tally *tallies;   /* of each column */
    struct unknown_column *unknown; /* in the order of the files and their headers */
    size_t unknown_count;
    bool unknown_more;  /* there are more than BATCH_UNKNOWN_MAX */
    struct arena texts; /* strings of rejects and unknown columns */
    struct batch_counts counts;
    /* of the first and last day asked for, owned by this window or not */
    struct day_digest first_day, last_day;
};

/* Makes an empty batch for rows of `columns` cells, whose bytes may be at most max_bytes in all. */
void batch_init(struct batch *batch, size_t columns, size_t max_bytes);

/* Makes room at once for `bytes` bytes of rows that are likely to follow. Growing step by step
 * would leave half of the memory in unused pieces. */
void batch_expect(struct batch *batch, size_t bytes);

void batch_done(struct batch *batch); /* accepts a zeroed one */

/* Returns how many rows have no window date. */
size_t batch_count_undated(const struct batch *batch);

/* Returns a cell as a view, valid until a row is added. */
struct cell batch_cell(const struct batch *batch, size_t row, size_t column);

/* Adds a copy of a row that has all its cells. Returns the new row with its other members zeroed,
 * for the caller to fill; it is valid until the next row is added. NULL if the batch's limit of
 * bytes is reached. */
struct row *batch_add_row(struct batch *batch, const struct encoded_row *row);
/* the same, from cells */
struct row *batch_add_cells(struct batch *batch, const struct cell *cells);

/* Adds a reject. The strings are copied, except `file`, which must outlive the batch. */
struct reject *batch_reject(struct batch *batch, const char *file, uint64_t line,
                            const char *reason, const char *raw, size_t raw_len);

/* Adds a line that could not be read; the caller sets its id. batch_unread_key adds keys to the
 * last such line. */
struct unread *batch_unread(struct batch *batch, size_t reject);
/* a key that the line has already is not added again */
void batch_unread_key(struct batch *batch, struct hash128 key);

/* Notes a header name that no column takes, once for all files that have it. The name is copied;
 * `file` must be one pointer for each file and outlive the batch. */
void batch_note_unknown(struct batch *batch, const char *file, const char *name);

#endif
