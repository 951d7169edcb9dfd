/*
 * What the files of the PostgreSQL destination share: the connection, statements, COPY, and
 * transactions.
 *
 * The connection is non-blocking: every wait has a deadline and, unless the work is being closed,
 * ends at once when a signal asks us to stop. A connection on which a wait was given up is closed,
 * because what it would say next belongs to a question that nobody asks any more. `conn` is NULL
 * from then on; within a window every further call fails, and the next transaction connects anew.
 */
#ifndef LOAD_POSTGRES_INTERNAL_H
#define LOAD_POSTGRES_INTERNAL_H

#include "base/buf.h"
#include "base/clock.h"
#include "load/destination.h"

#include <postgresql/libpq-fe.h>

/* How long to wait for what; tests make them shorter. Milliseconds. */
struct postgres_patience {
    int64_t connect;   /* unless the address or PGCONNECT_TIMEOUT says otherwise */
    int64_t lock;      /* for another writer, or for whoever locked the table */
    int64_t reshape;   /* to lock a table whose shape is changed: meanwhile nobody can read it */
    int64_t statement; /* the server's limit: a COPY of 1,000,000 rows over a slow line fits */
    int64_t idle;      /* the server's limit between two statements of a window */
    int64_t answer;    /* beyond the server's own limits, for it to say so */
    int64_t closing;   /* a statement after a signal asked us to stop */
    int64_t settle;    /* to find out what became of a commit whose answer was lost */
};

struct postgres_destination {
    struct destination base;
    char *url;  /* holds the password: it goes to libpq and nowhere else */
    char *name; /* "postgres HOST:PORT/DATABASE", for messages */
    PGconn *conn;
    bool heed_stop; /* whether a signal ends a wait */
    bool read_only; /* every transaction */
    struct postgres_patience patience;
    bool may_hold_strangers;         /* the open window's table was adopted: see postgres/table.c */
    char begun_at[CLOCK_STAMP_SIZE]; /* when the window's transaction began */
    char sqlstate[6];                /* of the last failure; "" if the server gave none */
};

struct postgres_destination *postgres_of(struct destination *dest);

/* postgres/connection.c */
bool postgres_connect(struct postgres_destination *dest, struct error *err);
void postgres_cancel(struct postgres_destination *dest);  /* what runs */
void postgres_hang_up(struct postgres_destination *dest); /* without a connection: nothing */

/* postgres/client.c */

/* Fills err with the database, the purpose, the server's words and what to do about it; `res` is
 * the result that failed, NULL if the connection did. Returns false. */
bool postgres_fail(struct postgres_destination *dest, const char *purpose, const PGresult *res,
                   struct error *err);
