/* SPDX-License-Identifier: MIT */
/* Adds columns that no profile knows to a report's table, and notes them in etl_columns. */
#include "load/postgres/columns.h"

#include "base/mem.h"
#include "load/postgres/cause.h"
#include "load/postgres/lease.h"
#include "load/postgres/sql.h"
#include "load/postgres/transaction.h"

/* The noted columns of report $1 that the table $2 no longer has: a person dropped the column or
 * the table. */
#define DROPPED                                                                                    \
    " etl_columns AS e WHERE e.report = $1 AND NOT EXISTS (SELECT FROM pg_attribute AS a"          \
    " WHERE a.attrelid = to_regclass($2) AND a.attnum > 0 AND NOT a.attisdropped"                  \
    " AND a.attname = e.name)"

static PGresult *query_dropped(struct postgres_destination *dest, const struct report *report,
                               const char *sql, struct error *err)
{
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, report->name);
    parameter_text(&p, table);
    return postgres_query(dest, "look for dropped columns", sql, &p, err);
}

bool postgres_columns_are_there(struct postgres_destination *dest, const struct report *report,
                                bool *out, struct error *err)
{
    RESULT_CLEAR PGresult *res = query_dropped(dest, report, "SELECT FROM" DROPPED " LIMIT 1", err);

    if (res)
        *out = PQntuples(res) == 0;
    return res != NULL;
}

/* A forgotten column is added again when an export has it. */
bool postgres_forget_columns(struct postgres_destination *dest, const struct report *report,
                             struct error *err)
{
    RESULT_CLEAR PGresult *res = query_dropped(dest, report, "DELETE FROM" DROPPED, err);

    return res != NULL;
}

/* Sets whether the table has a column of that name in upper or lower case, and whether etl-sigos
 * added one. There may be several. */
static bool find_column(struct postgres_destination *dest, const struct report *report,
                        const char *name, bool *exists, bool *ours, struct error *err)
{
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, report->name);
    parameter_text(&p, table);
    parameter_text(&p, name);
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, "look for a column",
                       "SELECT e.name IS NOT NULL FROM pg_attribute AS a"
                       " LEFT JOIN etl_columns AS e ON e.report = $1 AND e.name = a.attname"
                       " WHERE a.attrelid = to_regclass($2) AND a.attnum > 0 AND NOT a.attisdropped"
                       " AND lower(a.attname::text) = lower($3) ORDER BY 1 DESC",
                       &p, err);
    if (!res)
        return false;
    *exists = PQntuples(res) > 0;
    *ours = *exists && *PQgetvalue(res, 0, 0) == 't';
    return true;
}

static bool note_column(struct postgres_destination *dest, const struct report *report,
                        const char *name, const struct run *run, struct error *err)
{
    struct parameters p = {0};

    parameter_text(&p, report->name);
    parameter_text(&p, name);
    parameter_text(&p, run->id);
    parameter_instant(&p, clock_now());
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, "write a column down",
                       "INSERT INTO etl_columns (report, name, run_id, added_at)"
                       " VALUES ($1, $2, $3, $4)",
                       &p, err);
    return res != NULL;
}

static bool make_column(struct postgres_destination *dest, const struct report *report,
                        const char *name, const struct run *run, struct error *err)
{
    static const char written[] =
        "SELECT 1 FROM etl_columns WHERE report = $1 AND name = $2 AND run_id = $3";
    MEM_FREE_TEXT char *sql = postgres_sql_add_column(report, name);
    struct parameters p = {0};
    const struct commit_proof proof = {written, &p};

    parameter_text(&p, report->name);
    parameter_text(&p, name);
    parameter_text(&p, run->id);
    return postgres_shorten_lock_wait(dest, err) && postgres_run(dest, "add a column", sql, err) &&
           note_column(dest, report, name, run, err) &&
           postgres_transaction_commit(dest, "add a column", &proof, err);
}

/* Uses a short transaction of its own: adding a column locks readers out, and a window may take a
 * minute. */
bool postgres_add_column(struct destination *base, const struct report *report, const char *name,
                         const struct run *run, bool *added, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    bool exists, ours;

    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, "begin to add a column", ONLY_WRITER, NULL, NULL, err))
        return false;
    bool ok = (!base->token || postgres_renew_lease(base, err)) &&
              find_column(dest, report, name, &exists, &ours, err) &&
              (exists || make_column(dest, report, name, run, err));
    if (!ok)
        postgres_add_cause(dest, report, err);
    postgres_transaction_rollback(dest);
    if (ok)
        *added = !exists || ours;
    return ok;
}
