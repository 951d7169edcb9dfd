/*
 * The connection to PostgreSQL and the statements on it: the base of all files in this folder.
 *
 * The connection is non-blocking. Every wait has a deadline, and a signal to stop ends it at once
 * unless the run is ending. A wait that is given up closes the connection, because the next answer
 * on it would belong to the abandoned statement. `conn` is NULL from then on: every further call
 * within the window fails, and the next transaction connects anew.
 *
 * Functions fail with ERROR_DATABASE or with ERROR_STOPPED. The message of ERROR_DATABASE names the
 * database and the purpose; the error is transient if another try is worth it (failure.h).
 */
#ifndef LOAD_POSTGRES_CLIENT_H
#define LOAD_POSTGRES_CLIENT_H

#include "base/buf.h"
#include "base/clock.h"
#include "load/destination_ops.h"

#include <postgresql/libpq-fe.h>
#include <stdint.h>
#include <time.h>

/* The parameters of a statement, in order, as texts. A zeroed struct has none. Texts that are
 * passed in must live until the statement ran; NULL is SQL NULL. At most 32 parameters. */
struct parameters {
    int count;
    const char *values[32];
    char texts[32][40]; /* numbers, days and instants as texts */
};

/* Add the next parameter. Days are day numbers, instants seconds since 1970. */
void parameter_text(struct parameters *p, const char *text);
void parameter_int(struct parameters *p, int64_t number);
void parameter_count(struct parameters *p, uint64_t number);
void parameter_real(struct parameters *p, double number);
void parameter_day(struct parameters *p, int32_t day);
void parameter_instant(struct parameters *p, time_t when);

/* Time limits in milliseconds; tests make them shorter. */
struct postgres_timeouts {
    int64_t connect;   /* unless the address or PGCONNECT_TIMEOUT says otherwise */
    int64_t lock;      /* for another writer, or for any process that locked the table */
    int64_t reshape;   /* to lock a table that gets columns: readers wait meanwhile */
    int64_t statement; /* the server's limit; a COPY of 1,000,000 rows over a slow line fits */
    int64_t idle;      /* the server's limit between two statements of a window */
    int64_t answer;    /* added to the server's own limit, for its answer to arrive */
    int64_t closing;   /* for a statement after a signal to stop */
    int64_t resolve;   /* to find out the outcome of a commit whose answer was lost */
};

struct postgres_destination {
    struct destination base;
    char *url;  /* holds the password: it goes to libpq and nowhere else */
    char *name; /* "postgres HOST:PORT/DATABASE", for messages */
    PGconn *conn;
    bool heed_stop;       /* whether a signal ends a wait */
    bool read_only;       /* whether every transaction only reads */
    int64_t read_timeout; /* of a query of the open read, in milliseconds; 0: none is open */
    struct postgres_timeouts timeouts;
    bool may_hold_legacy_rows;       /* whether the window's table is adopted: postgres/table.c */
    char begun_at[CLOCK_STAMP_SIZE]; /* when the window's transaction began */
    char sqlstate[6];                /* of the last failure; "" if the server gave none */
};

/* Returns the PostgreSQL destination that `dest` is part of. */
struct postgres_destination *postgres_of(struct destination *dest);

/* Fills err (ERROR_DATABASE) with the database, the purpose, the server's message and a hint for
 * the user. `res` is the failed result, or NULL if the connection failed. Returns false. */
bool postgres_report_failure(struct postgres_destination *dest, const char *purpose,
                             const PGresult *res, struct error *err);
/* Fills err (ERROR_DATABASE) with the database, the purpose and a message of this program. Returns
 * false. */
bool postgres_report_error(struct postgres_destination *dest, const char *purpose,
                           struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Asks the server to cancel the statement that it executes. */
void postgres_cancel(struct postgres_destination *dest);
/* Closes the connection; does nothing if there is none. */
void postgres_disconnect(struct postgres_destination *dest);

/* Returns the deadline (clock_ms) of a statement that begins now. */
int64_t postgres_deadline(const struct postgres_destination *dest);
/* Waits until the socket has one of `events` (POLLIN, POLLOUT). A wait that ends by the deadline or
 * by a signal closes the connection and fails. */
bool postgres_wait(struct postgres_destination *dest, const char *purpose, short events,
                   int64_t deadline, struct error *err);

/* Runs one statement with parameters; with NULL for parameters runs one or more statements and
 * returns the result of the last one. The caller owns the result (RESULT_CLEAR). Returns NULL on
 * failure. */
PGresult *postgres_query(struct postgres_destination *dest, const char *purpose, const char *sql,
                         const struct parameters *parameters, struct error *err);
/* Does the same with the parameters as `count` texts; NULL is SQL NULL. */
PGresult *postgres_query_values(struct postgres_destination *dest, const char *purpose,
                                const char *sql, int count, const char *const *values,
                                struct error *err);
/* Run statements without parameters that return no rows; *rows is how many rows they touched. */
bool postgres_run(struct postgres_destination *dest, const char *purpose, const char *sql,
                  struct error *err);
bool postgres_run_counting(struct postgres_destination *dest, const char *purpose, const char *sql,
                           uint64_t *rows, struct error *err);
/* Returns how many rows the statement of this result touched. */
uint64_t postgres_count_of(PGresult *res);

void postgres_clear(PGresult **res);
#define RESULT_CLEAR __attribute__((cleanup(postgres_clear)))

/* The two halves of a query: postgres_send sends what libpq has buffered, postgres_collect reads
 * the results up to the last one or up to the start of a COPY. The caller owns the result. */
bool postgres_send(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                   struct error *err);
PGresult *postgres_collect(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                           struct error *err);

/* Gets a result that has one row. */
typedef bool postgres_row(void *arg, const PGresult *res, struct error *err);
/* Runs one statement and hands over its rows one at a time, so that memory holds one of them. If
 * `row` fails, the statement is cancelled. */
bool postgres_stream(struct postgres_destination *dest, const char *purpose, const char *sql,
                     int count, const char *const *values, postgres_row *row, void *arg,
                     struct error *err);

#endif
