/* SPDX-License-Identifier: MIT */
/* Writes the parameters of statements, sends statements and reads their results on a non-blocking
 * connection, and reports what fails. */
#include "load/postgres/client.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/stop.h"
#include "load/postgres/failure.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *keep(struct parameters *p, const char *text)
{
    assert(p->count < (int)(sizeof(p->values) / sizeof(*p->values)));
    return p->values[p->count++] = text;
}

void parameter_text(struct parameters *p, const char *text)
{
    keep(p, text);
}

void parameter_int(struct parameters *p, int64_t number)
{
    char *text = p->texts[p->count];

    snprintf(text, sizeof(*p->texts), "%" PRId64, number);
    keep(p, text);
}

void parameter_count(struct parameters *p, uint64_t number)
{
    parameter_int(p, (int64_t)number);
}

void parameter_real(struct parameters *p, double number)
{
    char *text = p->texts[p->count];

    snprintf(text, sizeof(*p->texts), "%.17g", number);
    keep(p, text);
}

void parameter_day(struct parameters *p, int32_t day)
{
    keep(p, date_format_iso(day, p->texts[p->count]));
}

void parameter_instant(struct parameters *p, time_t when)
{
    keep(p, clock_format_zoned(when, p->texts[p->count]));
}

struct postgres_destination *postgres_of(struct destination *dest)
{
    return (struct postgres_destination *)dest;
}

/* The end of a connection */

void postgres_cancel(struct postgres_destination *dest)
{
    char words[256];

    if (PQtransactionStatus(dest->conn) != PQTRANS_ACTIVE)
        return;
    PGcancel *cancel = PQgetCancel(dest->conn);
    if (cancel)
        PQcancel(cancel, words, sizeof(words));
    PQfreeCancel(cancel);
}

void postgres_disconnect(struct postgres_destination *dest)
{
    PQfinish(dest->conn);
    dest->conn = NULL;
}

/* Failures */

/* Whether libpq wrote the line for a person at a terminal (details, source location), or about a
 * socket that this program closed itself. */
static bool is_chatter(const char *line)
{
    static const char *const chatter[] = {"\t", "LOCATION:", "invalid socket"};

    for (size_t i = 0; i < sizeof(chatter) / sizeof(*chatter); i++)
        if (strncmp(line, chatter[i], strlen(chatter[i])) == 0)
            return true;
    return false;
}

/* Adds libpq's lines as one line, without chatter. libpq writes a message for each address that it
 * tried. */
static void add_words(struct buf *out, const char *words)
{
    while (*words) {
        const size_t len = strcspn(words, "\n");
        if (len && !is_chatter(words)) {
            if (out->len)
                buf_add_text(out, "; ");
            buf_add(out, words, len);
        }
        words += len + (words[len] == '\n');
    }
}

static bool report_error(struct postgres_destination *dest, const char *purpose, const char *words,
                         const char *sqlstate, struct error *err)
{
    BUF_DONE struct buf line = BUF_INIT(sizeof(err->message));
    const struct postgres_failure failure = postgres_failure_of(sqlstate, words);

    snprintf(dest->sqlstate, sizeof(dest->sqlstate), "%s", sqlstate ? sqlstate : "");
    add_words(&line, words);
    error_set(err, ERROR_DATABASE, "%s: %s: %s%s%s%s", dest->name, purpose, buf_text(&line),
              failure.hint ? " (" : "", failure.hint ? failure.hint : "", failure.hint ? ")" : "");
    if (failure.transient)
        error_mark_transient(err);
    if (PQstatus(dest->conn) == CONNECTION_BAD)
        postgres_disconnect(dest);
    return false;
}

/* Uses only the primary part of the server's message, because the other parts quote contents of
 * rows. */
bool postgres_report_failure(struct postgres_destination *dest, const char *purpose,
                             const PGresult *res, struct error *err)
{
    char state[SQLSTATE_SIZE];
    const char *words = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;

    if (words)
        return report_error(dest, purpose, words, PQresultErrorField(res, PG_DIAG_SQLSTATE), err);
    words = PQerrorMessage(dest->conn);
    return report_error(dest, purpose, words, postgres_failure_state(words, state) ? state : NULL,
                        err);
}

bool postgres_report_error(struct postgres_destination *dest, const char *purpose,
                           struct error *err, const char *format, ...)
{
    char words[sizeof(err->message)];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    dest->sqlstate[0] = '\0';
    return error_set(err, ERROR_DATABASE, "%s: %s: %s", dest->name, purpose, words);
}

/* Waits */

int64_t postgres_deadline(const struct postgres_destination *dest)
{
    const struct postgres_timeouts *timeouts = &dest->timeouts;
    const bool closing = !dest->heed_stop && stop_signal();
    const int64_t limit = dest->read_timeout ? dest->read_timeout : timeouts->statement;

    return clock_ms() + (closing ? timeouts->closing : limit + timeouts->answer);
}

/* Ends a wait and closes the connection. On a signal the server is asked to cancel first, because
 * it would work on until it has something to send. After a deadline no cancel is sent: the server's
 * own limit (statement_timeout) was shorter and should have ended the statement. */
static bool give_up(struct postgres_destination *dest, const char *purpose, struct error *err)
{
    const bool stopped = dest->heed_stop && !stop_check(err);

    if (stopped)
        postgres_cancel(dest);
    postgres_disconnect(dest);
    if (stopped)
        return error_context(err, "%s: %s", dest->name, purpose);
    postgres_report_error(dest, purpose, err, "the server did not answer in time");
    return error_mark_transient(err);
}

