/*
 * The tables beside those of the reports: runs, windows, changes, rejects, notes. How a copy of a
 * database reads their rows, in the same texts from every kind, and compares them (pure).
 */
#ifndef LOAD_JOURNAL_H
#define LOAD_JOURNAL_H

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "load/destination_ops.h"
#include "model/hash.h"

#include <stdbool.h>
#include <stddef.h>

enum journal_id {
    JOURNAL_RUNS,
    JOURNAL_COLUMNS,
    JOURNAL_WINDOWS,
    JOURNAL_CHANGES,
    JOURNAL_REJECTS,
    JOURNAL_UNREAD_LINES,
    JOURNAL_KEPT_ROWS,
    JOURNAL_HABITS,
    JOURNAL_TABLE_COUNT
};

/* What a column's texts are. */
enum journal_type {
    JOURNAL_TEXT,
    JOURNAL_DAY,     /* yyyy-mm-dd */
    JOURNAL_NUMBER,  /* a whole one */
    JOURNAL_REAL,    /* with 9 digits, as all databases keep it */
    JOURNAL_INSTANT, /* "2026-11-23T18:30:01-03:00" */
    JOURNAL_HASH,    /* 32 hexadecimal digits */
    JOURNAL_JSON,    /* an object; the order of its members says nothing */
};

struct journal_column {
    const char *name;
    enum journal_type type;
    bool key; /* one of those that identify a row of a table that is changed in place */
};

enum { JOURNAL_COLUMNS_MAX = 28 };

struct journal_table {
    enum journal_id id;
    const char *name;
    struct journal_column columns[JOURNAL_COLUMNS_MAX];
    size_t column_count;
};

extern const struct journal_table journal_tables[JOURNAL_TABLE_COUNT];

/* Whether the table only grows: a row that is there stays as it is, behind those before it. */
bool journal_grows(const struct journal_table *table);

/* Returns a SELECT of the table's columns, owned by the caller. Of one that grows the place of the
 * row comes first, in the order of which rows were added. */
char *journal_select(const struct journal_table *table, enum sql_dialect dialect);

/* The same for the next `limit` rows behind the one at place `after`; NULL: from the first one. */
char *journal_select_next(const struct journal_table *table, enum sql_dialect dialect,
                          const char *after, size_t limit);

/* The same for the row `number`, from 0. */
char *journal_select_one(const struct journal_table *table, enum sql_dialect dialect,
                         size_t number);

/* Rows of a table, with the texts that every database takes. */
struct journal_rows {
    const struct journal_table *table;
    struct cell *cells; /* column_count of each row; each text ends with a NUL */
    size_t count, room;
    size_t bytes;
    struct arena texts;
};

void journal_rows_init(struct journal_rows *rows, const struct journal_table *table);
void journal_rows_done(struct journal_rows *rows); /* accepts a zeroed one */

/* Adds a copy of a row whose cells a query gave (without the place). */
void journal_rows_add(struct journal_rows *rows, enum sql_dialect dialect,
                      const struct cell *cells);

static inline const struct cell *journal_rows_at(const struct journal_rows *rows, size_t row)
{
    return rows->cells + row * rows->table->column_count;
}

/* The days of a row of etl_windows as every database can hold them (load/ledger_fields.h). */
struct journal_days {
    char texts[4][DATE_ISO_SIZE];
};

/* Puts them in the place of those of the row; they live in *days. Other tables stay as they are. */
void journal_fit_days(const struct journal_table *table, struct cell *cells,
                      struct journal_days *days);

/* Returns the hash of a row whose cells a query or journal_rows has, the same in every database. */
struct hash128 journal_row_hash(const struct journal_table *table, const struct cell *cells);

/* Returns the hash of the columns that identify a row. */
struct hash128 journal_row_key(const struct journal_table *table, const struct cell *cells);

#endif
