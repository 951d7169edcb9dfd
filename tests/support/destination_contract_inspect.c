/* SPDX-License-Identifier: MIT */
/* The contract of destinations: inspection, which writes nothing. */
#include "tests/support/destination_contract_parts.h"

#include "load/history.h"
#include "load/destination_open.h"

static enum destination_state look(struct fixture *fixture, const struct report *report)
{
    enum destination_state state;

    expect_success(fixture, destination_inspect(fixture->dest, report, &state, &fixture->err));
    return state;
}

static void looking_tells_what_a_load_would_find(void **state)
{
    struct report absent = fixture_report;
    struct fixture *fixture = *state;

    absent.name = "absent";
    assert_int_equal(look(fixture, NULL), DESTINATION_READY);
    assert_int_equal(look(fixture, &fixture_report), DESTINATION_READY);
    assert_int_equal(look(fixture, &absent), DESTINATION_EMPTY);
    assert_int_equal(look(fixture, &absent), DESTINATION_EMPTY); /* the inspection made no table */
}

static void a_column_that_was_dropped_is_noted_by_migrating_only(void **state)
{
    struct fixture *fixture = *state;
    enum destination_state found;
    bool added;

    expect_success(fixture, destination_add_column(fixture->dest, &fixture_report, "ZONE",
                                                   &fixture_run, &added, &fixture->err));
    assert_int_equal(look(fixture, &fixture_report), DESTINATION_READY);
    run_sql("ALTER TABLE visits DROP COLUMN \"ZONE\"");
    bool ok = destination_inspect(fixture->dest, &fixture_report, &found, &fixture->err);
    expect_failure(fixture, ok, "was dropped: `etl-sigos check`");
    expect_query("SELECT count(*) FROM etl_columns", "1");
    expect_success(fixture, destination_migrate(fixture->dest, &fixture_report, &fixture->err));
    assert_int_equal(look(fixture, &fixture_report), DESTINATION_READY);
}

static void what_was_opened_to_read_cannot_write(void **state)
{
    const struct run second = {.id = "run-2", .mode = "full", .started_at = 1772370000};
    struct fixture *fixture = *state;
    struct destination *reader = NULL;
    size_t rows = 0;

    first_load(fixture);
    expect_success(
        fixture, destination_open_existing(fixture->url, DESTINATION_READ, &reader, &fixture->err));
    assert_non_null(reader);
    expect_success(fixture, history_count_rows(reader, &fixture_report, fixture_window(1, 2), &rows,
                                               &fixture->err));
    assert_int_equal(rows, 1);
    bool ok = destination_start_run(reader, &second, &fixture->err);
    expect_failure(fixture, ok, "read");
    destination_close(reader);
    expect_query("SELECT count(*) FROM etl_runs", "1");
}

int contract_of_looking(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(looking_tells_what_a_load_would_find),
        CONTRACT_TEST(a_column_that_was_dropped_is_noted_by_migrating_only),
        CONTRACT_TEST(what_was_opened_to_read_cannot_write),
    };

    return cmocka_run_group_tests_name("looking", tests, NULL, NULL);
}
