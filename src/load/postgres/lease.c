/* SPDX-License-Identifier: MIT */
/* The lease in PostgreSQL: one row for all tables, whose token only grows, and one for each range
 * of days that is held. The times are of the server's clock, because machines that run etl-sigos
 * may disagree about the time. */
#include "load/postgres/lease.h"

#include "load/lease_claim.h"
#include "load/postgres/client.h"
#include "load/postgres/transaction.h"

#include <stdlib.h>
#include <string.h>

#define NOW "floor(extract(epoch FROM clock_timestamp()))::bigint"

static const char purpose[] = "take the lease";

static const char *value_or(const PGresult *res, int row, int column, const char *otherwise)
{
    return PQgetisnull(res, row, column) ? otherwise : PQgetvalue(res, row, column);
}

/* Takes away what a dead run holds, unless it was renewed since it was read: *done is false then.
 */
static bool forget_days(struct postgres_destination *dest, const struct lease_row *row, bool *done,
                        struct error *err)
{
    struct parameters p = {0};

    parameter_text(&p, row->name);
    parameter_int(&p, row->token);
    parameter_int(&p, row->expires_at);
    RESULT_CLEAR PGresult *res = postgres_query(
        dest, purpose, "DELETE FROM etl_lease WHERE name = $1 AND token = $2 AND expires_at = $3",
        &p, err);
    if (res)
        *done = postgres_count_of(res) == 1;
    return res != NULL;
}

/* The row of all tables, which has the last token that was given. */
struct found {
    int64_t token, expires_at;
};

static bool take_row(struct postgres_destination *dest, const struct lease *lease,
                     const struct lease_row *row, struct found *out, bool *free, struct error *err)
{
    const enum lease_verdict verdict = lease_judge(lease, row);
    const bool all = strcmp(row->name, LEASE_ALL) == 0;

    if (all)
        *out = (struct found){row->token, row->expires_at};
    if (verdict == LEASE_HELD)
        return lease_refuse(row, err);
    return verdict != LEASE_DEAD || all || forget_days(dest, row, free, err);
}

/* Fails if another run that lives holds something of the lease; takes away what dead ones hold of
 * it. *free is false if one of them lives after all. This run may hold it already if the answer to
 * a COMMIT was lost. */
static bool clear_way(struct postgres_destination *dest, const struct lease *lease,
                      struct found *out, bool *free, struct error *err)
{
    RESULT_CLEAR PGresult *res = postgres_query(
        dest, "read the lease",
        "SELECT name, token, expires_at, run_id, holder, taken_at, expires_at <= " NOW
        " FROM etl_lease",
        NULL, err);
    bool ok = res != NULL;

    *out = (struct found){0};
    *free = true;
    for (int i = 0; ok && *free && i < PQntuples(res); i++) {
        const struct lease_row row = {
            .name = PQgetvalue(res, i, 0),
            .token = strtoll(PQgetvalue(res, i, 1), NULL, 10),
            .expires_at = strtoll(PQgetvalue(res, i, 2), NULL, 10),
            .run_id = value_or(res, i, 3, NULL),
            .holder = value_or(res, i, 4, "?"),
            .taken_at = value_or(res, i, 5, "?"),
            .expired = *PQgetvalue(res, i, 6) == 't',
        };
        ok = take_row(dest, lease, &row, out, free, err);
    }
    return ok;
}

static void parameters_of(struct parameters *p, const struct lease *lease, int64_t token)
{
    parameter_int(p, token);
    parameter_text(p, lease->run_id);
    parameter_text(p, lease->holder);
    parameter_instant(p, clock_now());
    parameter_int(p, lease->seconds);
}

/* Writes the row of all tables if it is still as it was read: every lease begins so, so of two runs
 * that found the way free one does not get it, and *taken is false. A lease of some days only takes
 * the next token from it. */
static bool write_all(struct postgres_destination *dest, const struct lease *lease,
                      struct found found, bool *taken, struct error *err)
{
    const struct lease nobody = {.run_id = NULL, .holder = NULL};
    struct parameters p = {0};

