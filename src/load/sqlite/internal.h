/*
 * What the files of the SQLite destination share: the connection, its errors, and statements.
 *
 * A statement is opened with the purpose that errors will name, gets its parameters in order, and
 * is run; running it makes it ready for the next set of parameters. A parameter that could not be
 * bound is remembered and fails the run, so that callers may bind a row and ask once.
 */
#ifndef LOAD_SQLITE_INTERNAL_H
#define LOAD_SQLITE_INTERNAL_H

#include "base/clock.h"
#include "load/destination.h"

#include <sqlite3.h>

struct sqlite_destination {
    struct destination base;
    sqlite3 *db;
    char *path;
    int64_t patience_ms;             /* how long to wait for another writer */
    int64_t waiting_since;           /* clock_ms() when the present wait began */
    char begun_at[CLOCK_STAMP_SIZE]; /* when the window's transaction began */
};

struct sqlite_destination *sqlite_of(struct destination *dest);

/* Fills err with the file, the purpose, SQLite's words and what to do about it; returns false. */
bool sqlite_fail(struct sqlite_destination *dest, const char *purpose, struct error *err);

/* Runs one or more statements without parameters or results. */
bool sqlite_run(struct sqlite_destination *dest, const char *purpose, const char *sql,
                struct error *err);

/* Takes the write lock, waiting for another writer as long as patience_ms. */
bool sqlite_lock(struct sqlite_destination *dest, const char *purpose, struct error *err);
void sqlite_undo(struct sqlite_destination *dest); /* rolls back; without a transaction: nothing */

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

/* sqlite/schema.c */
bool sqlite_check_schema(struct sqlite_destination *dest, struct error *err);
bool sqlite_look(struct destination *dest, const struct report *report, enum destination_state *out,
                 struct error *err);
bool sqlite_migrate(struct destination *dest, const struct report *report, struct error *err);

/* sqlite/index.c: makes the indexes of a report's table that it has not, within a transaction. */
bool sqlite_make_indexes(struct sqlite_destination *dest, const struct report *report,
                         struct error *err);

/* sqlite/columns.c */
bool sqlite_columns_are_there(struct sqlite_destination *dest, const struct report *report,
                              bool *out, struct error *err); /* all that were added */
bool sqlite_forget_columns(struct sqlite_destination *dest, const struct report *report,
                           struct error *err); /* those that the table has no more */
bool sqlite_add_column(struct destination *dest, const struct report *report, const char *name,
                       const struct run *run, bool *added, struct error *err);

/* sqlite/sql.c: statements on a report's table; the text is owned by the caller. */
char *sqlite_sql_create_table(const struct report *report);
enum { INDEX_COLUMNS_MAX = 3 };
char *sqlite_sql_create_index(const char *table, const char *name, bool unique,
                              const char *const columns[INDEX_COLUMNS_MAX]); /* then NULL */
char *sqlite_sql_add_column(const struct report *report, const char *name);
char *sqlite_sql_snapshot(const struct report *report);   /* ?1, ?2: first and last day */
char *sqlite_sql_read(const struct report *report);       /* ?1: key; ?2, ?3: first and last day */
char *sqlite_sql_read_stray(const struct report *report); /* the same, of any other day */
/* Key, fingerprint and cells of the range. */
char *sqlite_sql_standing(const struct report *report, struct row_range range);
char *sqlite_sql_insert(const struct report *report); /* cells, key, fingerprint */
char *sqlite_sql_update(const struct report *report); /* cells, fingerprint, key */
char *sqlite_sql_delete(const struct report *report); /* key */

/* sqlite/rows.c */
bool sqlite_snapshot(struct destination *dest, struct snapshot *out, struct error *err);
bool sqlite_read_rows(struct destination *dest, const struct report *report, struct row_range range,
                      destination_standing *row, void *arg, struct error *err);
bool sqlite_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                  const struct plan *plan, struct error *err);

/* sqlite/lease.c */
bool sqlite_take_lease(struct destination *dest, const struct lease *lease, int64_t *token,
                       struct error *err);
bool sqlite_keep_lease(struct destination *base, struct error *err);
bool sqlite_renew_lease(struct destination *dest, struct error *err);
bool sqlite_release_lease(struct destination *dest, struct error *err);

/* sqlite/ledger.c */
bool sqlite_query(struct destination *dest, const char *sql, destination_row *row, void *arg,
                  struct error *err);
bool sqlite_start_run(struct destination *dest, const struct run *run, struct error *err);
bool sqlite_end_run(struct destination *dest, const struct run *run, int exit_code, time_t ended_at,
                    struct error *err);
bool sqlite_coverage(struct destination *dest, bool *days, struct error *err);
bool sqlite_execute(struct destination *dest, const char *purpose, const char *sql,
                    struct error *err);
bool sqlite_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                   struct error *err);
bool sqlite_record(struct destination *dest, const struct ledger_entry *entry, struct error *err);

#endif
