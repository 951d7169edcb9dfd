/*
 * The connection to ClickHouse, by HTTP with libcurl, and the statements on it: the base of all
 * files in this folder.
 *
 * Each statement is a request of its own; there is no session, and so nothing that a pooler or a
 * proxy between could mix up. The connection is kept and opened anew as needed. Every wait has a
 * deadline, and a signal to stop ends a statement a few seconds later.
 *
 * Functions fail with ERROR_DATABASE or with ERROR_STOPPED. The message of ERROR_DATABASE names the
 * database and the purpose; the error is transient if another try is worth it (failure.h).
 */
#ifndef LOAD_CLICKHOUSE_CLIENT_H
#define LOAD_CLICKHOUSE_CLIENT_H

#include "base/buf.h"
#include "base/error.h"
#include "load/clickhouse/address.h"
#include "model/encoded_row.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Time limits in milliseconds; tests make them shorter. */
struct clickhouse_timeouts {
    int64_t connect;
    int64_t statement;
    int64_t closing; /* for a statement after a signal to stop */
    int64_t readers; /* for the queries of others to end, before a compaction goes on */
};

struct clickhouse {
    struct clickhouse_address address;
    CURL *easy;           /* keeps the connection from statement to statement */
    struct buf settings;  /* "&name=value…", sent with every statement */
    int year, month;      /* of the server's version: 18.16 is {18, 16} */
    bool heed_stop;       /* whether a signal ends a statement */
    bool readonly;        /* whether the user's profile lets it neither write nor set anything */
    bool reads_only;      /* whether the connection is to read only */
    int64_t read_timeout; /* of a query of the open read, in milliseconds; 0: none is open */
    char *read_filter;    /* additional_table_filters of the open read, or NULL */
    uint64_t statements;  /* so many were sent: part of their ids */
    char session[17];     /* the rest of their ids */
    int code;             /* of the last failure, as failure.h has it */
    struct clickhouse_timeouts timeouts;
};

/* Makes a client for that address, which it owns from then on. Nothing is sent yet. */
void clickhouse_init(struct clickhouse *ch, struct clickhouse_address *address);
/* Makes a second client for the same server and database, with the same settings. */
void clickhouse_init_like(struct clickhouse *ch, const struct clickhouse *other);
void clickhouse_done(struct clickhouse *ch); /* accepts a zeroed one */

/* Adds a setting that is sent with every statement from now on. */
void clickhouse_set(struct clickhouse *ch, const char *name, const char *value);

/* Whether the server is of this version or newer. */
bool clickhouse_is_since(const struct clickhouse *ch, int year, int month);

/* Whether it has what a load on a server of 2018 does without: 24.3 or newer. */
bool clickhouse_is_modern(const struct clickhouse *ch);

/* Fills err (ERROR_DATABASE) with the database, the purpose and a message. Returns false. */
bool clickhouse_report_error(const struct clickhouse *ch, const char *purpose, struct error *err,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Returns the query_id of a statement, the value of ch->statements after it was sent; owned by the
 * caller. */
char *clickhouse_statement_id(const struct clickhouse *ch, uint64_t statement);

/* Runs one statement that gives no rows. */
bool clickhouse_run(struct clickhouse *ch, const char *purpose, const char *sql, struct error *err);

/* Runs a DDL statement here and, if the address names shards, on each of them. It must be one that
 * may be repeated, or adds a column: a shard may be the server itself. */
bool clickhouse_run_on_shards(struct clickhouse *ch, const char *purpose, const char *sql,
                              struct error *err);

/* Runs statements one after the other, each a request. One ends with a semicolon at the end of its
 * line; the last one needs none. */
bool clickhouse_run_all(struct clickhouse *ch, const char *purpose, const char *sql,
                        struct error *err);

/* Gets rows, one a call; the cells live until the call returns. */
typedef bool clickhouse_row(void *arg, const struct cell *cells, size_t count, struct error *err);

/* Runs a query (without FORMAT), with values for $1 and so on, and hands its rows over as they
 * come. Ends with the error of `row` if that fails. */
bool clickhouse_query(struct clickhouse *ch, const char *purpose, const char *sql,
                      const char *const *values, size_t value_count, clickhouse_row *row, void *arg,
                      struct error *err);

/* Runs a query that gives one row with one field, a number; 0 if there is no row. */
bool clickhouse_number(struct clickhouse *ch, const char *purpose, const char *sql, uint64_t *out,
                       struct error *err);

/* Gets the bytes of an answer as they come. */
typedef bool clickhouse_bytes(void *arg, const char *bytes, size_t len, struct error *err);

/* Runs a query that names its FORMAT, and hands over the answer's bytes. */
bool clickhouse_read(struct clickhouse *ch, const char *purpose, const char *sql,
                     clickhouse_bytes *take, void *arg, struct error *err);

/* Sends "INSERT INTO … FORMAT …" with the rows. Does nothing if there are none: a server of 2018
 * takes an empty body for a row that it cannot read. */
bool clickhouse_insert(struct clickhouse *ch, const char *purpose, const char *sql,
                       const struct buf *rows, struct error *err);

#endif
