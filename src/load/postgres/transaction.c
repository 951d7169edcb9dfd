/* SPDX-License-Identifier: MIT */
/* Transactions: their settings, the lock of the only writer, and commits whose answer was lost. */
#include "load/postgres/transaction.h"

#include "base/stop.h"
#include "load/postgres/connection.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum {
    SQL_MAX = 64 * 1024,
    RETRY_MS = 250, /* between two tries to reach a server that may be starting */
};

/* "ETLSIGOS": the key of the advisory lock that makes a transaction the only writer of a
 * database. */
#define WRITER_KEY INT64_C(0x45544C5349474F53)

/*
 * Settings that a role or a database may have changed, and that would change what this program's
 * statements mean or how answers are written:
 *
 * - array_nulls: off would turn a NULL within an array into the text 'NULL';
 * - quote_all_identifiers: on would put types and columns that the catalog names in quotes;
 * - standard_conforming_strings, transform_null_equals: change what a statement means;
 * - client_encoding: is set on connecting, but a pooler's connection may be another client's;
 * - datestyle, extra_float_digits: how days, instants and numbers are written in answers;
 * - synchronous_commit: with off a crash could lose windows that a run reported as loaded;
 * - transaction_timeout (since PostgreSQL 17): a limit that is meant for people's sessions.
 *
 * Left alone: what only a superuser may set (lc_messages, session_replication_role: nothing here
 * depends on them); search_path, which says where the tables are; and
 * default_transaction_read_only, with which a server protects a full disk.
 */
static const char settings[] = " SET LOCAL array_nulls = on;"
                               " SET LOCAL quote_all_identifiers = off;"
                               " SET LOCAL standard_conforming_strings = on;"
                               " SET LOCAL transform_null_equals = off;"
                               " SET LOCAL client_encoding = 'UTF8';"
                               " SET LOCAL datestyle = 'ISO, YMD';"
                               " SET LOCAL extra_float_digits = 1;"
                               " SELECT set_config('synchronous_commit', 'on', true)"
                               "  WHERE current_setting('synchronous_commit') = 'off';"
                               " SELECT set_config('transaction_timeout', '0', true)"
                               "  WHERE current_setting('transaction_timeout', true) IS NOT NULL;";

/* Adds the statements that begin a transaction. The level of a writer is READ COMMITTED, whatever
 * the database's default is: what is read after the wait for another writer must show what that
 * writer wrote. A reader of one state waits for no lock longer than a change of a table does
 * (timeouts.reshape): with it a person waits for a page. The settings are SET LOCAL, so that a
 * pooler's connection does not keep them for its next client.
 *
 * A writer must see every row. With row_security off, a policy that would hide rows is an error;
 * otherwise the answer would be shorter, and the comparison would take the hidden rows for rows
 * that are gone. A reader sees what its policies show. */
static void add_begin(struct buf *sql, const struct postgres_destination *dest, enum writer writer)
{
    const struct postgres_timeouts *timeouts = &dest->timeouts;
    const bool reader = writer == ONE_STATE_READER, read_only = dest->read_only || reader;

    buf_addf(sql,
             "BEGIN ISOLATION LEVEL %s%s;"
             " SET LOCAL statement_timeout = %" PRId64 ";"
             " SET LOCAL lock_timeout = %" PRId64 ";"
             " SET LOCAL idle_in_transaction_session_timeout = %" PRId64 ";",
             reader ? "REPEATABLE READ" : "READ COMMITTED", read_only ? " READ ONLY" : "",
             reader ? dest->read_timeout : timeouts->statement,
             reader ? timeouts->reshape : timeouts->lock, timeouts->idle);
    if (!read_only)
        buf_add_text(sql, " SET LOCAL row_security = off;");
    /* A page asks many small questions; starting workers or compiling takes longer than most. */
    if (reader)
        buf_add_text(sql, " SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off;");
    buf_add_text(sql, settings);
    if (writer == ONLY_WRITER)
        buf_addf(sql, " SELECT pg_advisory_xact_lock(%" PRId64 ");", WRITER_KEY);
}

/* Closes a connection that the server ended while no statement was running. */
static void drop_dead_connection(struct postgres_destination *dest)
{
    if (!dest->conn)
        return;
    PQconsumeInput(dest->conn);
    if (PQstatus(dest->conn) == CONNECTION_BAD)
        postgres_disconnect(dest);
}

/* A connection that fails on BEGIN is replaced, and the statements are sent once more: nothing was
 * written yet. */
