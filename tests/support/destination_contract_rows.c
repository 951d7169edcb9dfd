/* SPDX-License-Identifier: MIT */
/* The contract of destinations: rows, snapshots, and plans that do not fit. */
#include "tests/support/destination_contract_parts.h"

/* Rows */

static void a_first_load_writes_every_cell_as_it_is(void **state)
{
    first_load(*state);
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT \"STATUS\" FROM visits WHERE \"UC / MD\" = '100'", "OPEN");
    expect_query("SELECT \"DATA_EXECUCAO\" FROM visits WHERE \"UC / MD\" = '100'", "2026-03-02");
    expect_query("SELECT \"HORA\" FROM visits WHERE \"UC / MD\" = '100'", "08:00:00");
    expect_query("SELECT \"DATA_EXTRACAO\" FROM visits WHERE \"UC / MD\" = '100'",
                 "2026-03-20 08:30:00");
}

static void nulls_and_empty_texts_stay_apart(void **state)
{
    struct fixture *fixture = *state;

    work_add(&fixture->work, ROW_INSERT, (struct line){"1", "", 2, NULL, 1, 10});
    work_add(&fixture->work, ROW_INSERT, (struct line){"2", NULL, 2, NULL, 2, 20});
    load_work(fixture);
    expect_query("SELECT count(*) FROM visits WHERE \"STATUS\" = ''", "1");
    expect_query("SELECT \"UC / MD\" FROM visits WHERE \"STATUS\" = ''", "1");
    expect_query("SELECT \"UC / MD\" FROM visits WHERE \"STATUS\" IS NULL", "2");
    expect_query("SELECT count(*) FROM visits WHERE \"HORA\" IS NULL", "2");
    expect_query("SELECT count(*) FROM visits WHERE \"SAY \"\"HI\"\"\" = ''", "2");
}

static void any_text_comes_back_byte_for_byte(void **state)
{
    struct fixture *fixture = *state;

    work_add(&fixture->work, ROW_INSERT,
             (struct line){"it's; \"x\"\t\\N\\.\n\xC3\x87\xE2\x82\xAC", "001", 2, NULL, 1, 10});
    load_work(fixture);
    expect_query("SELECT \"UC / MD\" FROM visits", "it's; \"x\"\t\\N\\.\n\xC3\x87\xE2\x82\xAC");
    expect_query("SELECT \"STATUS\" FROM visits", "001");
}

static void an_update_replaces_every_cell(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    run_sql("UPDATE visits SET \"DATA_EXTRACAO\" = '2020-01-01 00:00:00'");
    work_add(&fixture->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    load_work(fixture);
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT \"STATUS\" FROM visits WHERE \"UC / MD\" = '100'", "CLOSED");
    expect_query("SELECT \"HORA\" FROM visits WHERE \"UC / MD\" = '100'", NULL);
    expect_query("SELECT \"DATA_EXTRACAO\" FROM visits WHERE \"UC / MD\" = '100'",
                 "2026-03-20 08:30:00");
    expect_query("SELECT \"STATUS\" FROM visits WHERE \"UC / MD\" = '200'", "OPEN");
    struct snapshot held = snapshot_of(fixture, fixture_window(1, 9));
    assert_true(hash128_equal(find_held(&held, 1)->fingerprint, fixture_hash(11)));
    snapshot_done(&held);
}

static void a_delete_removes_its_row_only(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_remove(&fixture->work, 2, 3);
    load_work(fixture);
    expect_query("SELECT count(*) FROM visits", "2");
    expect_query("SELECT count(*) FROM visits WHERE \"UC / MD\" = '200'", "0");
}

static void an_unchanged_window_writes_no_row(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    run_sql("UPDATE visits SET \"DATA_EXTRACAO\" = '2020-01-01 00:00:00'");
    work_add(&fixture->work, ROW_SAME, (struct line){"100", "OPEN", 2, "08:00:00", 1, 10});
    work_add(&fixture->work, ROW_SAME, (struct line){"200", "OPEN", 3, NULL, 2, 20});
    load_work(fixture);
    expect_query("SELECT count(*) FROM visits WHERE \"DATA_EXTRACAO\" = '2020-01-01 00:00:00'",
                 "3");
    expect_query("SELECT count(*) FROM etl_changes", "0");
    expect_query("SELECT count(*) FROM etl_windows", "2");
}

/* Snapshots */

static void a_snapshot_holds_the_owned_days_and_no_others(void **state)
{
    struct fixture *fixture = *state;

    for (int day = 1; day <= 6; day++)
        work_add(&fixture->work, ROW_INSERT,
                 (struct line){"1", "", day, NULL, (uint64_t)day, 100 + (uint64_t)day});
    load_work(fixture);
    struct snapshot held =
        snapshot_of(fixture, fixture_window(3, 5)); /* the window asks for day 6 too */
    assert_int_equal(held.count, 3);
    assert_int_equal(held.dated, 3);
    for (uint64_t key = 3; key <= 5; key++) {
        assert_non_null(find_held(&held, key));
        assert_true(hash128_equal(find_held(&held, key)->fingerprint, fixture_hash(100 + key)));
        assert_false(find_held(&held, key)->undated);
    }
    snapshot_done(&held);
}

static void undated_rows_are_in_every_snapshot(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    struct snapshot held = snapshot_of(fixture, fixture_window(20, 25));
    assert_int_equal(held.count, 1);
    assert_int_equal(held.dated, 0);
    assert_true(find_held(&held, 3) && find_held(&held, 3)->undated);
    snapshot_done(&held);
}

