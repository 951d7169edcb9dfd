/* SPDX-License-Identifier: MIT */
/* A report's YAML: what comes out of a good one, and what is said of a bad one. */
#include "config/report_yaml.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "tests/support/unit.h"

#include <string.h>

static const char *const good[] = {
    /*  1 */ "report: items",
    /*  2 */ "aliases: [thing]",
    /*  3 */ "export:",
    /*  4 */ "  open:",
    /*  5 */ "    - select: ['//select[1]', '#kind']",
    /*  6 */ "      value: all",
    /*  7 */ "  window:",
    /*  8 */ "    - date: '#first'",
    /*  9 */ "      value: first",
    /* 10 */ "    - date: '#last'",
    /* 11 */ "      value: last",
    /* 12 */ "    - click: '#go'",
    /* 13 */ "  files: items*.csv",
    /* 14 */ "windows:",
    /* 15 */ "  begin: 2022-03-01",
    /* 16 */ "  end: today + 1",
    /* 17 */ "  days: 30",
    /* 18 */ "  incremental_days: 60",
    /* 19 */ "  incremental_step: 15",
    /* 20 */ "  from_end: true",
    /* 21 */ "columns:",
    /* 22 */ "  - {name: ID, type: text}",
    /* 23 */ "  - {name: DAY, type: date, from: [Data execução, DAY]}",
    /* 24 */ "  - {name: TEAM, type: text, from: Equipe}",
    /* 25 */ "  - {name: PLACE, type: text}",
    /* 26 */ "  - {name: LOADED, type: timestamp}",
    /* 27 */ "  - {name: NOTE, type: text, from: Observação}",
    /* 28 */ "drop: [Place, Other]",
    /* 29 */ "derive:",
    /* 30 */ "  - {name: PLACE, from: TEAM, contains: PEL, then: SUL, else: ''}",
    /* 31 */ "extracted_at: LOADED",
    /* 32 */ "key:",
    /* 33 */ "  - ID",
    /* 34 */ "  - DAY",
    /* 35 */ "window_date: DAY",
    /* 36 */ "limits:",
    /* 37 */ "  max_delete_ratio: 0.2",
    /* 38 */ "  min_deletes: 10",
    /* 39 */ "  max_reject_ratio: 0.01",
    /* 40 */ "  max_foreign_ratio: 0",
    /* 41 */ "  min_rejects: 20",
    /* 42 */ "new_columns: refuse",
};

/* The good report with one of its lines (from 1; 0: none) replaced. */
static bool read_with(size_t line, const char *replacement, struct arena *arena, struct report *out,
                      struct error *err)
{
    BUF_DONE struct buf text = BUF_INIT(64 * 1024);
    struct node_file *file = NULL;

    for (size_t i = 0; i < COUNT(good); i++)
        buf_addf(&text, "%s\n", i + 1 == line ? replacement : good[i]);
    bool ok = node_open("items.yaml", buf_text(&text), text.len, arena, &file, err) &&
              report_read(node_root(file), "items.yaml", out, err);
    node_close(file);
    return ok;
}

struct mistake {
    size_t line;
    const char *replacement;
    const char *message;
};

static void expect_refused(const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};
        struct report report = {0};
        struct error err = {0};
        assert_false(read_with(mistakes[i].line, mistakes[i].replacement, &arena, &report, &err));
        assert_string_equal(err.message, mistakes[i].message);
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_null(report.name); /* untouched */
        arena_done(&arena);
    }
}

