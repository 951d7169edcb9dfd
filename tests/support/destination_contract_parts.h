/*
 * The fixture and the helpers that all parts of the destinations' contract use.
 */
#ifndef TESTS_SUPPORT_DESTINATION_CONTRACT_PARTS_H
#define TESTS_SUPPORT_DESTINATION_CONTRACT_PARTS_H

#include "tests/support/destination_contract.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/unit.h"

/* The state of one test: a new database with the report's table and a run, and empty work. */
struct fixture {
    const char *url;
    struct destination *dest;
    struct work work;
    struct error err;
};

/* The kind of database that the contract runs on. */
const struct contract_database *contract_kind(void);

int contract_start(void **state);
int contract_end(void **state);
#define CONTRACT_TEST(f) cmocka_unit_test_setup_teardown(f, contract_start, contract_end)

/* Run the parts of the contract. Each returns the number of failed tests. */
int contract_of_rows(void);
int contract_of_ledger(void);
int contract_of_leases(void);
int contract_of_columns(void);
int contract_of_looking(void);
int contract_of_verifying(void);
int contract_of_doubts(void);
int contract_of_reading(void);

/* Asserts on a separate connection that the first column of the first row is that text. NULL: SQL
 * NULL, or no row. */
void expect_query(const char *sql, const char *expected);
void expect_json(const char *sql, const char *expected); /* members in any order */
void run_sql(const char *sql);

void expect_success(struct fixture *fixture, bool ok);
void expect_failure(struct fixture *fixture, bool ok, const char *words); /* of the message */

/* Load days 1 to 9: with fixture_first_load, with the fixture's work, and with it but without
 * commit. */
void first_load(struct fixture *fixture);
void load_work(struct fixture *fixture);
bool apply_work(struct fixture *fixture);

struct snapshot snapshot_of(struct fixture *fixture, struct window window);
const struct stored_row *find_held(const struct snapshot *held,
                                   uint64_t key); /* NULL if not there */

#endif
