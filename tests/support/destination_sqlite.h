/*
 * A SQLite database in a temporary folder, for the contract and for the tests of SQLite alone.
 */
#ifndef TESTS_SUPPORT_DESTINATION_SQLITE_H
#define TESTS_SUPPORT_DESTINATION_SQLITE_H

#include "tests/support/destination_contract.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/unit.h"

enum { NOBODY = 65534 }; /* a user and a group with no rights */

extern const struct contract_database sqlite_database;

/* The state of one test: an empty folder, in which the test makes the file. */
struct bench {
    char *folder, *path, *url;
    struct destination *dest; /* NULL until the test opens it */
    struct work work;
    struct error err;
};

int bench_start(void **state);
int bench_end(void **state);
#define BENCH_TEST(f) cmocka_unit_test_setup_teardown(f, bench_start, bench_end)

void bench_open(struct bench *bench);  /* migrates and begins a run */
void bench_close(struct bench *bench); /* earlier than the end of the test */

/* Run SQL on a separate connection, and make the file if there is none. */
void bench_sql(struct bench *bench, const char *sql);
void bench_expect(struct bench *bench, const char *sql, const char *expected);

void expect_error(const struct error *err, enum error_kind kind, const char *words);

#endif
