/*
 * A PostgreSQL connection and the statements on it: what all files of this folder stand on.
 *
 * The connection is non-blocking: every wait has a deadline and, unless the work is being closed,
 * ends at once when a signal asks us to stop. A connection on which a wait was given up is closed,
 * because what it would say next belongs to a question that nobody asks any more. `conn` is NULL
 * from then on: within a window every further call fails, and the next transaction connects anew.
 *
 * Functions fail with ERROR_DATABASE, which names the database and the purpose and says whether
 * another try is worth it (failure.h), or with ERROR_STOPPED.
 */
#ifndef LOAD_POSTGRES_CLIENT_H
#define LOAD_POSTGRES_CLIENT_H

#include "base/buf.h"
#include "base/clock.h"
#include "load/destination_ops.h"
#include "load/postgres/parameters.h"
#include <postgresql/libpq-fe.h>

/* How long to wait for what, in milliseconds; tests make them shorter. */
struct postgres_timeouts {
    int64_t connect;   /* unless the address or PGCONNECT_TIMEOUT says otherwise */
    int64_t lock;      /* for another writer, or for whoever locked the table */
    int64_t reshape;   /* to lock a table whose shape is changed: meanwhile nobody can read it */
    int64_t statement; /* the server's limit: a COPY of 1,000,000 rows over a slow line fits */
    int64_t idle;      /* the server's limit between two statements of a window */
    int64_t answer;    /* beyond the server's own limits, for it to say so */
    int64_t closing;   /* a statement after a signal asked us to stop */
    int64_t resolve;   /* to find out what became of a commit whose answer was lost */
};

struct postgres_destination {
    struct destination base;
    char *url;  /* holds the password: it goes to libpq and nowhere else */
    char *name; /* "postgres HOST:PORT/DATABASE", for messages */
    PGconn *conn;
    bool heed_stop; /* whether a signal ends a wait */
    bool read_only; /* every transaction */
    struct postgres_timeouts timeouts;
    bool may_hold_legacy_rows;       /* the open window's table was adopted: see postgres/table.c */
    char begun_at[CLOCK_STAMP_SIZE]; /* when the window's transaction began */
    char sqlstate[6];                /* of the last failure; "" if the server gave none */
};

struct postgres_destination *postgres_of(struct destination *dest);

/* Fills err with the database, the purpose, the server's words and what to do about it. `res` is
 * the result that failed, NULL if the connection did. Returns false. */
bool postgres_report_failure(struct postgres_destination *dest, const char *purpose,
                             const PGresult *res, struct error *err);
/* Fills err with the database, the purpose and words of our own. Returns false. */
bool postgres_report_error(struct postgres_destination *dest, const char *purpose,
                           struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Asks the server to end what it does for us. */
void postgres_cancel(struct postgres_destination *dest);
/* Closes the connection; without one it does nothing. */
void postgres_disconnect(struct postgres_destination *dest);

/* The instant (clock_ms) at which a statement that begins now has taken too long. */
int64_t postgres_deadline(const struct postgres_destination *dest);
/* Waits until the socket has one of `events` (POLLIN, POLLOUT). */
bool postgres_wait(struct postgres_destination *dest, const char *purpose, short events,
                   int64_t deadline, struct error *err);

/* Runs one statement with parameters, or with NULL several in a row, of which the last one's result
 * counts. The result is the caller's (RESULT_CLEAR); NULL on failure. */
PGresult *postgres_query(struct postgres_destination *dest, const char *purpose, const char *sql,
                         const struct parameters *parameters, struct error *err);
PGresult *postgres_query_values(struct postgres_destination *dest, const char *purpose,
                                const char *sql, int count, const char *const *values,
                                struct error *err);
/* The same for statements that return no rows. */
bool postgres_run(struct postgres_destination *dest, const char *purpose, const char *sql,
                  struct error *err);
bool postgres_run_counting(struct postgres_destination *dest, const char *purpose, const char *sql,
                           uint64_t *rows, struct error *err);
/* How many rows the statement of this result touched. */
uint64_t postgres_count_of(PGresult *res);

void postgres_clear(PGresult **res);
#define RESULT_CLEAR __attribute__((cleanup(postgres_clear)))

/* The two halves of a query. Sends what was asked; takes the results up to the last one, or up to a
 * COPY. */
bool postgres_send(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                   struct error *err);
PGresult *postgres_collect(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                           struct error *err);

#endif
