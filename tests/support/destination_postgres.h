/*
 * PostgreSQL for the contract, by three ways, and for the tests of what is PostgreSQL's own.
 */
#ifndef TESTS_SUPPORT_DESTINATION_POSTGRES_H
#define TESTS_SUPPORT_DESTINATION_POSTGRES_H

#include "tests/support/destination_contract.h"
#include "tests/support/destination_scene.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/unit.h"

extern const struct contract_database postgres_directly;        /* TLS, verify-full */
extern const struct contract_database postgres_pooled_sessions; /* pgbouncer, as above */
extern const struct contract_database postgres_pooled_transactions;

/* One test: an empty database; the destination is not open yet. */
struct stage {
    char *url; /* directly, verify-full */
    struct destination *dest;
    struct work work;
    struct error err;
};

int stage_start(void **state);
int stage_end(void **state);
#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, stage_start, stage_end)

void stage_open(struct stage *stage, const char *url); /* migrated, with a run */
void stage_expect(const char *sql, const char *expected);
void stage_succeeded(struct stage *stage, bool ok);
void stage_failed(const struct error *err, enum error_kind kind, bool transient, const char *words);

#endif
