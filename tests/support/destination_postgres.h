/*
 * PostgreSQL for the contract, directly and through both modes of a pooler, and for the tests of
 * PostgreSQL alone.
 */
#ifndef TESTS_SUPPORT_DESTINATION_POSTGRES_H
#define TESTS_SUPPORT_DESTINATION_POSTGRES_H

#include "tests/support/destination_contract.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/unit.h"

extern const struct contract_database postgres_directly;        /* TLS, verify-full */
extern const struct contract_database postgres_pooled_sessions; /* pgbouncer, as above */
extern const struct contract_database postgres_pooled_transactions;

/* The state of one test: an empty database, and a destination that the test opens. */
struct stage {
    char *url; /* directly, verify-full */
    struct destination *dest;
    struct work work;
    struct error err;
};

int stage_start(void **state);
int stage_end(void **state);
#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, stage_start, stage_end)

void stage_open(struct stage *stage, const char *url);   /* migrates and begins a run */
void stage_reopen(struct stage *stage, const char *url); /* the same with existing tables */
void stage_wait_until(const char *sql); /* until the query is true; fails after 20 s */
void stage_expect(const char *sql, const char *expected);
void stage_succeeded(struct stage *stage, bool ok);
void stage_failed(const struct error *err, enum error_kind kind, bool transient, const char *words);

/*
 * A window that is loaded while something fails. Old: UC 100, 200 and, without a date, 300, all
 * open. New: 100 is closed, 200 is deleted, 400 is new at 07:07:07. After any failure the database
 * is one of the two, with its ledger and its change log.
 */
void stage_load_old(struct stage *stage);
bool stage_load_new(struct stage *stage); /* false: stage->err says why */
void stage_expect_old(void);
void stage_expect_new(void);
/* Asserts that the failure left nothing: the old window is there, and the new one can be loaded. */
void stage_recovers(struct stage *stage);

#define END_MYSELF "pg_terminate_backend(pg_backend_pid())"
void stage_end_connections(void); /* all connections of the program, as a person may */

/* Sets a trigger that runs an action when row 400 is inserted, or at the commit of it. */
enum stage_moment { AT_INSERT, AT_COMMIT };
void stage_arm(enum stage_moment moment, const char *action);
void stage_disarm(void);

#endif
