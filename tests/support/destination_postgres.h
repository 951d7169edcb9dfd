/*
 * PostgreSQL for the contract, by three ways, and for the tests of what is PostgreSQL's own.
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

void stage_open(struct stage *stage, const char *url);   /* migrated, with a run */
void stage_reopen(struct stage *stage, const char *url); /* of tables that are there */
void stage_wait_until(const char *sql);                  /* it is true; fails after 20 s */
void stage_expect(const char *sql, const char *expected);
void stage_succeeded(struct stage *stage, bool ok);
void stage_failed(const struct error *err, enum error_kind kind, bool transient, const char *words);

/*
 * A window that something happens to. Old: UC 100, 200 and, without a date, 300, all open. New: 100
 * is closed, 200 is gone, 400 has come at 07:07:07. Whatever happens, the database is one of the
 * two, with the ledger and the change log that belong to it.
 */
void stage_load_old(struct stage *stage);
bool stage_load_new(struct stage *stage); /* false: stage->err says why */
void stage_expect_old(void);
void stage_expect_new(void);
/* Nothing is left of what happened: the old window is there, and the new one can be loaded. */
void stage_recovers(struct stage *stage);

#define END_MYSELF "pg_terminate_backend(pg_backend_pid())"
void stage_end_connections(void); /* all of ours, as a person would */

/* A trigger on the table that does something when row 400 comes. */
enum stage_moment { AT_INSERT, AT_COMMIT };
void stage_arm(enum stage_moment moment, const char *action);
void stage_disarm(void);

#endif
