/* SPDX-License-Identifier: MIT */
/* Finds a report's indexes by table and columns, and makes them under a free name. */
#include "load/postgres/index.h"

#include "base/mem.h"
#include "load/postgres/sql.h"

#include <stdlib.h>

static const char purpose[] = "index a report's table";

/* Runs a query that returns one boolean; no row is false. */
static bool is_true(struct postgres_destination *dest, const char *sql,
                    const struct parameters *parameters, bool *out, struct error *err)
{
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, "look at a report's table", sql, parameters, err);

    if (res)
        *out = PQntuples(res) && *PQgetvalue(res, 0, 0) == 't';
    return res != NULL;
}

/* An index is not valid if CREATE INDEX CONCURRENTLY failed: it then keeps no rows unique. */
bool postgres_has_index(struct postgres_destination *dest, const struct report *report, bool *out,
                        struct error *err)
{
    static const char sql[] =
        "SELECT count(*) > 0 FROM pg_index AS i"
        " WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid"
        "   AND i.indimmediate AND i.indnullsnotdistinct AND i.indnkeyatts = 2"
        "   AND (i.indpred IS NULL"
        "        OR pg_get_expr(i.indpred, i.indrelid) = '(" COLUMN_ROW_KEY " IS NOT NULL)')"
        "   AND ARRAY[$2, '" COLUMN_ROW_KEY "', '" COLUMN_ROW_HASH "'] ="
        "       (SELECT array_agg(a.attname::text ORDER BY k.n)"
        "          FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, n)"
        "          JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number)";
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, table);
    parameter_text(&p, report->columns[report->window_date].name);
    return is_true(dest, sql, &p, out, err);
}

/* Sets *out to the report's name and the suffix, owned by the caller, or to NULL if the table's
 * schema has a relation of that name. The cast to name shortens a long name as CREATE INDEX
 * does. */
static bool choose_name(struct postgres_destination *dest, const struct report *report,
                        const char *suffix, char **out, struct error *err)
{
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    char *name = mem_format("%s_%s", report->name, suffix);
    struct parameters p = {0};
    bool taken;

    parameter_text(&p, table);
    parameter_text(&p, name);
    const bool ok = is_true(dest,
                            "SELECT count(*) > 0 FROM pg_class AS t"
                            "  JOIN pg_class AS c ON c.relnamespace = t.relnamespace"
                            " WHERE t.oid = to_regclass($1) AND c.relname = ($2::text)::name",
                            &p, &taken, err);
    if (!ok || taken) {
        free(name);
        name = NULL;
    }
    *out = name;
    return ok;
}

bool postgres_make_index(struct postgres_destination *dest, const struct report *report,
                         struct error *err)
{
    MEM_FREE_TEXT char *adopted_sql = postgres_sql_is_adopted(report);
    MEM_FREE_TEXT char *name = NULL;
    bool adopted;

    if (!is_true(dest, adopted_sql, NULL, &adopted, err) ||
        !choose_name(dest, report, "window", &name, err))
        return false;
    MEM_FREE_TEXT char *sql = postgres_sql_create_index(report, name, adopted);
    return postgres_run(dest, purpose, sql, err);
}

bool postgres_make_legacy_index(struct postgres_destination *dest, const struct report *report,
                                struct error *err)
{
    MEM_FREE_TEXT char *name = NULL;

    if (!choose_name(dest, report, "legacy", &name, err))
        return false;
    MEM_FREE_TEXT char *sql = postgres_sql_create_legacy_index(report, name);
    return postgres_run(dest, purpose, sql, err);
}