static void a_window_without_days_holds_the_undated_rows_and_may_delete_them(void **state)
{
    struct fixture *fixture = *state;
    struct window none = {.first = march(1), .last = march(9), .own_first = 0, .own_last = -1};

    first_load(fixture);
    struct snapshot held = snapshot_of(fixture, none);
    assert_int_equal(held.count, 1);
    snapshot_done(&held);
    work_remove(&fixture->work, 3, 0);
    expect_success(fixture, fixture_load(fixture->dest, none, &fixture->work, &fixture->err));
    expect_query("SELECT count(*) FROM visits", "2");
    expect_query("SELECT window_date FROM etl_changes", NULL);
    expect_json("SELECT key FROM etl_changes", "{\"UC / MD\":\"300\",\"DATA_EXECUCAO\":null}");
}

static void a_hash_keeps_all_its_bits(void **state)
{
    struct fixture *fixture = *state;
    const struct hash128 key = {.high = UINT64_C(0xFEDCBA9876543210), .low = 0};
    const struct hash128 print = {.high = 0, .low = UINT64_C(0x8000000000000001)};

    work_add(&fixture->work, ROW_INSERT, (struct line){"1", "", 2, NULL, 1, 10});
    fixture->work.batch.rows[0].key = key;
    fixture->work.batch.rows[0].fingerprint = print;
    load_work(fixture);
    struct snapshot held = snapshot_of(fixture, fixture_window(1, 9));
    assert_true(hash128_equal(held.rows[0].key, key));
    assert_true(hash128_equal(held.rows[0].fingerprint, print));
    snapshot_done(&held);
}

/* Plans that do not fit the table */

static void a_key_that_is_twice_in_a_plan_is_refused(void **state)
{
    struct fixture *fixture = *state;

    work_add(&fixture->work, ROW_INSERT, (struct line){"1", "", 2, NULL, 1, 10});
    work_add(&fixture->work, ROW_INSERT, (struct line){"1", "", 2, NULL, 1, 11});
    expect_failure(fixture, apply_work(fixture), "insert");
    destination_rollback(fixture->dest);
    expect_query("SELECT count(*) FROM visits", "0");
    first_load(fixture);
}

static void a_key_that_the_table_has_is_not_inserted_again(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_add(&fixture->work, ROW_INSERT, (struct line){"300", "", 0, NULL, 3, 31});
    expect_failure(fixture, apply_work(fixture), "insert");
    destination_rollback(fixture->dest);
    expect_query("SELECT count(*) FROM visits", "3");
}

static void a_row_that_is_not_there_is_neither_updated_nor_deleted(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_remove(&fixture->work, 1, 2);
    work_remove(&fixture->work, 99, 2);
    expect_failure(fixture, apply_work(fixture), "delete");
    destination_rollback(fixture->dest);
    work_done(&fixture->work);
    work_init(&fixture->work);
    work_add(&fixture->work, ROW_UPDATE, (struct line){"900", "", 2, NULL, 99, 1});
    expect_failure(fixture, apply_work(fixture), "update");
    destination_rollback(fixture->dest);
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM etl_changes", "0");
}

static void a_row_of_another_window_is_out_of_reach(void **state)
{
    struct fixture *fixture = *state;
    const struct window elsewhere = fixture_window(20, 25);

    first_load(fixture);
    work_remove(&fixture->work, 1, 2);
    expect_failure(fixture, fixture_apply(fixture->dest, elsewhere, &fixture->work, &fixture->err),
                   "delete");
    destination_rollback(fixture->dest);
    expect_query("SELECT count(*) FROM visits", "3");
}

static void a_row_outside_the_owned_days_is_not_inserted(void **state)
{
    static const int cases[] = {19, 26}; /* day 26 is asked for, but the next window owns it */
    static const char *const words[] = {"2026-03-19", "2026-03-26"};
    const struct window window = fixture_window(20, 25);
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        work_done(&fixture->work);
        work_init(&fixture->work);
        work_add(&fixture->work, ROW_INSERT, (struct line){"1", "", cases[i], NULL, 1, 10});
        expect_failure(fixture, fixture_apply(fixture->dest, window, &fixture->work, &fixture->err),
                       words[i]);
        destination_rollback(fixture->dest);
    }
    expect_query("SELECT count(*) FROM visits", "0");
}

int contract_of_rows(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(a_first_load_writes_every_cell_as_it_is),
        CONTRACT_TEST(nulls_and_empty_texts_stay_apart),
        CONTRACT_TEST(any_text_comes_back_byte_for_byte),
        CONTRACT_TEST(an_update_replaces_every_cell),
        CONTRACT_TEST(a_delete_removes_its_row_only),
        CONTRACT_TEST(an_unchanged_window_writes_no_row),
        CONTRACT_TEST(a_snapshot_holds_the_owned_days_and_no_others),
        CONTRACT_TEST(undated_rows_are_in_every_snapshot),
        CONTRACT_TEST(a_window_without_days_holds_the_undated_rows_and_may_delete_them),
        CONTRACT_TEST(a_hash_keeps_all_its_bits),
        CONTRACT_TEST(a_key_that_is_twice_in_a_plan_is_refused),
        CONTRACT_TEST(a_key_that_the_table_has_is_not_inserted_again),
        CONTRACT_TEST(a_row_that_is_not_there_is_neither_updated_nor_deleted),
        CONTRACT_TEST(a_row_of_another_window_is_out_of_reach),
        CONTRACT_TEST(a_row_outside_the_owned_days_is_not_inserted),
    };

    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
