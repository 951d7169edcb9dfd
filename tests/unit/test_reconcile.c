/* SPDX-License-Identifier: MIT */
/* Reconcile: rows inserted, updated, deleted and left, and random windows against a comparison of
 * all pairs. */
#include "tests/support/reconcile_fixture.h"

#include <stdlib.h>

static const struct open_lines no_lines;

static void new_changed_equal_and_absent_rows_are_told_apart(void **state)
{
    struct reconcile_fixture *s = *state;

    reconcile_hold(&s->held, 1, 11, false);
    reconcile_hold(&s->held, 2, 12, false);
    reconcile_hold(&s->held, 3, 13, false);
    reconcile_add_row(&s->batch, 1, 11, 100);
    reconcile_add_row(&s->batch, 2, 99, 100);
    reconcile_add_row(&s->batch, 4, 14, 102);
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    reconcile_expect_counts(&s->plan, 1, 1, 1, 1);
    assert_int_equal(s->plan.actions[0], ROW_SAME);
    assert_int_equal(s->plan.actions[1], ROW_UPDATE);
    assert_int_equal(s->plan.actions[2], ROW_INSERT);
    assert_int_equal(s->plan.removed_count, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, reconcile_number(3)));
}

/* The day is part of the key, so a person changed it in the table. An update would look for the row
 * on the day of the key and not find it. */
static void a_row_that_somebody_moved_to_another_day_is_put_back(void **state)
{
    struct reconcile_fixture *s = *state;
    struct window partial = reconcile_march;

    partial.complete = false; /* a window that deletes no missing rows */
    reconcile_hold(&s->held, 1, 11, false);
    reconcile_hold(&s->held, 2, 12, true);
    reconcile_add_row(&s->batch, 1, 11, 101);
    reconcile_add_row(&s->batch, 2, 12, 102);
    reconcile_compare(s, partial, NULL, NULL, "run");
    reconcile_expect_counts(&s->plan, 2, 0, 2, 0);
    assert_int_equal(s->plan.moved, s->plan.removed_count);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(s->plan.actions[i], ROW_INSERT);
        assert_true(s->plan.logged[i]);
        assert_true(hash128_equal(s->plan.removed[i].key, reconcile_number(i + 1)));
        assert_int_equal(s->plan.removed[i].undated, i == 1);
    }
    /* The portal shows both rows, so the guard does not count them. */
    assert_int_equal(s->plan.missing, 0);
}

static void a_superseded_row_is_not_there(void **state)
{
    struct reconcile_fixture *s = *state;

    reconcile_hold(&s->held, 1, 11, false);
    reconcile_add_row(&s->batch, 1, 99, 100);
    reconcile_add_row(&s->batch, 1, 11, 100);
    s->batch.rows[0].superseded = true;
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    reconcile_expect_counts(&s->plan, 0, 0, 0, 1);
}

static void a_window_that_is_not_complete_deletes_nothing(void **state)
{
    struct reconcile_fixture *s = *state;
    struct window partial = reconcile_march;

    partial.complete = false;
    reconcile_hold(&s->held, 1, 11, false);
    reconcile_compare(s, partial, NULL, NULL, "run");
    reconcile_expect_counts(&s->plan, 0, 0, 0, 0);
}

static void an_undated_row_is_compared_but_never_missed(void **state)
{
    struct reconcile_fixture *s = *state;

    reconcile_hold(&s->held, 1, 11, true);
    reconcile_hold(&s->held, 2, 12, true);
    reconcile_add_row(&s->batch, 1, 99, 0);
    s->batch.rows[0].undated = true;
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    reconcile_expect_counts(&s->plan, 0, 1, 0, 0);
}

static void only_a_full_cycle_that_did_not_show_it_removes_an_undated_row(void **state)
{
    struct reconcile_fixture *s = *state;
    struct snapshot shown = {0};

    reconcile_hold(&s->held, 1, 11, true);
    reconcile_hold(&s->held, 2, 12, true);
    reconcile_hold(&s->held, 3, 13, false);
    reconcile_hold(&shown, 1, 0, true);
    reconcile_undated(&s->held, &shown, &no_lines, NULL, NULL, "run", &s->plan);
    assert_int_equal(s->plan.removed_count, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, reconcile_number(2)));
    snapshot_done(&shown);
}

