/* SPDX-License-Identifier: MIT */
/* Runs SELECTs and hands over their rows as the same texts that SQLite has. */
#include "load/postgres/query.h"

#include "base/mem.h"
#include "load/postgres/client.h"
#include "load/postgres/transaction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char purpose[] = "read the ledger";

enum { TYPE_INSTANT = 1184 }; /* the oid of timestamptz */

/* Turns "2026-11-23 18:30:01-03" into "2026-11-23T18:30:01-03:00", the form of base/clock.h. */
static struct cell format_instant(const char *text, size_t len, char out[CLOCK_STAMP_SIZE])
{
    const bool hours_only = len > 3 && (text[len - 3] == '-' || text[len - 3] == '+');

    snprintf(out, CLOCK_STAMP_SIZE, "%s%s", text, hours_only ? ":00" : "");
    out[10] = 'T';
    return (struct cell){.text = out, .len = strlen(out)};
}

/* Where the rows of a query go. */
struct receiver {
    destination_row *row;
    void *arg;
    struct cell *cells; /* one for each column; NULL before the first row */
    char (*stamps)[CLOCK_STAMP_SIZE];
};

static void take_cells(const PGresult *res, int row, struct cell *cells,
                       char (*stamps)[CLOCK_STAMP_SIZE])
{
    for (int i = 0; i < PQnfields(res); i++) {
        const char *text = PQgetvalue(res, row, i);
        const size_t len = (size_t)PQgetlength(res, row, i);
        if (PQgetisnull(res, row, i))
            cells[i] = (struct cell){0};
        else if (PQftype(res, i) == TYPE_INSTANT && len > 10)
            cells[i] = format_instant(text, len, stamps[i]);
        else
            cells[i] = (struct cell){.text = text, .len = len};
    }
}

static bool take_row(struct receiver *to, const PGresult *res, int row, struct error *err)
{
    const size_t count = (size_t)PQnfields(res);

    if (!to->cells) {
        to->cells = mem_array(count, sizeof(*to->cells));
        to->stamps = mem_array(count, sizeof(*to->stamps));
    }
    take_cells(res, row, to->cells, to->stamps);
    return to->row(to->arg, to->cells, count, err);
}

static void receiver_done(struct receiver *receiver)
{
    free(receiver->cells);
    free(receiver->stamps);
}

static bool hand_over(const PGresult *res, struct receiver *to, struct error *err)
{
    bool ok = true;

    for (int i = 0; ok && i < PQntuples(res); i++)
        ok = take_row(to, res, i, err);
    return ok;
}

static bool take_single_row(void *arg, const PGresult *res, struct error *err)
{
    return take_row(arg, res, 0, err);
}

/* Sets the time zone of TZ for the transaction, so that days begin at midnight of the portal's zone
 * and not of the server's. */
static bool use_our_zone(struct postgres_destination *dest, struct error *err)
{
    const char *zone = getenv("TZ");
    struct parameters p = {0};

    if (!zone || !*zone || *zone == ':')
        return true;
    parameter_text(&p, zone);
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, purpose, "SELECT set_config('TimeZone', $1, true)", &p, err);
    return res != NULL;
}

/* The values of a query, in order, for $1, $2 and so on. */
struct values {
    const char *const *texts;
    size_t count;
};

static bool read_rows(struct postgres_destination *dest, const char *sql, struct values values,
                      struct receiver *to, struct error *err)
{
    if (!use_our_zone(dest, err))
        return false;
    RESULT_CLEAR PGresult *res =
        values.count
            ? postgres_query_values(dest, purpose, sql, (int)values.count, values.texts, err)
            : postgres_query(dest, purpose, sql, NULL, err);
    return res && hand_over(res, to, err);
}

/* Reads */

/* A failed statement ends the transaction up to its last savepoint. One is enough: rolled back to,
 * it is still there, and a read has nothing that it could lose. */
#define RESTORE_POINT "etl_read"

bool postgres_begin_read(struct destination *base, int timeout_ms, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);

    dest->heed_stop = true;
    dest->read_timeout = timeout_ms;
    if (postgres_transaction_begin(dest, "begin to read", ONE_STATE_READER, NULL, NULL, err)) {
        if (use_our_zone(dest, err) &&
            postgres_run(dest, "begin to read", "SAVEPOINT " RESTORE_POINT, err))
            return true;
        postgres_transaction_rollback(dest);
    }
    dest->read_timeout = 0;
    return false;
}

/* The limit, or a person, has ended the statement. */
static const char cancelled[] = "57014";

static bool read_in_read(struct postgres_destination *dest, const char *sql, struct values values,
                         struct receiver *to, struct error *err)
{
    struct error unused;

    dest->sqlstate[0] = '\0';
    if (postgres_stream(dest, "read", sql, (int)values.count, values.count ? values.texts : NULL,
                        take_single_row, to, err))
        return true;
    if (strcmp(dest->sqlstate, cancelled) == 0)
        error_mark_divisible(err);
    if (dest->conn && !postgres_run(dest, "go on after a failed query",
                                    "ROLLBACK TO SAVEPOINT " RESTORE_POINT, &unused))
        postgres_disconnect(dest);
    return false;
}

/* A read of one query. */
static bool read_once(struct postgres_destination *dest, const char *sql, struct values values,
                      struct receiver *to, struct error *err)
{
    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, purpose, ANY_WRITER, NULL, NULL, err))
        return false;
    const bool ok = read_rows(dest, sql, values, to, err);
    postgres_transaction_rollback(dest);
    return ok;
}

bool postgres_read_values(struct destination *base, const char *sql, const char *const *values,
                          size_t value_count, destination_row *row, void *arg, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    const struct values given = {values, value_count};
    struct receiver to = {.row = row, .arg = arg};

    const bool ok = base->reads                   ? read_in_read(dest, sql, given, &to, err)
                    : base->report || base->works ? read_rows(dest, sql, given, &to, err)
                                                  : read_once(dest, sql, given, &to, err);
    receiver_done(&to);
    return ok;
}

bool postgres_read(struct destination *base, const char *sql, destination_row *row, void *arg,
                   struct error *err)
{
    return postgres_read_values(base, sql, NULL, 0, row, arg, err);
}