/* In our own words. */
bool postgres_refuse(struct postgres_destination *dest, const char *purpose, struct error *err,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Waits until the socket may be read or written. */
bool postgres_wait(struct postgres_destination *dest, const char *purpose, short events,
                   int64_t deadline, struct error *err);
int64_t postgres_deadline(const struct postgres_destination *dest); /* of a statement begun now */

/* Parameters of a statement, in order. Texts must live until the statement ran; NULL is SQL NULL.
 */
struct parameters {
    int count;
    const char *values[32];
    char texts[32][40]; /* of what was no text */
};

void parameter_text(struct parameters *p, const char *text);
void parameter_int(struct parameters *p, int64_t number);
void parameter_count(struct parameters *p, uint64_t number);
void parameter_real(struct parameters *p, double number);
void parameter_day(struct parameters *p, int32_t day);
void parameter_instant(struct parameters *p, time_t when);

/* One statement with parameters, or with NULL several in a row of which the last one's result
 * counts. NULL on failure. */
PGresult *postgres_query(struct postgres_destination *dest, const char *purpose, const char *sql,
                         const struct parameters *parameters, struct error *err);
PGresult *postgres_query_values(struct postgres_destination *dest, const char *purpose,
                                const char *sql, int count, const char *const *values,
                                struct error *err);
bool postgres_run(struct postgres_destination *dest, const char *purpose, const char *sql,
                  struct error *err);
bool postgres_run_counting(struct postgres_destination *dest, const char *purpose, const char *sql,
                           uint64_t *rows, struct error *err);
uint64_t postgres_count_of(PGresult *res); /* rows that it touched */

void postgres_clear(PGresult **res);
#define RESULT_CLEAR __attribute__((cleanup(postgres_clear)))

/* Sends what was asked; takes the results up to the last one, or up to a COPY. */
bool postgres_send(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                   struct error *err);
PGresult *postgres_collect(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                           struct error *err);

/* postgres/copy.c */

/* Rows on their way in: fill `row` with one, in the format that the statement says, then copy_in_row. After a failure the
 * window must be rolled back. */
struct copy_in {
    struct postgres_destination *dest;
    const char *purpose;
    int64_t deadline;
    struct buf row; /* and those before it that were not sent yet */
    uint64_t rows;
};

void copy_in_done(struct copy_in *copy); /* accepts a zeroed one */
#define COPY_IN_DONE __attribute__((cleanup(copy_in_done)))

bool copy_in_start(struct copy_in *out, struct postgres_destination *dest, const char *purpose,
                   const char *sql, struct error *err);
bool copy_in_row(struct copy_in *copy, struct error *err);
/* True only if the server confirmed that it has every row. */
bool copy_in_finish(struct copy_in *copy, struct error *err);

/* A whole COPY of rows that are made already (postgres/copy_text.h), `count` of them. */
bool copy_in_all(struct postgres_destination *dest, const char *purpose, const char *sql,
                 const struct buf *rows, uint64_t count, struct error *err);

/* Gives the sink every piece of what COPY … TO STDOUT sends. */
typedef bool copy_sink(void *arg, const char *bytes, size_t len, struct error *err);
bool postgres_copy_out(struct postgres_destination *dest, const char *purpose, const char *sql,
                       copy_sink *sink, void *arg, struct error *err);

/* postgres/transaction.c */

enum writer { ANY_WRITER, ONLY_WRITER };

/* Opens a transaction, on a new connection if there is none or the old one died meanwhile.
 * ONLY_WRITER waits for all others that ask for the same; `look` (or NULL) is a query that is sent
 * along and whose result is put into *out, if out is not NULL. */
bool postgres_enter(struct postgres_destination *dest, const char *purpose, enum writer writer,
                    const char *look, PGresult **out, struct error *err);

/* Shortens the wait for locks in the rest of the transaction, which changes a table that people
 * read. Whoever waits for such a lock makes all who come later wait behind it, readers too: better
 * another try, later, than a dashboard that stands still. */
bool postgres_hurry(struct postgres_destination *dest, struct error *err);

/* Rolls back what is open. */
void postgres_leave(struct postgres_destination *dest);

/* A query that finds a row if and only if the transaction was committed. */
struct proof {
    const char *sql;
    const struct parameters *parameters;
};

/* Commits. If the answer is lost, asks the database by `proof`; without one the outcome stays
 * unknown, and the transaction must be one that may be repeated. */
bool postgres_confirm(struct postgres_destination *dest, const char *purpose,
                      const struct proof *proof, struct error *err);

/* postgres/schema.c, postgres/table.c */
bool postgres_migrate(struct destination *dest, const struct report *report, struct error *err);
bool postgres_look(struct destination *dest, const struct report *report,
                   enum destination_state *out, struct error *err);
/* Of the table alone; one that cannot be used is refused. */
bool postgres_find_table(struct postgres_destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err);
/* Whether nothing is to be done; a table that cannot be used is refused. */
bool postgres_table_is_ready(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err);
bool postgres_migrate_table(struct postgres_destination *dest, const struct report *report,
                            struct error *err);

/* postgres/index.c: a report's indexes, which are known by the table and the columns that they are
 * on: a table that was renamed keeps its indexes' names. */

/* Whether the table has the index that keeps rows unique and that snapshots read. */
bool postgres_has_index(struct postgres_destination *dest, const struct report *report, bool *out,
                        struct error *err);
bool postgres_make_index(struct postgres_destination *dest, const struct report *report,
                         struct error *err);
/* The one that finds the rows of another program, for a table that was just adopted. */
bool postgres_make_strangers_index(struct postgres_destination *dest, const struct report *report,
                                   struct error *err);

/* postgres/shape.c */

/* Refuses, by name and with what to do, a table that rows cannot be kept in: a view, a foreign
 * table, a partition, a parent of other tables, a table that is partitioned by other columns than
 * the window's date. Without a table nothing is wrong. */
bool postgres_check_shape(struct postgres_destination *dest, const struct report *report,
                          struct error *err);

/* postgres/identity.c: replica identities, without which a publication forbids to write. */

/* Queries of the table that $1 names (quoted), and of all tables in the schema: rows of what is
 * wrong with a table's identity and the SQL that mends it. */
extern const char postgres_identity_wrong[], postgres_identity_advice[];
/* Whether the table is published without one, and is ours to mend. */
bool postgres_lacks_identity(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err);
/* Gives one to a table of ours, or to those of its partitions, that has none. */
bool postgres_give_identity(struct postgres_destination *dest, const struct report *report,
                            struct error *err);

/* postgres/cause.c */

/* Appends to a failure what only the database can tell: who holds the lock that was waited for, or
 * which SQL lets a published table be written. It rolls back what is open, because a transaction
 * that failed answers nothing. For other failures, or if nothing is found, it does nothing. */
void postgres_add_cause(struct postgres_destination *dest, const struct report *report,
                        struct error *err);

/* postgres/columns.c */
bool postgres_columns_are_there(struct postgres_destination *dest, const struct report *report,
                                bool *out, struct error *err); /* all that were added */
bool postgres_forget_columns(struct postgres_destination *dest, const struct report *report,
                             struct error *err); /* those that are not */
bool postgres_add_column(struct destination *dest, const struct report *report, const char *name,
                         const struct run *run, bool *added, struct error *err);

/* postgres/sql.c: statements on a report's table; the text is owned by the caller. */
char *postgres_sql_create_table(const struct report *report);
char *postgres_sql_adopt_table(const struct report *report);
char *postgres_sql_add_column(const struct report *report, const char *name);
/* Indexes; with NULL for a name PostgreSQL chooses one. */
char *postgres_sql_create_index(const struct report *report, const char *name, bool adopted);
char *postgres_sql_create_strangers_index(const struct report *report, const char *name);
char *postgres_sql_table_name(const struct report *report); /* quoted */
char *postgres_sql_is_adopted(const struct report *report); /* true if rows may lack a key */
char *postgres_sql_key_undated(const struct report *report);
char *postgres_sql_count_strangers(const struct report *report, struct window window);
char *postgres_sql_delete_strangers(const struct report *report, struct window window);
char *postgres_sql_snapshot(const struct report *report, struct window window);
/* Key, fingerprint and cells of the range, the cells as the texts that are kept. */
char *postgres_sql_standing(const struct report *report, struct row_range range);
char *postgres_sql_copy_in(const struct report *report); /* cells, key, fingerprint */

/* Keys and days come as arrays, to an update also fingerprints and cells. The result is what the rows
 * were: each one's number in the arrays, from 1 and rising, then its cells. */
enum rows { ROWS_DATED, ROWS_UNDATED };
char *postgres_sql_delete(const struct report *report, enum rows rows);
char *postgres_sql_update(const struct report *report, enum rows rows);
/* Keys come as an array: deletes what has one of them on other days than the window's. */
char *postgres_sql_delete_strays(const struct report *report, struct window window);

/* postgres/snapshot.c */
bool postgres_count_strangers(struct postgres_destination *dest, size_t *out, struct error *err);
bool postgres_snapshot(struct destination *dest, struct snapshot *out, struct error *err);
bool postgres_read_rows(struct destination *dest, const struct report *report,
                        struct row_range range, destination_standing *row, void *arg,
                        struct error *err);

/* postgres/insert.c */
bool postgres_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                    const struct plan *plan, struct error *err);