static void a_report_says_what_its_file_says(void **state)
{
    struct arena arena = {0};
    struct report report;
    struct error err = {0};
    (void)state;

    if (!read_with(0, "", &arena, &report, &err))
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
    assert_true(read_with(0, "", &arena, &report, &err));
    assert_int_equal(report.limits.min_updates, 20);
    assert_int_equal(report.limits.confirm_days, 3);
    assert_true(report.footers.count > 10);
    arena_done(&arena);

    assert_true(read_with(42,
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
    assert_false(read_with(21, buf_text(&text), &arena, &report, &err));
    assert_non_null(strstr(err.message, "entries: a table holds at most 1000 columns here"));
    arena_done(&arena);
}

static void columns_know_where_their_values_come_from(void **state)
{
    struct arena arena = {0};
    struct report report;
    struct error err = {0};
    (void)state;

    assert_true(read_with(0, "", &arena, &report, &err));
    assert_int_equal(report.column_count, 6);
    const struct column *columns = report.columns;
    assert_string_equal(columns[0].from.items[0], "ID"); /* its own name, as none is given */
    assert_true(columns[0].required);                    /* part of the key */
    assert_int_equal(columns[1].from.count, 2);
    assert_true(columns[2].required); /* another one is derived from it */
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
        assert_true(read_with(16, cases[i].line, &arena, &report, &err));
        assert_int_equal(report.windows.end_offset, cases[i].offset);
        arena_done(&arena);
    }
}

static void an_unknown_key_is_refused_with_file_and_line(void **state)
{
    static const struct mistake mistakes[] = {
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

    expect_refused(mistakes, COUNT(mistakes));
}

static void a_missing_key_is_refused_with_file_and_line(void **state)
{
    static const struct mistake mistakes[] = {
        {35, "", "items.yaml:1: key \"window_date\" is missing"},
        {17, "", "items.yaml:15: windows: key \"days\" is missing"},
        {13, "", "items.yaml:4: export: key \"files\" is missing"},
        {22, "  - {name: ID}", "items.yaml:22: columns: key \"type\" is missing"},
        {30, "  - {name: PLACE, from: TEAM, contains: PEL, then: SUL}",
         "items.yaml:30: derive: key \"else\" is missing"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void a_wrong_type_is_refused_with_file_and_line(void **state)
{
    static const struct mistake mistakes[] = {
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

    expect_refused(mistakes, COUNT(mistakes));
}

static void a_key_column_that_is_no_column_is_refused_with_file_and_line(void **state)
{
    static const struct mistake mistakes[] = {
        {33, "  - FOO", "items.yaml:33: key: column \"FOO\" is no column of this report"},
        {33, "  - TEAMS",
         "items.yaml:33: key: column \"TEAMS\" is no column of this report; did you mean "
         "\"TEAM\"?"},
        {34, "  - ID", "items.yaml:34: key: column \"ID\" comes twice"},
        {33, "  - LOADED",
         "items.yaml:33: key: column \"LOADED\" changes with every export: no row would ever be "
         "the "
         "same again"},
        {32, "key: []\nother:",
         "items.yaml:33: unknown key \"other\"; known here: report, export, "
         "windows, columns, key, window_date, limits, aliases, drop, derive, "
         "extracted_at, new_columns, footers"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void the_window_date_is_a_date_of_the_key(void **state)
{
    static const struct mistake mistakes[] = {
        {34, "  - TEAM",
         "items.yaml:35: window_date: column \"DAY\" must be part of the key: windows own rows by "
         "it, so a row on another day is another row"},
        {35, "window_date: ID", "items.yaml:35: window_date: column \"ID\" must be a date"},
        {35, "window_date: DAI",
         "items.yaml:35: window_date: column \"DAI\" is no column of this report; did you mean "
         "\"DAY\"?"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void a_derivation_needs_a_text_from_the_file(void **state)
{
    static const struct mistake mistakes[] = {
        {30, "  - {name: PLAZE, from: TEAM, contains: PEL, then: S, else: N}",
         "items.yaml:30: derive.name: column \"PLAZE\" is no column of this report; did you mean "
         "\"PLACE\"?"},
        {30, "  - {name: PLACE, from: CREW, contains: PEL, then: S, else: N}",
         "items.yaml:30: derive.from: column \"CREW\" is no column of this report"},
        {30, "  - {name: PLACE, from: DAY, contains: PEL, then: S, else: N}",
         "items.yaml:30: derive: column \"DAY\" must be a text to derive from it"},
        {30, "  - {name: DAY, from: TEAM, contains: PEL, then: S, else: N}",
         "items.yaml:30: derive: column \"DAY\" must be a text to be derived"},
        {30, "  - {name: PLACE, from: PLACE, contains: PEL, then: S, else: N}",
         "items.yaml:30: derive: column \"PLACE\" is derived from itself"},
        {30, "  - {name: PLACE, from: TEAM, contains: '', then: S, else: N}",
         "items.yaml:30: derive.contains: is empty"},
        {30, "  - {name: PLACE, from: TEAM, contains: PEL, then: S, else: }",
         "items.yaml:30: derive.else: is empty"},
        {30,
         "  - {name: PLACE, from: TEAM, contains: A, then: S, else: N}\n"
         "  - {name: PLACE, from: TEAM, contains: B, then: S, else: N}",
         "items.yaml:31: derive: column \"PLACE\" is derived twice"},
        {30,
         "  - {name: NOTE, from: PLACE, contains: A, then: S, else: N}\n"
         "  - {name: PLACE, from: TEAM, contains: B, then: S, else: N}",
         "items.yaml:30: derive: column \"PLACE\" must come from the file to derive from it"},
        {25, "  - {name: PLACE, type: text, from: Lugar}",
         "items.yaml:25: columns: column \"PLACE\" is computed, so it has neither from nor "
         "required"},
        {31, "extracted_at: NOTE",
         "items.yaml:31: extracted_at: column \"NOTE\" must be a timestamp"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void a_header_belongs_to_one_column_or_is_dropped(void **state)
{
    static const struct mistake mistakes[] = {
        {28, "drop:\n  - Other\n  - ' DATA   Execucao'",
         "items.yaml:30: drop: header \" DATA   Execucao\" cannot be dropped: column \"DAY\" takes "
         "its values from it"},
        {24, "  - {name: TEAM, type: text, from: [Equipe, '\"Id\"']}",
         "items.yaml:24: columns.from: header \"\"Id\"\" is already taken by column \"ID\""},
        {27, "  - {name: Equipe, type: text}",
         "items.yaml:27: columns: header \"Equipe\" is already taken by column \"TEAM\""},
        {27, "  - {name: NOTE, type: text, from: '\"\"'}",
         "items.yaml:27: columns.from: \"\"\"\" is no header's name"},
        {27, "  - {name: team, type: text, from: X}",
         "items.yaml:27: columns: there are two columns \"team\""},
        {27, "  - {name: _row_hash, type: text}",
         "items.yaml:27: columns: \"_row_hash\" is a technical column that every table has"},
        {27,
         "  - {name: A234567890123456789012345678901234567890123456789012345678901234, type: "
         "text}",
         "items.yaml:27: columns: name "
         "\"A234567890123456789012345678901234567890123456789012345678901234\" is longer than 63 "
         "bytes"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void one_header_in_two_spellings_is_no_conflict(void **state)
{
    struct arena arena = {0};
    struct report report;
    struct error err = {0};
    (void)state;

    assert_true(read_with(24, "  - {name: TEAM, type: text, from: [Equipe, EQUIPE, Équipe]}",
                          &arena, &report, &err));
    arena_done(&arena);
}

static void a_list_that_is_needed_is_not_empty(void **state)
{
    static const struct mistake mistakes[] = {
        {13, "  files: []", "items.yaml:13: export.files: needs at least one entry"},
        {24, "  - {name: TEAM, type: text, from: []}",
         "items.yaml:24: columns.from: needs at least one entry"},
        {12, "    - click: []", "items.yaml:12: export.window.click: needs at least one entry"},
        {12, "    - click: ['#go', '']", "items.yaml:12: export.window.click: is empty"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void a_step_does_one_thing_with_what_it_needs(void **state)
{
    static const struct mistake mistakes[] = {
        {12, "    - {click: '#go', wait: '#go'}",
         "items.yaml:12: export.window: a step has exactly one of click, fill, select, date, wait"},
        {12, "    - {value: x}",
         "items.yaml:12: export.window: a step has exactly one of click, fill, select, date, wait"},
        {12, "    - {click: '#go', value: x}",
         "items.yaml:12: export.window: click takes no value"},
        {12, "    - {wait: '#go', credential: user}",
         "items.yaml:12: export.window: wait takes no credential"},
        {12, "    - {fill: '#go'}",
         "items.yaml:12: export.window: fill needs either a value or a credential"},
        {12, "    - {select: '#go'}", "items.yaml:12: export.window: select needs a value"},
        {12, "    - {date: '#go'}",
         "items.yaml:12: export.window: date needs a value: first or last"},
        {11, "      value: yesterday",
         "items.yaml:11: export.window.value: must be first or last, not \"yesterday\""},
        {12, "    - {tap: '#go'}",
         "items.yaml:12: export.window: unknown key \"tap\"; known here: click, fill, select, "
         "date, "
         "wait, value, credential, optional"},
        {12, "    - {click: '#go', optional: true}",
         "items.yaml:12: export.window.optional: only a click of the login's steps may be "
         "optional"},
        {12, "    - {fill: '#go', credential: password}",
         "items.yaml:12: export.window.credential: only the login steps of portal.yaml may use "
         "credentials"},
        {5, "    - date: '#kind'\n      value: first\n    - select: x",
         "items.yaml:5: export.open: only the steps of export.window have days"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void a_window_sets_both_days_and_ends_with_a_click(void **state)
{
    static const struct mistake mistakes[] = {
        {12, "    - {wait: '#go'}",
         "items.yaml:12: export.window: the last step must be the click that starts the download"},
        {11, "      value: first",
         "items.yaml:8: export.window: no step sets the last day (date: …, value: last)"},
        {9, "      value: last",
         "items.yaml:8: export.window: no step sets the first day (date: …, value: first)"},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
}

static void names_and_patterns_are_such_that_they_can_be_used(void **state)
{
    static const struct mistake mistakes[] = {
        {1, "report: Items",
         "items.yaml:1: report: \"Items\" cannot be a table's name here: use at most 48 of a-z, "
         "0-9 and _, a letter first"},
        {1, "report: 1st",
         "items.yaml:1: report: \"1st\" cannot be a table's name here: use at most 48 of a-z, 0-9 "
         "and _, a letter first"},
        {13, "  files: [a.csv, down/items.csv]",
         "items.yaml:13: export.files: \"down/items.csv\" is a path: only the name of a file is "
         "compared"},
        {16, "  end: tomorrow",
         "items.yaml:16: windows.end: must be today, or such as today + 1, not \"tomorrow\""},
        {16, "  end: today + 99",
         "items.yaml:16: windows.end: must be today, or such as today + 1, not \"today + 99\""},
        {16, "  end: today + ",
         "items.yaml:16: windows.end: must be today, or such as today + 1, not \"today +\""},
    };
    (void)state;

    expect_refused(mistakes, COUNT(mistakes));
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
        cmocka_unit_test(a_key_column_that_is_no_column_is_refused_with_file_and_line),
        cmocka_unit_test(the_window_date_is_a_date_of_the_key),
        cmocka_unit_test(a_derivation_needs_a_text_from_the_file),
        cmocka_unit_test(a_header_belongs_to_one_column_or_is_dropped),
        cmocka_unit_test(one_header_in_two_spellings_is_no_conflict),
        cmocka_unit_test(a_list_that_is_needed_is_not_empty),
        cmocka_unit_test(a_step_does_one_thing_with_what_it_needs),
        cmocka_unit_test(a_window_sets_both_days_and_ends_with_a_click),
        cmocka_unit_test(names_and_patterns_are_such_that_they_can_be_used),
    };

    return cmocka_run_group_tests_name("config_report", tests, NULL, NULL);
}
