/* SPDX-License-Identifier: MIT */
/* Transactions: what holds for each of them, one writer at a time, and commits in doubt. */
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

/* "ETLSIGOS": the key of the advisory lock that the only writer of a database holds. */
#define WRITER_KEY INT64_C(0x45544C5349474F53)

/*
 * Sets what a role or a database may have set otherwise, and what would change the meaning of our
 * statements or how answers are written:
 *
 * - array_nulls: a NULL within an array would become the text 'NULL';
 * - quote_all_identifiers: the catalog would name types and columns in quotes;
 * - standard_conforming_strings, transform_null_equals: what is written in a statement;
 * - client_encoding: asked for when connecting, but a pooler's connection may be somebody else's;
 * - datestyle, extra_float_digits: how days, instants and seconds come back;
 * - synchronous_commit: off would let a crash take back what a run told that it loaded;
 * - transaction_timeout, which exists since PostgreSQL 17: for people, as statement_timeout is.
 *
 * Left alone: what only a superuser may set (lc_messages, session_replication_role: nothing here
 * depends on them), search_path, which says where the tables are, and
 * default_transaction_read_only, by which a server protects a disk that is full.
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

/* READ COMMITTED, whatever the database's default is: what is read after the wait for another
 * writer must show what that one wrote. Settings are the transaction's own, so that nothing is left
 * behind on a connection that a pooler gives to somebody else.
 *
 * A writer must see every row: with row_security off a policy that would hide some is an error and
 * not a shorter answer, which the comparison would take for rows that are gone. A reader may be
 * somebody whom a policy shows what he may see. */
static void add_begin(struct buf *sql, const struct postgres_destination *dest, enum writer writer)
{
    const struct postgres_timeouts *timeouts = &dest->timeouts;

    buf_addf(sql,
             "BEGIN ISOLATION LEVEL READ COMMITTED%s;"
             " SET LOCAL statement_timeout = %" PRId64 ";"
             " SET LOCAL lock_timeout = %" PRId64 ";"
             " SET LOCAL idle_in_transaction_session_timeout = %" PRId64 ";",
             dest->read_only ? " READ ONLY" : "", timeouts->statement, timeouts->lock,
             timeouts->idle);
    if (!dest->read_only)
        buf_add_text(sql, " SET LOCAL row_security = off;");
    buf_add_text(sql, settings);
    if (writer == ONLY_WRITER)
        buf_addf(sql, " SELECT pg_advisory_xact_lock(%" PRId64 ");", WRITER_KEY);
}

/* An end of the connection that came while we asked nothing. */
static void notice_the_end(struct postgres_destination *dest)
{
    if (!dest->conn)
        return;
    PQconsumeInput(dest->conn);
    if (PQstatus(dest->conn) == CONNECTION_BAD)
        postgres_disconnect(dest);
}

/* Nothing was written before a transaction begins, so a connection that dies on it is replaced and
 * the question repeated, once. */
bool postgres_transaction_begin(struct postgres_destination *dest, const char *purpose,
                                enum writer writer, const char *look, PGresult **out,
                                struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    PGresult *res = NULL;
    bool again;

    add_begin(&sql, dest, writer);
    if (look)
        buf_add_text(&sql, look);
    notice_the_end(dest);
    do {
        const bool old = dest->conn != NULL;
        if (!old && !postgres_connect(dest, err))
            return false;
        res = postgres_query(dest, purpose, buf_text(&sql), NULL, err);
        again = !res && old && !dest->conn && err->kind == ERROR_DATABASE;
    } while (again);
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

/* A connection that is not simply waiting for us is closed, and the server rolls back. */
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

static bool look_for_proof(struct postgres_destination *dest, const char *purpose,
                           const struct commit_proof *proof, bool *found, struct error *err)
{
    /* As the only writer: the lost transaction may be at work still, and this waits for its end. */
    if (!postgres_transaction_begin(dest, purpose, ONLY_WRITER, NULL, NULL, err))
        return false;
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, proof->sql, proof->parameters, err);
    if (res)
        *found = PQntuples(res) > 0;
    postgres_transaction_rollback(dest);
    return res != NULL;
}

/* Until the next try, or until a signal to stop comes, which *stopped tells; one that came before
 * does not end the wait. */
static void wait_to_retry(bool *stopped)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};

    poll(&stop, *stopped ? 0 : 1, RETRY_MS);
    *stopped = stop_signal() != 0;
}

/* After a commit whose answer was lost; err tells how. A signal to stop does not end this, because
 * to know is worth more, but it brings the deadline near. */
static bool resolve_commit(struct postgres_destination *dest, const char *purpose,
                           const struct commit_proof *proof, struct error *err)
{
    bool stopped = stop_signal() != 0;
    int64_t deadline = clock_ms() + (stopped ? dest->timeouts.closing : dest->timeouts.resolve);
    struct error unreached;
    bool found = false;

    while (!look_for_proof(dest, purpose, proof, &found, &unreached)) {
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

    dest->heed_stop = false; /* from here on the outcome matters more */
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, "COMMIT", NULL, &lost);
    if (!res) {
        const bool known = (!dest->conn && proof) && resolve_commit(dest, purpose, proof, &lost);
        if (!known)
            *err = lost;
        return known;
    }
    /* A transaction that failed before is rolled back by COMMIT, which calls that a success. */
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
