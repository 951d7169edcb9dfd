/* SPDX-License-Identifier: MIT */
/* The lease in PostgreSQL: one row with a token that only grows. Its times are of the server's
 * clock, because machines that run etl-sigos may disagree about the time. */
#include "load/postgres/lease.h"

#include "load/postgres/client.h"
#include "load/postgres/transaction.h"

#include <stdlib.h>
#include <string.h>

#define NOW "floor(extract(epoch FROM clock_timestamp()))::bigint"

static const char *value_or(const PGresult *res, int column, const char *otherwise)
{
    return PQgetisnull(res, 0, column) ? otherwise : PQgetvalue(res, 0, column);
}

/* The lease as it was read. */
struct found {
    int64_t token, expires_at;
};

/* Reads the lease; fails if another run holds it. This run may hold it already if the answer to a
 * COMMIT was lost. */
static bool read_lease(struct postgres_destination *dest, const struct lease *lease,
                       struct found *out, struct error *err)
{
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, "read the lease",
                       "SELECT token, expires_at, run_id, holder, taken_at, expires_at <= " NOW
                       " FROM etl_lease WHERE name = 'writer'",
                       NULL, err);
    char until[CLOCK_STAMP_SIZE];

    if (!res)
        return false;
    *out = (struct found){0};
    if (PQntuples(res) == 0)
        return true;
    *out = (struct found){.token = strtoll(PQgetvalue(res, 0, 0), NULL, 10),
                          .expires_at = strtoll(PQgetvalue(res, 0, 1), NULL, 10)};
    if (PQgetisnull(res, 0, 2) || strcmp(PQgetvalue(res, 0, 2), lease->run_id) == 0 ||
        *PQgetvalue(res, 0, 5) == 't' || (lease->is_dead && lease->is_dead(value_or(res, 3, ""))))
        return true;
    return error_set(err, ERROR_LOCKED,
                     "another run holds the lease: %s of %s, since %s, until %s if it is dead",
                     value_or(res, 2, "?"), value_or(res, 3, "?"), value_or(res, 4, "?"),
                     clock_format_zoned((time_t)out->expires_at, until));
}

/* Takes the lease if it is still as it was read: a lease that was renewed or taken meanwhile stays,
 * and *taken is false. */
static bool write_lease(struct postgres_destination *dest, const struct lease *lease,
                        struct found found, bool *taken, struct error *err)
{
    struct parameters p = {0};

    parameter_int(&p, found.token + 1);
    parameter_text(&p, lease->run_id);
    parameter_text(&p, lease->holder);
    parameter_instant(&p, clock_now());
    parameter_int(&p, lease->seconds);
    parameter_int(&p, found.token);
    parameter_int(&p, found.expires_at);
    RESULT_CLEAR PGresult *res = postgres_query(
        dest, "take the lease",
        "INSERT INTO etl_lease AS l (name, token, run_id, holder, taken_at, expires_at)"
        " VALUES ('writer', $1, $2, $3, $4, " NOW " + $5)"
        " ON CONFLICT (name) DO UPDATE SET token = excluded.token, run_id = excluded.run_id,"
        " holder = excluded.holder, taken_at = excluded.taken_at,"
        " expires_at = excluded.expires_at"
        " WHERE l.token = $6 AND l.expires_at = $7",
        &p, err);
    if (res)
        *taken = postgres_count_of(res) == 1;
    return res != NULL;
}

static bool confirm_lease(struct postgres_destination *dest, const struct lease *lease,
                          int64_t token, struct error *err)
{
    struct parameters p = {0};
    const struct commit_proof proof = {"SELECT 1 FROM etl_lease WHERE token = $1 AND run_id = $2",
                                       &p};

    parameter_int(&p, token);
    parameter_text(&p, lease->run_id);
    return postgres_transaction_commit(dest, "take the lease", &proof, err);
}

bool postgres_take_lease(struct destination *base, const struct lease *lease, int64_t *token,
                         struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    struct found found;
    bool taken = false;

    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, "take the lease", ANY_WRITER, NULL, NULL, err))
        return false;
    bool ok = true;
    while (ok && !taken) /* each further try finds a newer lease: held, or expired again */
        ok = read_lease(dest, lease, &found, err) && write_lease(dest, lease, found, &taken, err);
    ok = ok && confirm_lease(dest, lease, found.token + 1, err);
    postgres_transaction_rollback(dest);
    if (ok)
        *token = found.token + 1;
    return ok;
}

bool postgres_renew_lease(struct destination *base, struct error *err)
{
    struct parameters p = {0};

    parameter_int(&p, base->lease.seconds);
    parameter_int(&p, base->token);
    RESULT_CLEAR PGresult *res = postgres_query(postgres_of(base), "renew the lease",
                                                "UPDATE etl_lease SET expires_at = " NOW
                                                " + $1 WHERE name = 'writer' AND token = $2",
                                                &p, err);
    if (!res)
        return false;
    return postgres_count_of(res) == 1 ||
           error_set(err, ERROR_LOCKED, "the lease of this run expired and another run took it");
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

    parameter_int(&p, base->token);
    dest->heed_stop = false;
    return postgres_write_one(dest, "release the lease",
                              "UPDATE etl_lease SET run_id = NULL, holder = NULL, expires_at = 0"
                              " WHERE name = 'writer' AND token = $1",
                              &p, NULL, err);
}
