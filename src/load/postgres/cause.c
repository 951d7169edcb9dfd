/* SPDX-License-Identifier: MIT */
/* Asks the database for the cause of a failure, in a transaction of its own. */
#include "load/postgres/cause.h"

#include "base/mem.h"
#include "load/postgres/identity.h"
#include "load/postgres/sql.h"
#include "load/postgres/transaction.h"

#include <string.h>

/* Returns who holds a lock on the table $1, the longest first: a sentence and the SQL that ends it.
 * A column of pg_stat_activity is NULL where this user may not see it. */
static const char lock_holder[] =
    "SELECT format('%s holds a lock on it', coalesce(format('process %s (%s%s%s)', a.pid,"
    "              coalesce(nullif(a.application_name, ''), 'without a name'),"
    "              ', user ' || a.usename, ', ' || a.state), 'a prepared transaction')),"
    "       coalesce(format('SELECT pg_terminate_backend(%s) ends it', a.pid),"
    "                'see pg_prepared_xacts')"
    "  FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid"
    " WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()"
    "   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    "   AND (l.relation = to_regclass($1)"
    "        OR l.relation IN (SELECT t.relid FROM pg_partition_tree(to_regclass($1)) AS t))"
    " ORDER BY a.xact_start LIMIT 1";

/* Returns the query that may find the cause of a failure, or NULL. */
static const char *query_for(const char *sqlstate)
{
    static const struct {
        const char *state, *sql;
    } queries[] = {
        {"55P03", lock_holder},
        {"55000", postgres_identity_wrong}, /* the table has no replica identity */
        {"42P10", postgres_identity_wrong}, /* a publication leaves out a column of the identity */
    };

    for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
        if (strcmp(queries[i].state, sqlstate) == 0)
            return queries[i].sql;
    return NULL;
}

static void append_cause(struct postgres_destination *dest, const struct report *report,
                         const char *sql, struct error *err)
{
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    struct parameters p = {0};
    struct error ignored; /* a cause that cannot be read is no failure */

    parameter_text(&p, table);
    RESULT_CLEAR PGresult *res = postgres_query(dest, "look for a cause", sql, &p, &ignored);
    if (res && PQntuples(res))
        error_append(err, "; %s: %s", PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1));
}

void postgres_add_cause(struct postgres_destination *dest, const struct report *report,
                        struct error *err)
{
    const char *sql = err->kind == ERROR_DATABASE ? query_for(dest->sqlstate) : NULL;
    struct error ignored;

    if (!sql)
        return;
    postgres_transaction_rollback(dest);
    if (!postgres_transaction_begin(dest, "look for a cause", ANY_WRITER, NULL, NULL, &ignored))
        return;
    append_cause(dest, report, sql, err);
    postgres_transaction_rollback(dest);
}