/* postgres/lease.c */
bool postgres_take_lease(struct destination *dest, const struct lease *lease, int64_t *token,
                         struct error *err);
bool postgres_keep_lease(struct destination *base, struct error *err);
bool postgres_renew_lease(struct destination *dest, struct error *err);
bool postgres_release_lease(struct destination *dest, struct error *err);

/* postgres/advice.c */
bool postgres_advise(struct destination *dest, destination_row *advice, void *arg,
                     struct error *err);

/* postgres/history.c */
bool postgres_read(struct destination *dest, const char *sql, destination_row *row, void *arg,
                   struct error *err);

/* postgres/ledger.c */

/* One statement that changes one row, in a transaction of its own. */
bool postgres_write_one(struct postgres_destination *dest, const char *purpose, const char *sql,
                        const struct parameters *p, const struct proof *proof, struct error *err);
bool postgres_start_run(struct destination *dest, const struct run *run, struct error *err);
bool postgres_end_run(struct destination *dest, const struct run *run, int exit_code,
                      time_t ended_at, struct error *err);
bool postgres_coverage(struct destination *dest, bool *days, struct error *err);
bool postgres_execute(struct destination *dest, const char *purpose, const char *sql,
                      struct error *err);
bool postgres_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                     struct error *err);
bool postgres_commit(struct destination *dest, const struct ledger_entry *entry, struct error *err);
bool postgres_record(struct destination *dest, const struct ledger_entry *entry, struct error *err);

#endif
