/* SPDX-License-Identifier: MIT */
/* Runs, loaded days, windows that were not loaded, and rejects, in a real ClickHouse. */
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"

#include <string.h>

static void a_run_has_a_start_and_an_end(void **state)
{
    const struct run unknown = {.id = "run-9", .mode = "full"};
    struct click *click = *state;

    click_succeeded(click, destination_start_run(click->dest, &fixture_run, &click->err));
    click_succeeded(click, destination_start_run(click->dest, &fixture_run, &click->err));
    click_expect("SELECT count() FROM etl_runs", "1");
    click_expect("SELECT started_at FROM etl_runs", "2026-03-01T09:00:00-03:00");
    click_expect("SELECT ended_at FROM etl_runs", "NULL");
    click_succeeded(click,
                    destination_end_run(click->dest, &fixture_run, 3, 1772370000, &click->err));
    click_expect("SELECT ended_at FROM etl_runs", "2026-03-01T10:00:00-03:00");
    click_expect("SELECT exit_code FROM etl_runs", "3");
    click_expect("SELECT mode FROM etl_runs", "full");
    assert_false(destination_end_run(click->dest, &unknown, 0, 0, &click->err));
    assert_non_null(strstr(click->err.message, "there is no run run-9"));
}

/* Loads days 1 to 9 of March at another time than the first load. */
static void load_on(struct click *click, int day, int own_first, int own_last)
{
    const struct window window = fixture_window(own_first, own_last);
    struct ledger_entry entry = fixture_entry(window);

    entry.started_at = 1772366400 + (day - 1) * 86400; /* March 1 and so on, 9:00 */
    entry.ended_at = entry.started_at + 60;
    click_succeeded(click, destination_begin(click->dest, &fixture_report, window, &click->err));
    click_succeeded(click, destination_commit(click->dest, &entry, &click->err));
}

static void a_day_counts_as_loaded_if_it_was_over(void **state)
{
    struct click *click = *state;
    bool days[20] = {false};

    load_on(click, 8, 7, 9);
    click_succeeded(
        click, destination_begin(click->dest, &fixture_report, fixture_window(1, 20), &click->err));
    click_succeeded(click, destination_loaded_days(click->dest, days, &click->err));
    for (int day = 1; day <= 20; day++)
        assert_int_equal(days[day - 1], day == 7);
}

static void a_window_that_was_not_loaded_is_noted_and_changes_nothing(void **state)
{
    struct click *click = *state;
    struct ledger_entry entry = fixture_entry(fixture_window(1, 9));

    entry.status = WINDOW_HELD;
    entry.reason = "it's too few \\ rows";
    click_succeeded(click, destination_record(click->dest, &entry, &click->err));
    click_expect("SELECT reason FROM etl_windows WHERE status = 'held'",
                 "it\\'s too few \\\\ rows");
    click_expect(CLICK_ROWS, CLICK_FIRST_ROWS);
}

static void add_reject(struct click *click, uint64_t id, const char *raw)
{
    batch_reject(&click->work.batch, "a.csv", id, "no date", raw, strlen(raw))->id =
        fixture_hash(id);
}

static void keep_rejects(struct click *click, bool and_commit)
{
    click_apply(click);
    click_succeeded(click,
                    destination_reject(click->dest, &fixture_run, &click->work.batch, &click->err));
    if (and_commit)
        click_commit(click);
    else
        destination_rollback(click->dest);
}

static void rejects_are_kept_once_and_with_their_window(void **state)
{
    struct click *click = *state;

    add_reject(click, 7, "a;b\tc\n'd'");
    keep_rejects(click, false);
    click_expect("SELECT count() FROM etl_rejects", "0");
    keep_rejects(click, true);
    click_expect("SELECT raw FROM etl_rejects", "a;b\\tc\\n\\'d\\'");
    add_reject(click, 8, "");
    keep_rejects(click, true);
    keep_rejects(click, true);
    click_expect("SELECT count() FROM etl_rejects", "2");
    click_expect("SELECT count() FROM etl_rejects_log", "3"); /* with that of the rollback */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLICK_TEST(a_run_has_a_start_and_an_end),
        CLICK_TEST(a_day_counts_as_loaded_if_it_was_over),
        CLICK_TEST(a_window_that_was_not_loaded_is_noted_and_changes_nothing),
        CLICK_TEST(rejects_are_kept_once_and_with_their_window),
    };

    if (!click_begin_tests(1))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_ledger", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
