/*
 * A SQLite database in a folder of its own, for the contract and for the tests of what is SQLite's
 * own.
 */
#ifndef TESTS_SUPPORT_DESTINATION_SQLITE_H
#define TESTS_SUPPORT_DESTINATION_SQLITE_H

#include "tests/support/destination_contract.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/unit.h"

enum { NOBODY = 65534 }; /* a user and a group with no rights */

extern const struct contract_database sqlite_database;

/* One test: an empty folder; the file is not made yet. */
struct bench {
    char *folder, *path, *url;
    struct destination *dest; /* NULL until the test opens it */
    struct work work;
    struct error err;
};

int bench_start(void **state);
int bench_end(void **state);
#define BENCH_TEST(f) cmocka_unit_test_setup_teardown(f, bench_start, bench_end)

void bench_open(struct bench *bench);  /* migrated, with a run */
void bench_close(struct bench *bench); /* before the test's end */

/* On a connection of their own; the file is made if there is none. */
void bench_sql(struct bench *bench, const char *sql);
void bench_expect(struct bench *bench, const char *sql, const char *expected);

void expect_error(const struct error *err, enum error_kind kind, const char *words);

#endif
