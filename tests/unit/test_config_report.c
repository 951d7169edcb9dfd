/* SPDX-License-Identifier: MIT */
/* A report's YAML: what is read from a good one, and the refusal of unknown keys, missing keys and
 * wrong types. */
#include "tests/support/report_text.h"

#include "base/buf.h"
#include "base/date.h"
#include "tests/support/unit.h"

#include <string.h>

static void a_report_says_what_its_file_says(void **state)
{
    struct arena arena = {0};
    struct report report;
    struct error err = {0};
    (void)state;

    if (!report_text_read(0, "", &arena, &report, &err))
        fail_msg("%s", err.message);
    assert_string_equal(report.name, "items");
    assert_string_equal(report.source_file, "items.yaml");
    assert_string_equal(report.aliases.items[0], "thing");

    assert_int_equal(report.open.count, 1);
    const struct step *open = report.open.items;
    assert_int_equal(open[0].action, STEP_SELECT);
    assert_int_equal(open[0].value, STEP_LITERAL);
    assert_string_equal(open[0].text, "all");
    assert_int_equal(open[0].at.any.count, 2);
    assert_string_equal(open[0].at.any.items[1], "#kind");
    assert_int_equal(report.window.count, 3);
    assert_int_equal(report.window.items[0].value, STEP_FIRST);
    assert_int_equal(report.window.items[1].value, STEP_LAST);
    assert_int_equal(report.window.items[2].action, STEP_CLICK);
    assert_string_equal(report.files.items[0], "items*.csv");

    assert_int_equal(report.windows.begin, date_from_civil(2022, 3, 1));
    assert_int_equal(report.windows.end_offset, 1);
    assert_int_equal(report.windows.days, 30);
    assert_int_equal(report.windows.incremental_days, 60);
    assert_int_equal(report.windows.incremental_step, 15);
    assert_true(report.windows.from_end);

    assert_true(report.limits.max_delete_ratio > 0.19 && report.limits.max_delete_ratio < 0.21);
    assert_int_equal(report.limits.min_deletes, 10);
    assert_true(report.limits.max_foreign_ratio <= 0);
    assert_int_equal(report.limits.min_rejects, 20);
    assert_int_equal(report.new_columns, NEW_COLUMNS_REFUSE);
    assert_int_equal(report.added_count, 0);
    arena_done(&arena);
}

static void other_limits_and_footers_may_be_named_and_are_usual_else(void **state)
{
    struct arena arena = {0};
    struct report report;
    struct error err = {0};

    (void)state;
    assert_true(report_text_read(0, "", &arena, &report, &err));
    assert_int_equal(report.limits.min_updates, 20);
    assert_int_equal(report.limits.confirm_days, 3);
    assert_true(report.footers.count > 10);
    arena_done(&arena);

    assert_true(
        report_text_read(42,
                         "  min_updates: 7\n  max_update_ratio: 1\n  min_unreadable: 8\n"
                         "  max_unreadable_ratio: 1\n  max_new_columns: 0\n  confirm_days: 0\n"
                         "  min_day_rows: 9\n  min_day_ratio: 1\n"
                         "footers: [SOMA*]\nnew_columns: refuse",
                         &arena, &report, &err));
    assert_int_equal(report.limits.min_updates, 7);
    assert_true(report.limits.max_update_ratio > 0.99);
    assert_int_equal(report.limits.min_unreadable, 8);
    assert_true(report.limits.max_unreadable_ratio > 0.99);
    assert_int_equal(report.limits.max_new_columns, 0);
    assert_int_equal(report.limits.confirm_days, 0);
    assert_int_equal(report.limits.min_day_rows, 9);
    assert_true(report.limits.min_day_ratio > 0.99);
    assert_int_equal(report.footers.count, 1);
    assert_string_equal(report.footers.items[0], "SOMA*");
    arena_done(&arena);
}

static void more_columns_than_a_table_holds_are_refused(void **state)
{
    BUF_DONE struct buf text = BUF_INIT(64 * 1024);
    struct arena arena = {0};
    struct report report = {0};
    struct error err = {0};
    (void)state;

    buf_add_text(&text, "columns:");
    for (int i = 0; i < 1000; i++)
        buf_addf(&text, "\n  - {name: C%d, type: text}", i);
    assert_false(report_text_read(21, buf_text(&text), &arena, &report, &err));
    assert_non_null(strstr(err.message, "entries: a table holds at most 1000 columns here"));
    arena_done(&arena);
}

static void columns_know_where_their_values_come_from(void **state)
{
    struct arena arena = {0};
    struct report report;
    struct error err = {0};
    (void)state;

    assert_true(report_text_read(0, "", &arena, &report, &err));
    assert_int_equal(report.column_count, 6);
    const struct column *columns = report.columns;
    /* Without `from`, the header is its own name. */
    assert_string_equal(columns[0].from.items[0], "ID");
    assert_true(columns[0].required); /* part of the key */
    assert_int_equal(columns[1].from.count, 2);
    assert_true(columns[2].required); /* another column is derived from it */
    assert_int_equal(columns[3].source, COLUMN_DERIVED);
    assert_int_equal(columns[3].from.count, 0);
    assert_int_equal(columns[4].source, COLUMN_EXTRACTED_AT);
    assert_false(columns[5].required);
    assert_int_equal(report.derivation_count, 1);
    assert_int_equal(report.derivations[0].column, 3);
    assert_int_equal(report.derivations[0].from, 2);
    assert_string_equal(report.derivations[0].otherwise, "");
    assert_int_equal(report.key_count, 2);
    assert_int_equal(report.key[1], 1);
    assert_int_equal(report.window_date, 1);
    assert_int_equal(report.drop.count, 2);
    arena_done(&arena);
}

