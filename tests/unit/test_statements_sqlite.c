/* SPDX-License-Identifier: MIT */
/* Whichever statement of a load SQLite refuses: the table is the old one or the new one. */
#include "tests/support/destination_sqlite.h"
#include "tests/support/whole_loads.h"

#include <dlfcn.h>
#include <sqlite3.h>
#include <string.h>

/* The program's own sqlite3_prepare_v2, _step and _exec are these: they count, and one of them
 * fails as on a full disk. */

static struct {
    int countdown; /* to the one that fails; 0: none does */
    bool fired;
    bool failing; /* what errcode and errmsg are asked for next */
    int depth;    /* within SQLite itself nothing fails */
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

/* A function of the library's. */
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
    /* What is rolled back is rolled back: SQLite's own failures of that leave the transaction to
     * the end of the connection. */
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

/* More than so many: else the test looks at the wrong functions. */
static void try_all(enum whole_load load, int least)
{
    const int count = whole_load_with_faults(&sqlite_database, load, &disk_is_full);

    print_message("%d statements\n", count);
    assert_true(count > least);
}

static void a_first_load_that_fails_anywhere_can_be_made_again(void **state)
{
    (void)state;
    try_all(LOAD_FIRST, 50);
}

static void a_load_that_fails_anywhere_leaves_the_old_table_or_the_new(void **state)
{
    (void)state;
    try_all(LOAD_SECOND, 50);
}

static void a_load_that_distrusts_the_table_does_so_too(void **state)
{
    (void)state;
    try_all(LOAD_VERIFY, 50);
}

static void a_plan_that_fails_anywhere_has_written_nothing(void **state)
{
    (void)state;
    try_all(LOAD_PLAN, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_load_that_fails_anywhere_can_be_made_again),
        cmocka_unit_test(a_load_that_fails_anywhere_leaves_the_old_table_or_the_new),
        cmocka_unit_test(a_load_that_distrusts_the_table_does_so_too),
        cmocka_unit_test(a_plan_that_fails_anywhere_has_written_nothing),
    };

    return cmocka_run_group_tests_name("statements_sqlite", tests, NULL, NULL);
}
