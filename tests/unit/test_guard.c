/* SPDX-License-Identifier: MIT */
/* The guard: windows that it loads, windows that it holds, and its messages. */
#include "load/guard.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static const struct limits limits = {.max_delete_ratio = 0.2, .min_deletes = 10};

static bool guard(uint64_t held, uint64_t arriving, uint64_t deleted, struct error *err)
{
    struct snapshot snapshot = {.count = held, .dated = held};
    struct plan plan = {.counts = {.unchanged = arriving, .deleted = deleted}, .missing = deleted};

    return guard_check_deletes(&plan, &snapshot, &limits, err);
}

static void the_guard_lets_a_normal_window_through(void **state)
{
    struct error err;

    (void)state;
    assert_true(guard(0, 0, 0, &err));
    assert_true(guard(0, 500, 0, &err));
    assert_true(guard(1000, 1000, 0, &err));
    assert_true(guard(1000, 800, 200, &err));
    assert_true(guard(20, 10, 10, &err));
}

/* Judges `held` rows on day 100, of which `updated` have changed. Days before `today` are past. */
static bool guard_updates(size_t held, size_t updated, int32_t today, struct error *err)
{
    const struct limits some = {.max_update_ratio = 0.5, .min_updates = 20};
    struct batch batch;
    struct snapshot snapshot = {0};
    uint8_t *actions = calloc(held, sizeof(*actions));
    const struct plan plan = {.actions = actions, .row_count = held, .counts.updated = updated};

    batch_init(&batch, 1, 1 << 20);
    for (size_t i = 0; i < held; i++) {
        struct cell cell = {.text = "x", .len = 1};
        batch_add_cells(&batch, &cell)->date = 100;
        snapshot_add(&snapshot, (struct stored_row){.date = 100});
        actions[i] = i < updated ? ROW_UPDATE : ROW_SAME;
    }
    const bool passes = guard_check_updates(&batch, &plan, &snapshot, &some, today, err);
    free(actions);
    snapshot_done(&snapshot);
    batch_done(&batch);
    return passes;
}

static void the_guard_holds_a_window_of_which_most_past_rows_change(void **state)
{
    struct error err = {0};

    (void)state;
    assert_true(guard_updates(100, 50, 101, &err));
    assert_false(guard_updates(100, 51, 101, &err));
    assert_int_equal(err.kind, ERROR_HELD);
    assert_non_null(strstr(err.message, "changes 51 of the 100 rows"));
    assert_true(guard_updates(100, 100, 100, &err)); /* rows of today may change without limit */
    assert_true(guard_updates(20, 20, 101, &err));   /* below the minimum that counts */
    assert_false(guard_updates(21, 21, 101, &err));
}

static void the_guard_holds_a_column_that_comes_empty(void **state)
{
    const struct limits some = {.min_updates = 20};
    struct error err = {0};

    (void)state;
    assert_true(guard_check_column("STATUS", 20, &some, &err));
    assert_false(guard_check_column("STATUS", 21, &some, &err));
    assert_int_equal(err.kind, ERROR_HELD);
    assert_non_null(strstr(err.message, "nothing in column STATUS, the table holds 21 cells"));
}

static void the_guard_holds_a_window_that_shrinks_too_much(void **state)
{
    struct error err = {0};

    (void)state;
    assert_false(guard(1000, 799, 201, &err));
    assert_int_equal(err.kind, ERROR_HELD);
    assert_non_null(strstr(err.message, "201 of the 1000 rows"));
    assert_false(guard(20, 9, 11, &err));
}

static void the_guard_holds_an_export_without_rows_however_few_are_held(void **state)
{
    struct error err = {0};

    (void)state;
    assert_false(guard(1, 0, 1, &err));
    assert_int_equal(err.kind, ERROR_HELD);
    assert_non_null(strstr(err.message, "the export has no row, the table holds 1"));
}

/* Judges a load over rows of another program, which have no key: each insert replaces one. */
static bool guard_legacy_rows(uint64_t legacy_rows, uint64_t inserted, struct error *err)
{
    const struct snapshot snapshot = {.legacy_rows = legacy_rows};
    const struct plan plan = {.counts = {.inserted = inserted}};

    return guard_check_deletes(&plan, &snapshot, &limits, err);
}

static void the_guard_counts_strangers_that_nothing_takes_the_place_of(void **state)
{
    struct error err = {0};

    (void)state;
    assert_true(guard_legacy_rows(1000, 1200, &err));
    assert_true(guard_legacy_rows(1000, 1000, &err));
    assert_true(guard_legacy_rows(1000, 800, &err));
    assert_false(guard_legacy_rows(1000, 799, &err));
    assert_non_null(strstr(err.message, "lacks 201 of the 1000 rows"));
    assert_false(guard_legacy_rows(1, 0, &err));
    assert_non_null(strstr(err.message, "the export has no row, the table holds 1"));
}

