/*
 * A batch, the rows that a table holds, and the plan that reconcile makes of both, for the tests of
 * reconcile. Rows have one cell and are told apart by small numbers.
 */
#ifndef TESTS_SUPPORT_RECONCILE_FIXTURE_H
#define TESTS_SUPPORT_RECONCILE_FIXTURE_H

#include "load/reconcile.h"
#include "tests/support/unit.h"

/* A complete window of the days 100 to 110 that owns all of them but the last. */
extern const struct window reconcile_march;

struct reconcile_fixture {
    struct batch batch;          /* what the file has */
    struct snapshot held;        /* what the table has */
    struct plan plan;            /* what reconcile_compare decided */
    const struct row_keys *keys; /* values of the held rows' keys, or NULL */
};

/* cmocka's set-up and tear-down: an empty fixture as the state. */
int reconcile_start(void **state);
int reconcile_end(void **state);
#define RECONCILE_TEST(f) cmocka_unit_test_setup_teardown(f, reconcile_start, reconcile_end)

/* Makes a key, fingerprint or id of a number. Neighbours have the same low half, so that probing
 * and both halves of a comparison are tested. */
struct hash128 reconcile_number(uint64_t n);

/* Adds a row with that key and fingerprint (numbers) on the day `date`. */
void reconcile_add_row(struct batch *batch, uint64_t key, uint64_t fingerprint, int32_t date);

/* Adds a row that the table holds, on day 100 or undated. */
void reconcile_hold(struct snapshot *snapshot, uint64_t key, uint64_t fingerprint, bool undated);

/* Compares the fixture's batch with its held rows and fills its plan. `covered` (one for each owned
 * day) and `before` may be NULL. */
void reconcile_compare(struct reconcile_fixture *fixture, struct window window, const bool *covered,
                       const struct doubts *before, const char *run);

/* Asserts these counts of a plan. */
void reconcile_expect_counts(const struct plan *plan, uint64_t inserted, uint64_t updated,
                             uint64_t deleted, uint64_t unchanged);

#endif
