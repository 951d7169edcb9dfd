/* SPDX-License-Identifier: MIT */
/* The contract of destinations: columns that exports have and the profile does not. */
#include "tests/support/destination_contract_parts.h"

#include "load/history.h"
#include "model/report.h"

#include <string.h>

static bool add_column(struct fixture *fixture, const char *name, bool *added)
{
    return destination_add_column(fixture->dest, &fixture_report, name, &fixture_run, added,
                                  &fixture->err);
}

static void expect_added(struct fixture *fixture, const char *name, bool expected)
{
    bool added = !expected;

    expect_success(fixture, add_column(fixture, name, &added));
    assert_int_equal(added, expected);
}

static void an_added_column_is_null_in_the_rows_that_are_there(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    expect_added(fixture, "PRIORIDADE", true);
    expect_query("SELECT count(*) FROM visits WHERE \"PRIORIDADE\" IS NULL", "3");
    expect_query("SELECT \"STATUS\" FROM visits WHERE \"UC / MD\" = '100'", "OPEN");
    expect_query("SELECT report FROM etl_columns", "visits");
    expect_query("SELECT name FROM etl_columns", "PRIORIDADE");
    expect_query("SELECT run_id FROM etl_columns", "run-1");
    expect_query("SELECT count(*) FROM etl_columns WHERE added_at IS NULL", "0");
    expect_query("SELECT count(*) FROM etl_changes", "0");
}

static void any_name_can_be_a_column(void **state)
{
    struct fixture *fixture = *state;

    expect_added(fixture, "O \"QUE\" É; -- 100 %s?", true);
    expect_query("SELECT count(\"O \"\"QUE\"\" É; -- 100 %s?\") FROM visits", "0");
    expect_query("SELECT name FROM etl_columns", "O \"QUE\" É; -- 100 %s?");
}

/* A commit whose answer was lost is tried again. */
static void adding_it_again_changes_nothing(void **state)
{
    struct fixture *fixture = *state;

    expect_added(fixture, "PRIORIDADE", true);
    expect_added(fixture, "PRIORIDADE", true);
    expect_query("SELECT count(*) FROM etl_columns", "1");
}

static void somebody_elses_column_is_left_alone(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    run_sql("ALTER TABLE visits ADD COLUMN prioridade TEXT");
    run_sql("UPDATE visits SET prioridade = 'mine'");
    expect_added(fixture, "PRIORIDADE", false);
    expect_added(fixture, "status", false); /* a column of the profile */
    expect_query("SELECT count(*) FROM etl_columns", "0");
    if (!contract_kind()->hides_columns)
        expect_query("SELECT count(*) FROM visits WHERE prioridade = 'mine'", "3");
}

/* Makes the fixture's work with one more cell in each row. */
static void widen(struct work *work, const struct report *report, const char *const *values)
{
    struct batch wide;

    batch_init(&wide, report->column_count, 1 << 20);
    for (size_t i = 0; i < work->batch.row_count; i++) {
        struct cell cells[16];
        for (size_t c = 0; c + 1 < report->column_count; c++)
            cells[c] = batch_cell(&work->batch, i, c);
        cells[report->column_count - 1] =
            (struct cell){.text = values[i], .len = values[i] ? strlen(values[i]) : 0};
        struct row *row = batch_add_cells(&wide, cells);
        const size_t at = row->at;
        *row = work->batch.rows[i];
        row->at = at;
    }
    batch_done(&work->batch);
    work->batch = wide;
}

static void expect_loaded(struct fixture *fixture, const struct report *report)
{
    const struct window window = fixture_window(1, 9);
    const struct ledger_entry entry = fixture_entry(window);

    expect_success(fixture, destination_begin(fixture->dest, report, window, &fixture->err) &&
                                destination_apply(fixture->dest, &fixture_run, &fixture->work.batch,
                                                  &fixture->work.plan, &fixture->err) &&
                                destination_commit(fixture->dest, &entry, &fixture->err));
}

