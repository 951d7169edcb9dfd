/*
 * The connection to SQLite, its errors and transactions, and the statements on it: the base of all
 * files in this folder.
 *
 * A statement is opened with the purpose that errors name, gets its parameters in order, and is
 * run; after the run it is ready for the next parameters. A parameter that could not be bound makes
 * the run fail, so that a caller may bind a whole row and check once.
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
    int64_t lock_timeout_ms;         /* milliseconds to wait for another writer */
    int64_t waiting_since;           /* clock_ms() when the current wait began */
    char begun_at[CLOCK_STAMP_SIZE]; /* when the window's transaction began */
    int read_timeout_ms;             /* for a query of the open read; 0: none is open */
    int64_t read_deadline;           /* clock_ms() when the present query of a read has to end */
    bool interrupted;                /* that query was ended: by its deadline, or to stop */
};

struct sqlite_destination *sqlite_of(struct destination *dest);

/* Fills err with the file, the purpose, SQLite's message and what to do about it; returns false. */
bool sqlite_report_failure(struct sqlite_destination *dest, const char *purpose, struct error *err);

/* Runs one or more statements without parameters or results. */
bool sqlite_run(struct sqlite_destination *dest, const char *purpose, const char *sql,
                struct error *err);

/* Begins a transaction and takes the write lock; waits for another writer up to lock_timeout_ms. */
bool sqlite_transaction_begin(struct sqlite_destination *dest, const char *purpose,
                              struct error *err);
/* Rolls the open transaction back; does nothing if there is none. */
void sqlite_transaction_rollback(struct sqlite_destination *dest);

struct statement {
    struct sqlite_destination *dest;
    const char *purpose; /* "insert a row" */
    sqlite3_stmt *stmt;
    int bound;      /* number of parameters bound so far */
    int bind_error; /* the first error of a parameter; SQLITE_OK: none */
};

void statement_close(struct statement *st); /* accepts a zeroed one */
#define STATEMENT_CLOSE __attribute__((cleanup(statement_close)))

bool statement_open(struct statement *out, struct sqlite_destination *dest, const char *purpose,
                    const char *sql, struct error *err);

/* Bind the next parameter. Texts and cells must live until the statement ran; NULL is SQL NULL.
 * Days are day numbers, instants seconds since 1970. */
void statement_text(struct statement *st, const char *text);
void statement_bytes(struct statement *st, const char *text, size_t len); /* as text */
void statement_cell(struct statement *st, struct cell cell);
void statement_hash(struct statement *st, struct hash128 hash);
void statement_count(struct statement *st, uint64_t number);
void statement_int(struct statement *st, int64_t number);
void statement_real(struct statement *st, double number);
void statement_day(struct statement *st, int32_t day);
void statement_instant(struct statement *st, time_t when);

/* Runs the statement to the next row: *row says whether there is one. After the last row the
 * statement is ready for new parameters. */
bool statement_next(struct statement *st, bool *row, struct error *err);
/* Makes the statement ready for new parameters before its last row was read. */
void statement_reset(struct statement *st);

/* Run a statement that returns no rows; _one fails unless it changed exactly one row. */
bool statement_run(struct statement *st, struct error *err);
bool statement_run_one(struct statement *st, struct error *err);

/* borrowed until the next step */
struct cell statement_read_cell(const struct statement *st, int column);
bool statement_read_hash(const struct statement *st, int column, struct hash128 *out);

#endif