static void the_end_of_the_windows_is_today_and_some_days(void **state)
{
    static const struct {
        const char *line;
        int offset;
    } cases[] = {{"  end: today", 0},
                 {"  end: today+1", 1},
                 {"  end: today + 1", 1},
                 {"  end: today - 1", -1}};
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct report report;
        struct error err = {0};
        assert_true(report_text_read(16, cases[i].line, &arena, &report, &err));
        assert_int_equal(report.windows.end_offset, cases[i].offset);
        arena_done(&arena);
    }
}

static void an_unknown_key_is_refused_with_file_and_line(void **state)
{
    static const struct report_mistake mistakes[] = {
        {17, "  dayz: 30",
         "items.yaml:17: windows: unknown key \"dayz\"; did you mean \"days\"? Known here: begin, "
         "end, days, incremental_days, incremental_step, from_end"},
        {27, "  - {name: NOTE, type: text, colour: red}",
         "items.yaml:27: columns: unknown key \"colour\"; known here: name, type, from, required"},
        {35, "window-date: DAY",
         "items.yaml:35: unknown key \"window-date\"; did you mean \"window_date\"? Known here: "
         "report, export, windows, columns, key, window_date, limits, aliases, drop, derive, "
         "extracted_at, new_columns, footers"},
    };
    (void)state;

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void a_missing_key_is_refused_with_file_and_line(void **state)
{
    static const struct report_mistake mistakes[] = {
        {35, "", "items.yaml:1: key \"window_date\" is missing"},
        {17, "", "items.yaml:15: windows: key \"days\" is missing"},
        {13, "", "items.yaml:4: export: key \"files\" is missing"},
        {22, "  - {name: ID}", "items.yaml:22: columns: key \"type\" is missing"},
        {30, "  - {name: PLACE, from: TEAM, contains: PEL, then: SUL}",
         "items.yaml:30: derive: key \"else\" is missing"},
    };
    (void)state;

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void a_wrong_type_is_refused_with_file_and_line(void **state)
{
    static const struct report_mistake mistakes[] = {
        {15, "  begin: 01/03/2022",
         "items.yaml:15: windows.begin: must be a date such as 2022-03-01, not \"01/03/2022\""},
        {15, "  begin: 2022-02-30",
         "items.yaml:15: windows.begin: must be a date such as 2022-03-01, not \"2022-02-30\""},
        {17, "  days: thirty",
         "items.yaml:17: windows.days: must be a whole number from 1 to 36600, not \"thirty\""},
        {17, "  days: 0",
         "items.yaml:17: windows.days: must be a whole number from 1 to 36600, not \"0\""},
        {17, "  days: 99999999999999999999",
         "items.yaml:17: windows.days: must be a whole number from 1 to 36600, not "
         "\"99999999999999999999\""},
        {17, "  days:",
         "items.yaml:17: windows.days: must be a whole number from 1 to 36600, not \"\""},
        {17, "  days: [30]", "items.yaml:17: windows.days: must be a single value, not a list"},
        {20, "  from_end: maybe",
         "items.yaml:20: windows.from_end: must be true or false, not \"maybe\""},
        {37, "  max_delete_ratio: 20%",
         "items.yaml:37: limits.max_delete_ratio: must be a number from 0 to 1 such as 0.2, not "
         "\"20%\""},
        {37, "  max_delete_ratio: 1.5",
         "items.yaml:37: limits.max_delete_ratio: must be a number from 0 to 1 such as 0.2, not "
         "\"1.5\""},
        {38, "  min_deletes: -1",
         "items.yaml:38: limits.min_deletes: must be a whole number from 0 to 1000000000, not "
         "\"-1\""},
        {1, "report: {name: items}", "items.yaml:1: report: must be a single value, not a mapping"},
        {1, "report: \"items\\n\"",
         "items.yaml:1: report: holds a line break or another control character"},
        {1, "report:", "items.yaml:1: report: is empty"},
        {22, "  - ID",
         "items.yaml:22: columns: must be a mapping (lines of \"key: value\"), not a single value"},
        {28, "drop: {a: b}",
         "items.yaml:28: drop: must be a list (lines that begin with \"-\"), not a mapping"},
        {31, "extracted_at: ''", "items.yaml:31: extracted_at: is empty"},
        {22, "  - {name: ID, type: number}",
         "items.yaml:22: columns.type: must be text, date, time or timestamp, not \"number\""},
    };
    (void)state;

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_says_what_its_file_says),
        cmocka_unit_test(other_limits_and_footers_may_be_named_and_are_usual_else),
        cmocka_unit_test(more_columns_than_a_table_holds_are_refused),
        cmocka_unit_test(columns_know_where_their_values_come_from),
        cmocka_unit_test(the_end_of_the_windows_is_today_and_some_days),
        cmocka_unit_test(an_unknown_key_is_refused_with_file_and_line),
        cmocka_unit_test(a_missing_key_is_refused_with_file_and_line),
        cmocka_unit_test(a_wrong_type_is_refused_with_file_and_line),
    };

    return cmocka_run_group_tests_name("config_report", tests, NULL, NULL);
}
