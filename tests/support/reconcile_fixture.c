/* SPDX-License-Identifier: MIT */
/* Small batches, snapshots and windows, and the comparison of both. */
#include "tests/support/reconcile_fixture.h"

#include <stdlib.h>

const struct window reconcile_march = {
    .first = 100, .last = 110, .own_first = 100, .own_last = 109, .complete = true};

struct hash128 reconcile_number(uint64_t n)
{
    /* Equal low halves for neighbours: probing and both halves of the comparison are in play. */
    return (struct hash128){.high = n, .low = n / 4};
}

void reconcile_add_row(struct batch *batch, uint64_t key, uint64_t fingerprint, int32_t date)
{
    struct cell cell = {.text = "x", .len = 1};
    struct row *row = batch_add_cells(batch, &cell);

    row->key = reconcile_number(key);
    row->fingerprint = reconcile_number(fingerprint);
    row->date = date;
}

void reconcile_hold(struct snapshot *snapshot, uint64_t key, uint64_t fingerprint, bool undated)
{
    snapshot_add(snapshot, (struct stored_row){.key = reconcile_number(key),
                                               .fingerprint = reconcile_number(fingerprint),
                                               .date = undated ? 0 : 100,
                                               .undated = undated});
}

int reconcile_start(void **state)
{
    struct reconcile_fixture *fixture = calloc(1, sizeof(*fixture));

    batch_init(&fixture->batch, 1, 1 << 20);
    *state = fixture;
    return 0;
}

int reconcile_end(void **state)
{
    struct reconcile_fixture *fixture = *state;

    batch_done(&fixture->batch);
    snapshot_done(&fixture->held);
    plan_done(&fixture->plan);
    free(fixture);
    return 0;
}

void reconcile_compare(struct reconcile_fixture *fixture, struct window window, const bool *covered,
                       const struct doubts *before, const char *run)
{
    const struct comparison what = {.batch = &fixture->batch,
                                    .snapshot = &fixture->held,
                                    .window = window,
                                    .covered = covered,
                                    .before = before,
                                    .keys = fixture->keys,
                                    .run = run};

    reconcile(&what, &fixture->plan);
}

void reconcile_expect_counts(const struct plan *plan, uint64_t inserted, uint64_t updated,
                             uint64_t deleted, uint64_t unchanged)
{
    assert_int_equal(plan->counts.inserted, inserted);
    assert_int_equal(plan->counts.updated, updated);
    assert_int_equal(plan->counts.deleted, deleted);
    assert_int_equal(plan->counts.unchanged, unchanged);
}
