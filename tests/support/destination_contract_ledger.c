/* SPDX-License-Identifier: MIT */
/* The contract of destinations: the change log and the ledger. */
#include "tests/support/destination_contract_parts.h"

#include <stdio.h>
#include <string.h>

/* The change log */

static void a_first_sight_insert_is_not_a_change(void **state)
{
    first_load(*state);
    expect_query("SELECT count(*) FROM etl_changes", "0");
}

static void a_late_insert_logs_the_whole_row(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_add(&fixture->work, ROW_INSERT, (struct line){"500", "OPEN", 5, NULL, 5, 50});
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    load_work(fixture);
    expect_query("SELECT count(*) FROM etl_changes", "1");
    expect_query("SELECT op FROM etl_changes", "insert");
    expect_query("SELECT before FROM etl_changes", NULL);
    expect_json(
        "SELECT after FROM etl_changes",
        "{\"UC / MD\":\"400\",\"STATUS\":\"OPEN\",\"DATA_EXECUCAO\":\"2026-03-04\",\"HORA\":null,"
        "\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\",\"SAY \\\"HI\\\"\":\"\"}");
}

static void an_update_logs_only_the_changed_columns(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    run_sql("UPDATE visits SET \"DATA_EXTRACAO\" = '2020-01-01 00:00:00'");
    work_add(&fixture->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    load_work(fixture);
    expect_query("SELECT op FROM etl_changes", "update");
    expect_query("SELECT run_id FROM etl_changes", "run-1");
    expect_query("SELECT report FROM etl_changes", "visits");
    expect_query("SELECT window_date FROM etl_changes", "2026-03-02");
    expect_json("SELECT key FROM etl_changes",
                "{\"UC / MD\":\"100\",\"DATA_EXECUCAO\":\"2026-03-02\"}");
    expect_json(
        "SELECT before FROM etl_changes",
        "{\"STATUS\":\"OPEN\",\"HORA\":\"08:00:00\",\"DATA_EXTRACAO\":\"2020-01-01 00:00:00\"}");
    expect_json("SELECT after FROM etl_changes", "{\"STATUS\":\"CLOSED\",\"HORA\":null}");
    expect_query("SELECT count(*) FROM etl_changes c JOIN visits v ON v._row_key = c.row_key", "1");
}

static void a_delete_logs_the_whole_row(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_remove(&fixture->work, 2, 3);
    load_work(fixture);
    expect_query("SELECT op FROM etl_changes", "delete");
    expect_query("SELECT window_date FROM etl_changes", "2026-03-03");
    expect_query("SELECT after FROM etl_changes", NULL);
    expect_json(
        "SELECT before FROM etl_changes",
        "{\"UC / MD\":\"200\",\"STATUS\":\"OPEN\",\"DATA_EXECUCAO\":\"2026-03-03\",\"HORA\":null,"
        "\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\",\"SAY \\\"HI\\\"\":\"\"}");
}

static void changes_can_be_read_column_by_column(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_add(&fixture->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    work_remove(&fixture->work, 2, 3);
    load_work(fixture);
    expect_query("SELECT count(*) FROM etl_change_columns WHERE op = 'update'", "2");
    expect_query(
        "SELECT before FROM etl_change_columns WHERE column_name = 'HORA' AND op = 'update'",
        "08:00:00");
    expect_query(
        "SELECT after FROM etl_change_columns WHERE column_name = 'HORA' AND op = 'update'", NULL);
    expect_query("SELECT before FROM etl_change_columns WHERE column_name = 'SAY \"HI\"'", "");
    expect_query("SELECT count(*) FROM etl_change_columns WHERE op = 'delete' AND after IS NULL",
                 "6");
    expect_query(
        "SELECT count(*) FROM etl_change_columns WHERE mode = 'full' AND age_days > 100000", "0");
}

/* The ledger */

static void a_run_has_a_start_and_an_end(void **state)
{
    struct fixture *fixture = *state;

    expect_query("SELECT mode FROM etl_runs WHERE id = 'run-1'", "full");
    expect_query("SELECT started_at FROM etl_runs", "2026-03-01T09:00:00-03:00");
    expect_query("SELECT ended_at FROM etl_runs", NULL);
    expect_success(fixture,
                   destination_end_run(fixture->dest, &fixture_run, 3, 1772370000, &fixture->err));
    expect_query("SELECT ended_at FROM etl_runs", "2026-03-01T10:00:00-03:00");
    expect_query("SELECT exit_code FROM etl_runs", "3");
    const struct run unknown = {.id = "run-2", .mode = "full"};
    expect_failure(fixture, destination_end_run(fixture->dest, &unknown, 0, 0, &fixture->err),
                   "run");
}

static const struct ledger_entry full_entry = {
    .run_id = "run-1",
    .report = "visits",
    .status = WINDOW_HELD,
    .reason = "too few rows",
    .file = "a.csv,b.csv",
    .sha256 = "0123abcd",
    .bytes = 11,
    .rows = {.read = 12,
             .loaded = 13,
             .duplicates = 14,
             .boundary = 15,
             .rejected = 16,
             .foreign = 17,
             .unreadable = 18},
    .changes = {.inserted = 19, .updated = 20, .deleted = 21, .unchanged = 22},
    .started_at = 1772366400,
    .ended_at = 1772370000,
    .seconds = 1.5,
};

static void the_ledger_keeps_every_number(void **state)
{
    static const char *const cases[][2] = {
        {"run_id", "run-1"},
        {"report", "visits"},
        {"first", "2026-03-04"},
        {"last", "2026-03-08"},
        {"own_first", "2026-03-04"},
        {"own_last", "2026-03-07"},
        {"complete", "1"},
        {"status", "held"},
        {"reason", "too few rows"},
        {"file", "a.csv,b.csv"},
        {"sha256", "0123abcd"},
        {"bytes", "11"},
        {"rows_read", "12"},
        {"rows_loaded", "13"},
        {"rows_duplicates", "14"},
        {"rows_boundary", "15"},
        {"rows_rejected", "16"},
        {"rows_foreign", "17"},
        {"cells_unreadable", "18"},
        {"inserted", "19"},
        {"updated", "20"},
        {"deleted", "21"},
        {"unchanged", "22"},
        {"started_at", "2026-03-01T09:00:00-03:00"},
        {"ended_at", "2026-03-01T10:00:00-03:00"},
        {"seconds", "1.5"},
    };
    struct fixture *fixture = *state;
    struct ledger_entry entry = full_entry;
    char sql[128];

    entry.window = fixture_window(4, 7);
    expect_success(fixture, destination_record(fixture->dest, &entry, &fixture->err));
    for (size_t i = 0; i < COUNT(cases); i++) {
        snprintf(sql, sizeof(sql), "SELECT %s FROM etl_windows", cases[i][0]);
        expect_query(sql, cases[i][1]);
    }
}

static void a_committed_window_is_in_the_ledger(void **state)
{
    first_load(*state);
    expect_query("SELECT count(*) FROM etl_windows", "1");
    expect_query("SELECT status FROM etl_windows", "loaded");
    expect_query("SELECT own_last FROM etl_windows", "2026-03-09");
    expect_query("SELECT reason FROM etl_windows", "");
}

enum { APRIL = 1775044800 /* 2026-04-01 09:00 in São Paulo */, A_DAY = 86400 };

static void record_at(struct fixture *fixture, const char *report, enum window_status status,
                      int first, int last, time_t started_at)
{
    struct ledger_entry entry = fixture_entry(fixture_window(first, last));

    entry.report = report;
    entry.status = status;
    entry.started_at = started_at;
    expect_success(fixture, destination_record(fixture->dest, &entry, &fixture->err));
}

static void record(struct fixture *fixture, const char *report, enum window_status status,
                   int first, int last)
{
    record_at(fixture, report, status, first, last, APRIL);
}

static void expect_loaded_days(struct fixture *fixture, int first, int last, const char *expected)
{
    bool days[31] = {[3] = true}; /* the earlier value is overwritten */
    char found[32] = "";

    expect_success(fixture, destination_begin(fixture->dest, &fixture_report,
                                              fixture_window(first, last), &fixture->err));
    expect_success(fixture, destination_loaded_days(fixture->dest, days, &fixture->err));
    destination_rollback(fixture->dest);
    for (int day = first; day <= last; day++)
        found[day - first] = days[day - first] ? 'x' : '.';
    assert_string_equal(found, expected);
}

static void loaded_days_are_those_of_loaded_windows(void **state)
{
    struct fixture *fixture = *state;

    record(fixture, "visits", WINDOW_LOADED, 1, 4);
    record(fixture, "visits", WINDOW_LOADED, 8, 8);
    record(fixture, "visits", WINDOW_LOADED, 11, 20);
    record(fixture, "visits", WINDOW_HELD, 5, 6);
    record(fixture, "visits", WINDOW_REFUSED, 7, 7);
    record(fixture, "visits", WINDOW_FAILED, 9, 9);
    record(fixture, "others", WINDOW_LOADED, 1, 31);
    expect_loaded_days(
        fixture, 3, 10,
        "xx...x.."); /* the first window overlaps the days, the third one touches them */
    expect_loaded_days(fixture, 4, 11, "x...x..x"); /* the windows touch at one day */
    expect_loaded_days(fixture, 12, 15, "xxxx");    /* a window within another one */
    expect_loaded_days(fixture, 21, 25, ".....");
}

/* The removal of undated rows owns no day (run/undated_rows.h). */
static void a_window_without_days_loads_none(void **state)
{
    struct ledger_entry entry = fixture_entry(fixture_window(1, 9));
    struct fixture *fixture = *state;

    entry.window.own_first = 0;
    entry.window.own_last = -1;
    entry.started_at = APRIL;
    expect_success(fixture, destination_record(fixture->dest, &entry, &fixture->err));
    expect_loaded_days(fixture, 1, 9, ".........");
    expect_query("SELECT count(*) FROM etl_windows WHERE own_last < own_first", "1");
    expect_query("SELECT count(*) FROM etl_windows WHERE own_last > '2000-01-01'", "0");
}

/* New rows of a day that was not over when it was loaded are no change of the past. */
static void loaded_days_leave_out_days_that_were_not_over(void **state)
{
    struct fixture *fixture = *state;

    record_at(fixture, "visits", WINDOW_LOADED, 1, 9,
              APRIL - 27 * A_DAY); /* on the 5th, in the morning */
    expect_loaded_days(fixture, 1, 9, "xxxx.....");
    record_at(fixture, "visits", WINDOW_LOADED, 1, 9,
              APRIL - 26 * A_DAY + 14 * 3600); /* late on the 6th */
    expect_loaded_days(fixture, 1, 9, "xxxxx....");
}

static void add_reject(struct batch *batch, uint64_t id, uint64_t line, const char *raw)
{
    batch_reject(batch, "geral.csv", line, "too few fields", raw, strlen(raw))->id =
        fixture_hash(id);
}

static void a_reject_seen_before_is_not_stored_again(void **state)
{
    struct fixture *fixture = *state;
    struct batch *batch = &fixture->work.batch;
    const struct run later = {.id = "run-2", .mode = "full", .started_at = 1772370000};

    expect_success(fixture, destination_start_run(fixture->dest, &later, &fixture->err));
    add_reject(batch, 1, 7, "a;b");
    for (int i = 0; i < 2; i++) {
        expect_success(fixture, apply_work(fixture));
        expect_success(fixture, destination_reject(fixture->dest, i ? &later : &fixture_run, batch,
                                                   &fixture->err));
        expect_success(fixture, fixture_commit(fixture->dest, fixture_window(1, 9), &fixture->err));
        add_reject(batch, 2, 9, "c\xC3\xA7");
    }
    expect_query("SELECT count(*) FROM etl_rejects", "2");
    expect_query("SELECT run_id FROM etl_rejects WHERE line = 7", "run-1");
    expect_query("SELECT raw FROM etl_rejects WHERE line = 7", "a;b");
    expect_query("SELECT run_id FROM etl_rejects WHERE line = 9", "run-2");
    expect_query("SELECT raw FROM etl_rejects WHERE line = 9", "c\xC3\xA7");
    expect_query("SELECT reason FROM etl_rejects WHERE line = 9", "too few fields");
    expect_query("SELECT file FROM etl_rejects WHERE line = 9", "geral.csv");
    expect_query("SELECT report FROM etl_rejects WHERE line = 9", "visits");
}

int contract_of_ledger(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(a_first_sight_insert_is_not_a_change),
        CONTRACT_TEST(a_late_insert_logs_the_whole_row),
        CONTRACT_TEST(an_update_logs_only_the_changed_columns),
        CONTRACT_TEST(a_delete_logs_the_whole_row),
        CONTRACT_TEST(changes_can_be_read_column_by_column),
        CONTRACT_TEST(a_run_has_a_start_and_an_end),
        CONTRACT_TEST(the_ledger_keeps_every_number),
        CONTRACT_TEST(a_committed_window_is_in_the_ledger),
        CONTRACT_TEST(loaded_days_are_those_of_loaded_windows),
        CONTRACT_TEST(loaded_days_leave_out_days_that_were_not_over),
        CONTRACT_TEST(a_window_without_days_loads_none),
        CONTRACT_TEST(a_reject_seen_before_is_not_stored_again),
    };

    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
