/* SPDX-License-Identifier: MIT */
/* Makes each statement of a load fail in SQLite in turn: the table is then the old one or the new
 * one. */
#include "tests/support/destination_sqlite.h"
#include "tests/support/whole_loads.h"

#include <dlfcn.h>
#include <sqlite3.h>
#include <string.h>

/* These replace the program's sqlite3_prepare_v2, _step and _exec. They count calls, and the chosen
 * one fails as on a full disk. */

static struct {
    int countdown; /* calls until the one that fails; 0: none fails */
    bool fired;
    bool failing; /* errcode and errmsg return the failure next */
    int depth;    /* calls that SQLite makes itself do not fail */
} fault;

static void arm(int number)
{
    fault.countdown = number;
    fault.fired = fault.failing = false;
}

static bool fired(void)
{
    return fault.fired;
}

static bool fails(void)
{
    fault.failing = fault.depth == 0 && fault.countdown > 0 && --fault.countdown == 0;
    fault.fired |= fault.failing;
    return fault.failing;
}

/* Returns a function of the real library. */
#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int len, sqlite3_stmt **out, const char **tail)
{
    if (fails()) {
        *out = NULL;
        return SQLITE_FULL;
    }
    fault.depth++;
    const int code = REAL(sqlite3_prepare_v2)(db, sql, len, out, tail);
    fault.depth--;
    return code;
}

int sqlite3_step(sqlite3_stmt *stmt)
{
    if (fails())
        return SQLITE_FULL;
    fault.depth++;
    const int code = REAL(sqlite3_step)(stmt);
    fault.depth--;
    return code;
}

int sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *arg,
                 char **message)
{
    /* A ROLLBACK never fails here. In SQLite the end of a connection rolls back anyway. */
    if (strcmp(sql, "ROLLBACK") != 0 && fails())
        return SQLITE_FULL;
    fault.depth++;
    const int code = REAL(sqlite3_exec)(db, sql, row, arg, message);
    fault.depth--;
    return code;
}

int sqlite3_errcode(sqlite3 *db)
{
    return fault.failing ? SQLITE_FULL : REAL(sqlite3_errcode)(db);
}

const char *sqlite3_errmsg(sqlite3 *db)
{
    return fault.failing ? "database or disk is full" : REAL(sqlite3_errmsg)(db);
}

static const struct statement_fault disk_is_full = {
    .arm = arm,
    .fired = fired,
    .words = "database or disk is full (make room on its disk",
    .has_table = "SELECT count(*) FROM sqlite_master WHERE name = 'general_reports'",
};

int main(void)
{
    return whole_loads_run("statements_sqlite", &sqlite_database, &disk_is_full, 50);
}
