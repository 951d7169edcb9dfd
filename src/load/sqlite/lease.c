/* SPDX-License-Identifier: MIT */
/* The lease in SQLite: one row for all tables, which also has the last token that was given, and
 * one for each range of days that is held. */
#include "load/sqlite/lease.h"

#include "load/lease_claim.h"
#include "load/sqlite/statement.h"

static const char purpose[] = "take the lease";

static const char *text_or(const struct statement *st, int column, const char *otherwise)
{
    const char *text = (const char *)sqlite3_column_text(st->stmt, column);

    return text ? text : otherwise;
}

/* Reads the next lease that a run has; its texts live until the next call. */
static bool next_row(struct statement *st, struct lease_row *out, bool *there, struct error *err)
{
    if (!statement_next(st, there, err))
        return false;
    if (*there)
        *out = (struct lease_row){
            .name = text_or(st, 0, ""),
            .token = sqlite3_column_int64(st->stmt, 1),
            .run_id = text_or(st, 2, "?"),
            .holder = text_or(st, 3, "?"),
            .taken_at = text_or(st, 4, "?"),
            .expires_at = sqlite3_column_int64(st->stmt, 5),
            .expired = sqlite3_column_int64(st->stmt, 5) <= clock_now(),
        };
    return true;
}

static bool forget_days(struct sqlite_destination *dest, const char *name, int64_t token,
                        struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(
            &st, dest, purpose,
            "DELETE FROM etl_lease WHERE name = ? AND token = ? AND name <> '" LEASE_ALL "'", err))
        return false;
    statement_text(&st, name);
    statement_int(&st, token);
    return statement_run(&st, err);
}

/* Fails if another run that lives holds something of the lease; takes away what dead ones hold of
 * it. */
static bool clear_way(struct sqlite_destination *dest, const struct lease *lease, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    struct lease_row row;
    bool there;

    if (!statement_open(&st, dest, "read the lease",
                        "SELECT name, token, run_id, holder, taken_at, expires_at FROM etl_lease"
                        " WHERE run_id IS NOT NULL",
                        err))
        return false;
    for (;;) {
        if (!next_row(&st, &row, &there, err))
            return false;
        if (!there)
            return true;
        const enum lease_verdict verdict = lease_judge(lease, &row);
        if (verdict == LEASE_HELD)
            return lease_refuse(&row, err);
        if (verdict == LEASE_DEAD && !forget_days(dest, row.name, row.token, err))
            return false;
    }
}

static bool read_last_token(struct sqlite_destination *dest, int64_t *out, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    bool row;

    if (!statement_open(&st, dest, "read the lease", "SELECT max(token) FROM etl_lease", err) ||
        !statement_next(&st, &row, err))
        return false;
    *out = row ? sqlite3_column_int64(st.stmt, 0) : 0;
    return true;
}

/* Writes a row; without a lease nobody holds it. */
static bool write_row(struct sqlite_destination *dest, const char *name, int64_t token,
                      const struct lease *lease, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, dest, purpose,
                        "INSERT OR REPLACE INTO etl_lease"
                        " (name, token, run_id, holder, taken_at, expires_at)"
                        " VALUES (?, ?, ?, ?, ?, ?)",
                        err))
        return false;
    statement_text(&st, name);
    statement_int(&st, token);
    statement_text(&st, lease ? lease->run_id : NULL);
    statement_text(&st, lease ? lease->holder : NULL);
    statement_instant(&st, clock_now());
    statement_int(&st, lease ? clock_now() + lease->seconds : 0);
    return statement_run(&st, err);
}

static bool write_lease(struct sqlite_destination *dest, const struct lease *lease, int64_t token,
                        struct error *err)
{
    if (lease_is_for_all(lease))
        return write_row(dest, LEASE_ALL, token, lease, err);
    return write_row(dest, LEASE_ALL, token, NULL, err) &&
           write_row(dest, lease_name(lease), token, lease, err);
}

bool sqlite_take_lease(struct destination *base, const struct lease *lease, int64_t *token,
                       struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);
    int64_t last;

    if (!sqlite_transaction_begin(dest, purpose, err))
        return false;
    if (clear_way(dest, lease, err) && read_last_token(dest, &last, err) &&
        write_lease(dest, lease, last + 1, err) && sqlite_run(dest, purpose, "COMMIT", err)) {
        *token = last + 1;
        return true;
    }
    sqlite_transaction_rollback(dest);
    return false;
}

bool sqlite_renew_lease(struct destination *base, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    struct sqlite_destination *dest = sqlite_of(base);

    if (!statement_open(&st, dest, "renew the lease",
                        "UPDATE etl_lease SET expires_at = ? WHERE name = ? AND token = ?", err))
        return false;
    statement_int(&st, clock_now() + base->lease.seconds);
    statement_text(&st, lease_name(&base->lease));
    statement_int(&st, base->token);
    if (!statement_run(&st, err))
        return false;
    return sqlite3_changes(dest->db) == 1 || lease_lost(err);
}

/* Renews the lease; a statement outside a transaction is a transaction of its own. */
bool sqlite_keep_lease(struct destination *base, struct error *err)
{
    return sqlite_renew_lease(base, err);
}

bool sqlite_release_lease(struct destination *base, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    struct sqlite_destination *dest = sqlite_of(base);

    if (!lease_is_for_all(&base->lease))
        return forget_days(dest, lease_name(&base->lease), base->token, err);
    if (!statement_open(&st, dest, "release the lease",
                        "UPDATE etl_lease SET run_id = NULL, holder = NULL, expires_at = 0"
                        " WHERE name = '" LEASE_ALL "' AND token = ?",
                        err))
        return false;
    statement_int(&st, base->token);
    return statement_run(&st, err);
}
