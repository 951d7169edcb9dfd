/* SPDX-License-Identifier: MIT */
/* Refuses each statement of a load in PostgreSQL in turn: the table is then the old one or the new
 * one. */
#include "tests/support/destination_postgres.h"
#include "tests/support/whole_loads.h"

#include <dlfcn.h>
#include <postgresql/libpq-fe.h>

/* These replace the program's PQsendQuery and PQsendQueryParams. They count statements, and instead
 * of the chosen one they send another that the server refuses. */

static struct {
    int countdown; /* statements until the one that fails; 0: none fails */
    bool fired;
} fault;

static void arm(int number)
{
    fault.countdown = number;
    fault.fired = false;
}

static bool fired(void)
{
    return fault.fired;
}

static const char *replace_chosen(const char *sql)
{
    if (fault.countdown == 0 || --fault.countdown > 0)
        return sql;
    fault.fired = true;
    return "SELECT 1 / 0";
}

/* Returns a function of the real library. */
#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

int PQsendQuery(PGconn *conn, const char *sql)
{
    return REAL(PQsendQuery)(conn, replace_chosen(sql));
}

int PQsendQueryParams(PGconn *conn, const char *sql, int count, const Oid *types,
                      const char *const *values, const int *lengths, const int *formats, int binary)
{
    const char *sent = replace_chosen(sql);

    return sent == sql
               ? REAL(PQsendQueryParams)(conn, sql, count, types, values, lengths, formats, binary)
               : REAL(PQsendQuery)(conn, sent);
}

static const struct statement_fault division_by_zero = {
    .arm = arm,
    .fired = fired,
    .words = "division by zero",
    .has_table = "SELECT count(*) FROM pg_class WHERE relname = 'general_reports'",
};

int main(void)
{
    cluster_start();
    cluster_set("fsync", "off"); /* fast, as hundreds of databases are made */
    const int failed =
        whole_loads_run("statements_postgres", &postgres_directly, &division_by_zero, 20);
    cluster_stop();
    return failed;
}
