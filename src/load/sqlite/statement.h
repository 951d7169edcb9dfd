/*
 * A SQLite connection, its errors, its transactions, and the statements on it: what all files of
 * this folder stand on.
 *
 * A statement is opened with the purpose that errors will name, gets its parameters in order, and
 * is run; running it makes it ready for the next set of parameters. A parameter that could not be
 * bound is remembered and fails the run, so that callers may bind a row and ask once.
 */
#ifndef LOAD_SQLITE_STATEMENT_H
#define LOAD_SQLITE_STATEMENT_H

#include "base/clock.h"
#include "load/destination_ops.h"

#include <sqlite3.h>

struct sqlite_destination {
    struct destination base;
    sqlite3 *db;
    char *path;
    int64_t lock_timeout_ms;         /* how long to wait for another writer */
    int64_t waiting_since;           /* clock_ms() when the present wait began */
    char begun_at[CLOCK_STAMP_SIZE]; /* when the window's transaction began */
};

struct sqlite_destination *sqlite_of(struct destination *dest);

/* Fills err with the file, the purpose, SQLite's words and what to do about it; returns false. */
bool sqlite_report_failure(struct sqlite_destination *dest, const char *purpose, struct error *err);

/* Runs one or more statements without parameters or results. */
bool sqlite_run(struct sqlite_destination *dest, const char *purpose, const char *sql,
                struct error *err);

/* Takes the write lock, waiting for another writer as long as lock_timeout_ms. */
bool sqlite_transaction_begin(struct sqlite_destination *dest, const char *purpose,
                              struct error *err);
void sqlite_transaction_rollback(
    struct sqlite_destination *dest); /* rolls back; without a transaction: nothing */

struct statement {
    struct sqlite_destination *dest;
    const char *purpose; /* "insert a row" */
    sqlite3_stmt *stmt;
    int bound;      /* parameters so far */
    int bind_error; /* the first one */
};

void statement_close(struct statement *st); /* accepts a zeroed one */
#define STATEMENT_CLOSE __attribute__((cleanup(statement_close)))

bool statement_open(struct statement *out, struct sqlite_destination *dest, const char *purpose,
                    const char *sql, struct error *err);

/* The next parameter. Texts and cells must live until the statement ran; NULL is SQL NULL. */
void statement_text(struct statement *st, const char *text);
void statement_bytes(struct statement *st, const char *text, size_t len); /* as text */
void statement_cell(struct statement *st, struct cell cell);
void statement_hash(struct statement *st, struct hash128 hash);
void statement_count(struct statement *st, uint64_t number);
void statement_int(struct statement *st, int64_t number);
void statement_real(struct statement *st, double number);
void statement_day(struct statement *st, int32_t day);
void statement_instant(struct statement *st, time_t when);

/* One step: *row says whether there is a row to read. After the last it is ready for reuse. */
bool statement_next(struct statement *st, bool *row, struct error *err);
void statement_reset(struct statement *st); /* before the end was reached */

/* To the end, for statements that return no rows; _one fails unless exactly one row was changed. */
bool statement_run(struct statement *st, struct error *err);
bool statement_run_one(struct statement *st, struct error *err);

struct cell statement_read_cell(const struct statement *st, int column); /* until the next step */
bool statement_read_hash(const struct statement *st, int column, struct hash128 *out);

#endif