static void an_added_column_is_read_written_and_logged_like_the_others(void **state)
{
    static const char *const values[] = {"ALTA", "BAIXA", NULL};
    struct fixture *fixture = *state;
    struct grown_report grown;

    first_load(fixture);
    expect_added(fixture, "PRIORIDADE", true);
    grown_report_init(&grown, &fixture_report);
    grown_report_add(&grown, "PRIORIDADE");
    work_add(&fixture->work, ROW_UPDATE, (struct line){"100", "OPEN", 2, "08:00:00", 1, 11});
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    work_add(&fixture->work, ROW_INSERT, (struct line){"500", "OPEN", 5, NULL, 5, 50});
    widen(&fixture->work, &grown.report, values);
    expect_loaded(fixture, &grown.report);
    expect_query("SELECT \"PRIORIDADE\" FROM visits WHERE \"UC / MD\" = '100'", "ALTA");
    expect_query("SELECT \"PRIORIDADE\" FROM visits WHERE \"UC / MD\" = '400'", "BAIXA");
    expect_query("SELECT \"PRIORIDADE\" FROM visits WHERE \"UC / MD\" = '500'", NULL);
    expect_query("SELECT \"PRIORIDADE\" FROM visits WHERE \"UC / MD\" = '200'", NULL);
    expect_query("SELECT count(*) FROM etl_changes", "2");
    expect_query("SELECT column_name FROM etl_change_columns WHERE op = 'update'", "PRIORIDADE");
    expect_query("SELECT before FROM etl_change_columns WHERE op = 'update'", NULL);
    expect_query("SELECT after FROM etl_change_columns WHERE op = 'update'", "ALTA");
    expect_query("SELECT after FROM etl_change_columns"
                 " WHERE op = 'insert' AND column_name = 'PRIORIDADE'",
                 "BAIXA");
    grown_report_done(&grown);
}

static bool add_name(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)count;
    (void)err;
    buf_addf(arg, "%.*s|", (int)cells[1].len, cells[1].text);
    return true;
}

static void expect_known(struct fixture *fixture, const char *expected)
{
    const struct history_filter filter = {.report = "visits"};
    BUF_DONE struct buf names = BUF_INIT(4096);

    expect_success(fixture, history_read(fixture->dest, &history_columns, &filter, add_name, &names,
                                         &fixture->err));
    assert_string_equal(buf_text(&names), expected);
}

static void added_columns_are_known_until_somebody_drops_them(void **state)
{
    struct fixture *fixture = *state;

    expect_added(fixture, "B", true);
    expect_added(fixture, "A", true);
    expect_success(fixture, destination_migrate(fixture->dest, &fixture_report, &fixture->err));
    expect_known(fixture, "A|B|");
    run_sql("ALTER TABLE visits DROP COLUMN \"A\"");
    expect_success(fixture, destination_migrate(fixture->dest, &fixture_report, &fixture->err));
    expect_known(fixture, "B|");
    expect_added(fixture, "A", true);
    expect_known(fixture, "A|B|");
}

static void a_run_that_lost_the_lease_adds_nothing(void **state)
{
    const struct lease lease = {.run_id = "run-1", .holder = "host:1", .seconds = 60};
    struct fixture *fixture = *state;
    bool added;

    expect_success(fixture, destination_take_lease(fixture->dest, &lease, &fixture->err));
    expect_added(fixture, "A", true);
    run_sql("UPDATE etl_lease SET token = token + 1");
    assert_false(add_column(fixture, "B", &added));
    assert_int_equal(fixture->err.kind, ERROR_LOCKED);
    expect_query("SELECT count(*) FROM etl_columns", "1");
}

int contract_of_columns(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(an_added_column_is_null_in_the_rows_that_are_there),
        CONTRACT_TEST(any_name_can_be_a_column),
        CONTRACT_TEST(adding_it_again_changes_nothing),
        CONTRACT_TEST(somebody_elses_column_is_left_alone),
        CONTRACT_TEST(an_added_column_is_read_written_and_logged_like_the_others),
        CONTRACT_TEST(added_columns_are_known_until_somebody_drops_them),
        CONTRACT_TEST(a_run_that_lost_the_lease_adds_nothing),
    };

    return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
