/* SPDX-License-Identifier: MIT */
/* Whichever statement of a load PostgreSQL refuses: the table is the old one or the new one. */
#include "tests/support/destination_postgres.h"
#include "tests/support/whole_loads.h"

#include <dlfcn.h>
#include <postgresql/libpq-fe.h>

/* The program's own PQsendQuery and PQsendQueryParams are these: they count, and instead of one
 * statement another is sent, which the server refuses. */

static struct {
    int countdown; /* to the one that fails; 0: none does */
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

static const char *or_nonsense(const char *sql)
{
    if (fault.countdown == 0 || --fault.countdown > 0)
        return sql;
    fault.fired = true;
    return "SELECT 1 / 0";
}

/* A function of the library's. */
#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

int PQsendQuery(PGconn *conn, const char *sql)
{
    return REAL(PQsendQuery)(conn, or_nonsense(sql));
}

int PQsendQueryParams(PGconn *conn, const char *sql, int count, const Oid *types,
                      const char *const *values, const int *lengths, const int *formats, int binary)
{
    const char *sent = or_nonsense(sql);

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
    cluster_set("fsync", "off"); /* hundreds of databases */
    const int failed =
        whole_loads_run("statements_postgres", &postgres_directly, &division_by_zero, 20);
    cluster_stop();
    return failed;
}
