/* SPDX-License-Identifier: MIT */
/* The lease in SQLite: one row with a token that only grows. */
#include "load/sqlite/lease.h"

#include "load/sqlite/statement.h"

#include <string.h>

static const char *text_or(const struct statement *st, int column, const char *otherwise)
{
    const char *text = (const char *)sqlite3_column_text(st->stmt, column);

    return text ? text : otherwise;
}

/* Reads the lease; fails if another run holds it. *token is that of the last lease, 0 if there was
 * none. */
static bool read_lease(struct sqlite_destination *dest, const struct lease *lease, int64_t *token,
                       struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    char until[CLOCK_STAMP_SIZE];
    bool row;

    if (!statement_open(&st, dest, "read the lease",
                        "SELECT token, run_id, holder, taken_at, expires_at FROM etl_lease"
                        " WHERE name = 'writer'",
                        err) ||
        !statement_next(&st, &row, err))
        return false;
    *token = row ? sqlite3_column_int64(st.stmt, 0) : 0;
    if (!row || sqlite3_column_type(st.stmt, 1) == SQLITE_NULL ||
        strcmp(text_or(&st, 1, ""), lease->run_id) == 0 ||
        sqlite3_column_int64(st.stmt, 4) <= clock_now() ||
        (lease->is_dead && lease->is_dead(text_or(&st, 2, ""))))
        return true;
    return error_set(err, ERROR_LOCKED,
                     "another run holds the lease: %s of %s, since %s, until %s if it is dead",
                     text_or(&st, 1, "?"), text_or(&st, 2, "?"), text_or(&st, 3, "?"),
                     clock_format_zoned((time_t)sqlite3_column_int64(st.stmt, 4), until));
}

static bool write_lease(struct sqlite_destination *dest, const struct lease *lease, int64_t token,
                        struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, dest, "take the lease",
                        "INSERT OR REPLACE INTO etl_lease"
                        " (name, token, run_id, holder, taken_at, expires_at)"
                        " VALUES ('writer', ?, ?, ?, ?, ?)",
                        err))
        return false;
    statement_int(&st, token);
    statement_text(&st, lease->run_id);
    statement_text(&st, lease->holder);
    statement_instant(&st, clock_now());
    statement_int(&st, clock_now() + lease->seconds);
    return statement_run(&st, err);
}

bool sqlite_take_lease(struct destination *base, const struct lease *lease, int64_t *token,
                       struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);
    int64_t last;

    if (!sqlite_transaction_begin(dest, "take the lease", err))
        return false;
    if (read_lease(dest, lease, &last, err) && write_lease(dest, lease, last + 1, err) &&
        sqlite_run(dest, "take the lease", "COMMIT", err)) {
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
                        "UPDATE etl_lease SET expires_at = ? WHERE name = 'writer' AND token = ?",
                        err))
        return false;
    statement_int(&st, clock_now() + base->lease.seconds);
    statement_int(&st, base->token);
    if (!statement_run(&st, err))
        return false;
    return sqlite3_changes(dest->db) == 1 ||
           error_set(err, ERROR_LOCKED, "the lease of this run expired and another run took it");
}

/* Renews the lease; a statement outside a transaction is a transaction of its own. */
bool sqlite_keep_lease(struct destination *base, struct error *err)
{
    return sqlite_renew_lease(base, err);
}

bool sqlite_release_lease(struct destination *base, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, sqlite_of(base), "release the lease",
                        "UPDATE etl_lease SET run_id = NULL, holder = NULL, expires_at = 0"
                        " WHERE name = 'writer' AND token = ?",
                        err))
        return false;
    statement_int(&st, base->token);
    return statement_run(&st, err);
}