static void an_insert_is_a_change_only_on_a_day_loaded_before(void **state)
{
    struct reconcile_fixture *s = *state;
    bool covered[10] = {[3] = true};

    reconcile_add_row(&s->batch, 1, 11, 103);
    reconcile_add_row(&s->batch, 2, 12, 104);
    reconcile_add_row(&s->batch, 3, 13, 0);
    s->batch.rows[2].undated = true;
    reconcile_compare(s, reconcile_march, covered, NULL, "run");
    assert_true(s->plan.logged[0]);
    assert_false(s->plan.logged[1]);
    assert_true(s->plan.logged[2]);
}

static void an_insert_into_days_that_were_never_loaded_is_no_change(void **state)
{
    struct reconcile_fixture *s = *state;
    const bool covered[10] = {false};

    reconcile_add_row(&s->batch, 1, 11, 103);
    reconcile_add_row(&s->batch, 2, 12, 0);
    s->batch.rows[1].undated =
        true; /* an undated insert is a change if a day of the window was loaded before */
    reconcile_compare(s, reconcile_march, covered, NULL, "run");
    reconcile_expect_counts(&s->plan, 2, 0, 0, 0);
    assert_false(s->plan.logged[0]);
    assert_false(s->plan.logged[1]);
}

/* Asserts that the plan equals one made by comparing every pair of rows. */
static void expect_what_pairs_say(const struct reconcile_fixture *s)
{
    uint64_t inserted = 0, updated = 0, unchanged = 0, deleted = 0;

    for (size_t i = 0; i < s->batch.row_count; i++) {
        enum row_action expected = ROW_INSERT;
        /* An undated held row is moved, as no row of the batch is undated. */
        for (size_t h = 0; h < s->held.count; h++)
            if (hash128_equal(s->held.rows[h].key, s->batch.rows[i].key) &&
                !s->held.rows[h].undated)
                expected = hash128_equal(s->held.rows[h].fingerprint, s->batch.rows[i].fingerprint)
                               ? ROW_SAME
                               : ROW_UPDATE;
        assert_int_equal(s->plan.actions[i], expected);
        inserted += expected == ROW_INSERT;
        updated += expected == ROW_UPDATE;
        unchanged += expected == ROW_SAME;
    }
    for (size_t h = 0; h < s->held.count; h++) {
        bool found = false, removed = false;
        for (size_t i = 0; i < s->batch.row_count; i++)
            found |= hash128_equal(s->held.rows[h].key, s->batch.rows[i].key);
        for (size_t i = 0; i < s->plan.removed_count; i++)
            removed |= hash128_equal(s->held.rows[h].key, s->plan.removed[i].key);
        assert_int_equal(removed, found == s->held.rows[h].undated);
        deleted += removed;
    }
    reconcile_expect_counts(&s->plan, inserted, updated, deleted, unchanged);
}

static void random_windows_agree_with_a_comparison_of_all_pairs(void **state)
{
    (void)state;
    srandom(20261123);
    for (int round = 0; round < 2000; round++) {
        struct reconcile_fixture *s;
        reconcile_start((void **)&s);
        long keys = 1 + random() % 60;
        for (long key = 0; key < keys; key++) {
            if (random() % 3)
                reconcile_hold(&s->held, (uint64_t)key, (uint64_t)(random() % 2),
                               random() % 8 == 0);
            if (random() % 3)
                reconcile_add_row(&s->batch, (uint64_t)key, (uint64_t)(random() % 2), 100);
        }
        reconcile_compare(s, reconcile_march, NULL, NULL, "run");
        expect_what_pairs_say(s);
        reconcile_end((void **)&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECONCILE_TEST(new_changed_equal_and_absent_rows_are_told_apart),
        RECONCILE_TEST(a_row_that_somebody_moved_to_another_day_is_put_back),
        RECONCILE_TEST(a_superseded_row_is_not_there),
        RECONCILE_TEST(a_window_that_is_not_complete_deletes_nothing),
        RECONCILE_TEST(an_undated_row_is_compared_but_never_missed),
        RECONCILE_TEST(only_a_full_cycle_that_did_not_show_it_removes_an_undated_row),
        RECONCILE_TEST(an_insert_is_a_change_only_on_a_day_loaded_before),
        RECONCILE_TEST(an_insert_into_days_that_were_never_loaded_is_no_change),
        cmocka_unit_test(random_windows_agree_with_a_comparison_of_all_pairs),
    };

    return cmocka_run_group_tests_name("reconcile", tests, NULL, NULL);
}