bool postgres_transaction_begin(struct postgres_destination *dest, const char *purpose,
                                enum writer writer, const char *query, PGresult **out,
                                struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    PGresult *res = NULL;
    bool retry;

    add_begin(&sql, dest, writer);
    if (query)
        buf_add_text(&sql, query);
    drop_dead_connection(dest);
    do {
        const bool was_connected = dest->conn != NULL;
        if (!was_connected && !postgres_connect(dest, err))
            return false;
        res = postgres_query(dest, purpose, buf_text(&sql), NULL, err);
        retry = !res && was_connected && !dest->conn && err->kind == ERROR_DATABASE;
    } while (retry);
    if (!res) {
        postgres_transaction_rollback(dest);
        return false;
    }
    if (out)
        *out = res;
    else
        PQclear(res);
    return true;
}

bool postgres_shorten_lock_wait(struct postgres_destination *dest, struct error *err)
{
    char sql[64];

    snprintf(sql, sizeof(sql), "SET LOCAL lock_timeout = %" PRId64, dest->timeouts.reshape);
    return postgres_run(dest, "begin to change a table", sql, err);
}

/* Closes the connection unless it is idle or ROLLBACK succeeds; the server then rolls back. */
void postgres_transaction_rollback(struct postgres_destination *dest)
{
    struct error err;
    const bool heeded_stop = dest->heed_stop;

    if (!dest->conn)
        return;
    const PGTransactionStatusType status = PQtransactionStatus(dest->conn);
    dest->heed_stop = false;
    if (status != PQTRANS_IDLE && ((status != PQTRANS_INTRANS && status != PQTRANS_INERROR) ||
                                   !postgres_run(dest, "roll back", "ROLLBACK", &err)))
        postgres_disconnect(dest);
    dest->heed_stop = heeded_stop;
}

static bool run_commit_proof(struct postgres_destination *dest, const char *purpose,
                             const struct commit_proof *proof, bool *found, struct error *err)
{
    /* The lost transaction may still be running. The only writer waits for its end. */
    if (!postgres_transaction_begin(dest, purpose, ONLY_WRITER, NULL, NULL, err))
        return false;
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, proof->sql, proof->parameters, err);
    if (res)
        *found = PQntuples(res) > 0;
    postgres_transaction_rollback(dest);
    return res != NULL;
}

/* Waits RETRY_MS, or until a signal to stop comes, and sets *stopped. With *stopped set already it
 * waits the whole time. */
static void wait_to_retry(bool *stopped)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};

    poll(&stop, *stopped ? 0 : 1, RETRY_MS);
    *stopped = stop_signal() != 0;
}

/* Finds out whether a commit whose answer was lost took effect; err holds how it was lost. A signal
 * to stop does not end the search but shortens its deadline to `closing`. */
static bool resolve_commit(struct postgres_destination *dest, const char *purpose,
                           const struct commit_proof *proof, struct error *err)
{
    bool stopped = stop_signal() != 0;
    int64_t deadline = clock_ms() + (stopped ? dest->timeouts.closing : dest->timeouts.resolve);
    struct error unreached;
    bool found = false;

    while (!run_commit_proof(dest, purpose, proof, &found, &unreached)) {
        if (!unreached.transient || clock_ms() >= deadline) {
            error_context(err, "the answer to COMMIT was lost, and whether the database took it is "
                               "unknown");
            return error_mark_transient(err);
        }
        const bool was_stopped = stopped;
        wait_to_retry(&stopped);
        if (stopped && !was_stopped && deadline > clock_ms() + dest->timeouts.closing)
            deadline = clock_ms() + dest->timeouts.closing;
    }
    if (found)
        return true;
    error_context(err, "the answer to COMMIT was lost, and the database did not take it");
    return error_mark_transient(err);
}

bool postgres_transaction_commit(struct postgres_destination *dest, const char *purpose,
                                 const struct commit_proof *proof, struct error *err)
{
    struct error lost;

    dest->heed_stop = false; /* a signal no longer ends waits: the outcome must become known */
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, "COMMIT", NULL, &lost);
    if (!res) {
        const bool known = (!dest->conn && proof) && resolve_commit(dest, purpose, proof, &lost);
        if (!known)
            *err = lost;
        return known;
    }
    /* COMMIT of a failed transaction rolls it back and reports success. */
    if (strcmp(PQcmdStatus(res), "COMMIT") != 0)
        return postgres_report_error(dest, purpose, err,
                                     "the database rolled the transaction back");
    return true;
}

bool postgres_write_one(struct postgres_destination *dest, const char *purpose, const char *sql,
                        const struct parameters *p, const struct commit_proof *proof,
                        struct error *err)
{
    if (!postgres_transaction_begin(dest, purpose, ANY_WRITER, NULL, NULL, err))
        return false;
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, sql, p, err);
    bool ok = res != NULL;
    if (ok && postgres_count_of(res) != 1)
        ok = postgres_report_error(dest, purpose, err, "%s rows instead of one", PQcmdTuples(res));
    ok = ok && postgres_transaction_commit(dest, purpose, proof, err);
    postgres_transaction_rollback(dest);
    return ok;
}