/* Rows without a day do not count, neither as changed nor as held. */
static void the_guard_leaves_undated_rows_out_of_what_changes(void **state)
{
    const struct limits some = {.max_update_ratio = 0.5, .min_updates = 2};
    uint8_t actions[8];
    struct plan plan = {.actions = actions, .row_count = 8, .counts.updated = 8};
    struct snapshot snapshot = {0};
    struct batch batch;
    struct error err = {0};

    (void)state;
    batch_init(&batch, 1, 1 << 20);
    for (size_t i = 0; i < 8; i++) {
        struct cell cell = {.text = "x", .len = 1};
        struct row *row = batch_add_cells(&batch, &cell);
        row->date = 100;
        row->undated = i >= 3;
        snapshot_add(&snapshot, (struct stored_row){.date = 100, .undated = row->undated});
        actions[i] = ROW_UPDATE;
    }
    assert_false(guard_check_updates(&batch, &plan, &snapshot, &some, 101, &err));
    assert_non_null(strstr(err.message, "changes 3 of the 3 rows"));
    batch.rows[2].undated = true;
    assert_true(guard_check_updates(&batch, &plan, &snapshot, &some, 101, &err));
    snapshot_done(&snapshot);
    batch_done(&batch);
}

static void a_column_is_empty_if_the_files_have_it_and_no_row_says_anything(void **state)
{
    const struct cell rows[][3] = {{{.text = "x", .len = 1}, {0}, {0}},
                                   {{0}, {.text = "y", .len = 1}, {.text = "", .len = 0}}};
    struct batch batch;

    (void)state;
    batch_init(&batch, 3, 1 << 20);
    for (size_t c = 0; c < 3; c++)
        batch.tallies[c].present = true;
    assert_true(guard_is_empty(&batch, 0)); /* no row, and the header names the column */
    for (size_t i = 0; i < COUNT(rows); i++)
        batch_add_cells(&batch, rows[i]);
    assert_false(guard_is_empty(&batch, 0));
    assert_false(guard_is_empty(&batch, 1));
    assert_true(guard_is_empty(&batch, 2));
    batch.tallies[2].present = false; /* a missing column is not an empty one */
    assert_false(guard_is_empty(&batch, 2));
    batch_done(&batch);
}

/* Collects the undated rows that an export shows, for the end of a full cycle. */
static void a_snapshot_takes_the_undated_rows_of_an_export(void **state)
{
    enum { ROWS = 2500 }; /* more than the first allocation holds */
    struct snapshot snapshot = {0};
    struct batch batch;

    (void)state;
    batch_init(&batch, 1, 1 << 20);
    for (size_t i = 0; i < ROWS; i++) {
        struct cell cell = {.text = "x", .len = 1};
        struct row *row = batch_add_cells(&batch, &cell);
        row->key = (struct hash128){.high = i, .low = i};
        row->undated = i % 5 != 0;
    }
    snapshot_add(&snapshot, (struct stored_row){.key = {.high = 7}, .date = 100});
    snapshot_add_undated(&snapshot, &batch);
    assert_int_equal(snapshot.count, 1 + ROWS / 5 * 4);
    assert_int_equal(snapshot.dated, 1);
    assert_int_equal(snapshot.rows[0].key.high, 7);
    assert_int_equal(snapshot.rows[1].key.high, 1);
    assert_int_equal(snapshot.rows[ROWS / 5 * 4].key.high, ROWS - 1);
    for (size_t i = 1; i < snapshot.count; i++)
        assert_true(snapshot.rows[i].undated && snapshot.rows[i].key.high % 5 != 0);
    snapshot_done(&snapshot);
    assert_int_equal(snapshot.count, 0);
    batch_done(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guard_lets_a_normal_window_through),
        cmocka_unit_test(the_guard_holds_a_window_of_which_most_past_rows_change),
        cmocka_unit_test(the_guard_holds_a_column_that_comes_empty),
        cmocka_unit_test(the_guard_holds_a_window_that_shrinks_too_much),
        cmocka_unit_test(the_guard_holds_an_export_without_rows_however_few_are_held),
        cmocka_unit_test(the_guard_counts_strangers_that_nothing_takes_the_place_of),
        cmocka_unit_test(the_guard_leaves_undated_rows_out_of_what_changes),
        cmocka_unit_test(a_column_is_empty_if_the_files_have_it_and_no_row_says_anything),
        cmocka_unit_test(a_snapshot_takes_the_undated_rows_of_an_export),
    };

    return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