bool postgres_wait(struct postgres_destination *dest, const char *purpose, short events,
                   int64_t deadline, struct error *err)
{
    for (;;) {
        struct pollfd fds[] = {
            {.fd = PQsocket(dest->conn), .events = events},
            {.fd = dest->heed_stop ? stop_fd() : -1, .events = POLLIN},
        };
        const int64_t left = deadline - clock_ms();
        if (left <= 0 || (dest->heed_stop && stop_signal()))
            return give_up(dest, purpose, err);
        const int ready = poll(fds, 2, left < INT_MAX ? (int)left : INT_MAX);
        if (ready < 0 && errno != EINTR)
            return error_set_errno(err, ERROR_SYSTEM, "%s: %s: poll", dest->name, purpose);
        if (ready > 0 && fds[0].revents)
            return true;
    }
}

/* A connection that breaks while sending is no failure here. The read that follows reports it,
 * perhaps with the server's own message. */
bool postgres_send(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                   struct error *err)
{
    while (PQflush(dest->conn) > 0) {
        if (!postgres_wait(dest, purpose, POLLIN | POLLOUT, deadline, err))
            return false;
        PQconsumeInput(dest->conn); /* the server may stop reading until this program reads */
    }
    return true;
}

static bool next_result(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                        PGresult **out, struct error *err)
{
    while (PQisBusy(dest->conn)) {
        if (!postgres_wait(dest, purpose, POLLIN, deadline, err))
            return false;
        if (!PQconsumeInput(dest->conn))
            break;
    }
    *out = PQgetResult(dest->conn);
    return true;
}

static bool is_copy(ExecStatusType status)
{
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
}

/* Returns the first failure's error, or else the last result. Reads the results after a failure
 * too, because libpq accepts the next statement only after the last one. */
PGresult *postgres_collect(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                           struct error *err)
{
    PGresult *kept = NULL, *res;
    bool failed = false;

    while (!kept || !is_copy(PQresultStatus(kept))) {
        if (!next_result(dest, purpose, deadline, &res, err)) {
            PQclear(kept);
            return NULL;
        }
        if (!res)
            break;
        if (failed) {
            PQclear(res);
            continue;
        }
        PQclear(kept);
        kept = res;
        const ExecStatusType status = PQresultStatus(res);
        failed = status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !is_copy(status);
    }
    if (kept && !failed)
        return kept;
    postgres_report_failure(dest, purpose, kept, err);
    PQclear(kept);
    return NULL;
}

/* Statements */

static bool send_statement(PGconn *conn, const char *sql, int count, const char *const *values)
{
    if (!values)
        return PQsendQuery(conn, sql);
    return PQsendQueryParams(conn, sql, count, NULL, values, NULL, NULL, 0);
}

/* Whether the statement is on its way: libpq has it, though perhaps not the server. */
static bool start_statement(struct postgres_destination *dest, const char *purpose, const char *sql,
                            int count, const char *const *values, struct error *err)
{
    if (!dest->conn) {
        postgres_report_error(dest, purpose, err,
                              "the connection was lost, and its transaction is gone");
        return error_mark_transient(err);
    }
    return send_statement(dest->conn, sql, count, values) ||
           postgres_report_failure(dest, purpose, NULL, err);
}

PGresult *postgres_query_values(struct postgres_destination *dest, const char *purpose,
                                const char *sql, int count, const char *const *values,
                                struct error *err)
{
    const int64_t deadline = postgres_deadline(dest);

    if (!start_statement(dest, purpose, sql, count, values, err))
        return NULL;
    return postgres_send(dest, purpose, deadline, err)
               ? postgres_collect(dest, purpose, deadline, err)
               : NULL;
}

PGresult *postgres_query(struct postgres_destination *dest, const char *purpose, const char *sql,
                         const struct parameters *parameters, struct error *err)
{
    return postgres_query_values(dest, purpose, sql, parameters ? parameters->count : 0,
                                 parameters ? parameters->values : NULL, err);
}

/* Hands over the rows of the results up to the last one. After a failure the rest is read and
 * dropped, because libpq accepts the next statement only after the last result. */
static bool hand_over(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                      postgres_row *row, void *arg, struct error *err)
{
    struct error unused;
    bool ok = true;

    for (;;) {
        PGresult *res = NULL;
        if (!next_result(dest, purpose, deadline, &res, ok ? err : &unused))
            return false;
        if (!res)
            return ok;
        const ExecStatusType status = PQresultStatus(res);
        if (ok && status == PGRES_SINGLE_TUPLE) {
            ok = row(arg, res, err);
            if (!ok)
                postgres_cancel(dest);
        } else if (ok && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            ok = postgres_report_failure(dest, purpose, res, err);
        }
        PQclear(res);
        if (!dest->conn)
            return false;
    }
}

bool postgres_stream(struct postgres_destination *dest, const char *purpose, const char *sql,
                     int count, const char *const *values, postgres_row *row, void *arg,
                     struct error *err)
{
    const int64_t deadline = postgres_deadline(dest);

    if (!start_statement(dest, purpose, sql, count, values, err))
        return false;
    PQsetSingleRowMode(dest->conn);
    return postgres_send(dest, purpose, deadline, err) &&
           hand_over(dest, purpose, deadline, row, arg, err);
}

void postgres_clear(PGresult **res)
{
    PQclear(*res);
    *res = NULL;
}

uint64_t postgres_count_of(PGresult *res)
{
    return strtoull(PQcmdTuples(res), NULL, 10);
}

bool postgres_run_counting(struct postgres_destination *dest, const char *purpose, const char *sql,
                           uint64_t *rows, struct error *err)
{
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, sql, NULL, err);

    if (res)
        *rows = postgres_count_of(res);
    return res != NULL;
}

bool postgres_run(struct postgres_destination *dest, const char *purpose, const char *sql,
                  struct error *err)
{
    uint64_t rows;

    return postgres_run_counting(dest, purpose, sql, &rows, err);
}
