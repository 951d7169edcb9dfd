/* SPDX-License-Identifier: MIT */
/* The guard: what it lets through, and what it holds with which words. */
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

/* `held` rows on day 100, `updated` of them with other contents; `today` tells which days are past.
 */
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
    assert_true(guard_updates(100, 100, 100, &err)); /* today may change as it likes */
    assert_true(guard_updates(20, 20, 101, &err));   /* so few say nothing */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guard_lets_a_normal_window_through),
        cmocka_unit_test(the_guard_holds_a_window_of_which_most_past_rows_change),
        cmocka_unit_test(the_guard_holds_a_column_that_comes_empty),
        cmocka_unit_test(the_guard_holds_a_window_that_shrinks_too_much),
        cmocka_unit_test(the_guard_holds_an_export_without_rows_however_few_are_held),
    };

    return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