    parameters_of(&p, lease_is_for_all(lease) ? lease : &nobody, found.token + 1);
    parameter_int(&p, found.token);
    parameter_int(&p, found.expires_at);
    RESULT_CLEAR PGresult *res = postgres_query(
        dest, purpose,
        "INSERT INTO etl_lease AS l (name, token, run_id, holder, taken_at, expires_at)"
        " VALUES ('" LEASE_ALL
        "', $1, $2::text, $3, $4, CASE WHEN $2::text IS NULL THEN 0 ELSE " NOW " + $5 END)"
        " ON CONFLICT (name) DO UPDATE SET token = excluded.token, run_id = excluded.run_id,"
        " holder = excluded.holder, taken_at = excluded.taken_at,"
        " expires_at = excluded.expires_at"
        " WHERE l.token = $6 AND l.expires_at = $7",
        &p, err);
    if (res)
        *taken = postgres_count_of(res) == 1;
    return res != NULL;
}

static bool write_days(struct postgres_destination *dest, const struct lease *lease, int64_t token,
                       struct error *err)
{
    struct parameters p = {0};

    parameters_of(&p, lease, token);
    parameter_text(&p, lease_name(lease));
    RESULT_CLEAR PGresult *res = postgres_query(
        dest, purpose,
        "INSERT INTO etl_lease AS l (name, token, run_id, holder, taken_at, expires_at)"
        " VALUES ($6, $1, $2, $3, $4, " NOW " + $5)"
        " ON CONFLICT (name) DO UPDATE SET token = excluded.token, taken_at = excluded.taken_at,"
        " holder = excluded.holder, expires_at = excluded.expires_at"
        " WHERE l.run_id = excluded.run_id",
        &p, err);
    return res != NULL;
}

/* What was written in a try that failed stays in the transaction: a dead run's lease that is gone,
 * a token that nobody uses. */
static bool write_lease(struct postgres_destination *dest, const struct lease *lease,
                        int64_t *token, struct error *err)
{
    struct found found;
    bool free, taken = false;

    while (!taken) { /* each further try finds a newer lease: held, or expired again */
        if (!clear_way(dest, lease, &found, &free, err) ||
            (free && !write_all(dest, lease, found, &taken, err)))
            return false;
    }
    *token = found.token + 1;
    return lease_is_for_all(lease) || write_days(dest, lease, *token, err);
}

static bool confirm_lease(struct postgres_destination *dest, const struct lease *lease,
                          int64_t token, struct error *err)
{
    struct parameters p = {0};
    const struct commit_proof proof = {"SELECT 1 FROM etl_lease WHERE token = $1 AND run_id = $2",
                                       &p};

    parameter_int(&p, token);
    parameter_text(&p, lease->run_id);
    return postgres_transaction_commit(dest, purpose, &proof, err);
}

bool postgres_take_lease(struct destination *base, const struct lease *lease, int64_t *token,
                         struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    int64_t taken;

    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, purpose, ANY_WRITER, NULL, NULL, err))
        return false;
    const bool ok = write_lease(dest, lease, &taken, err) && confirm_lease(dest, lease, taken, err);
    postgres_transaction_rollback(dest);
    if (ok)
        *token = taken;
    return ok;
}

bool postgres_renew_lease(struct destination *base, struct error *err)
{
    struct parameters p = {0};

    parameter_int(&p, base->lease.seconds);
    parameter_text(&p, lease_name(&base->lease));
    parameter_int(&p, base->token);
    RESULT_CLEAR PGresult *res = postgres_query(
        postgres_of(base), "renew the lease",
        "UPDATE etl_lease SET expires_at = " NOW " + $1 WHERE name = $2 AND token = $3", &p, err);
    if (!res)
        return false;
    return postgres_count_of(res) == 1 || lease_lost(err);
}

bool postgres_keep_lease(struct destination *base, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);

    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, "renew the lease", ANY_WRITER, NULL, NULL, err))
        return false;
    bool ok = postgres_renew_lease(base, err) &&
              postgres_transaction_commit(dest, "renew the lease", NULL, err);
    postgres_transaction_rollback(dest);
    return ok;
}

bool postgres_release_lease(struct destination *base, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    struct parameters p = {0};

    parameter_text(&p, lease_name(&base->lease));
    parameter_int(&p, base->token);
    dest->heed_stop = false;
    return postgres_write_one(
        dest, "release the lease",
        lease_is_for_all(&base->lease)
            ? "UPDATE etl_lease SET run_id = NULL, holder = NULL, expires_at = 0"
              " WHERE name = $1 AND token = $2"
            : "DELETE FROM etl_lease WHERE name = $1 AND token = $2",
        &p, NULL, err);
}
