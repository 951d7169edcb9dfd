/* SPDX-License-Identifier: MIT */
/* A report's YAML: the rules for keys, window dates, derivations, headers and steps, and what is
 * said where one is broken. */
#include "tests/support/report_text.h"
#include "tests/support/unit.h"

static void a_key_column_that_is_no_column_is_refused_with_file_and_line(void **state)
{
    static const struct report_mistake mistakes[] = {
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

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void the_window_date_is_a_date_of_the_key(void **state)
{
    static const struct report_mistake mistakes[] = {
        {34, "  - TEAM",
         "items.yaml:35: window_date: column \"DAY\" must be part of the key: windows own rows by "
         "it, so a row on another day is another row"},
        {35, "window_date: ID", "items.yaml:35: window_date: column \"ID\" must be a date"},
        {35, "window_date: DAI",
         "items.yaml:35: window_date: column \"DAI\" is no column of this report; did you mean "
         "\"DAY\"?"},
    };
    (void)state;

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void a_derivation_needs_a_text_from_the_file(void **state)
{
    static const struct report_mistake mistakes[] = {
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

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void a_header_belongs_to_one_column_or_is_dropped(void **state)
{
    static const struct report_mistake mistakes[] = {
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

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void one_header_in_two_spellings_is_no_conflict(void **state)
{
    struct arena arena = {0};
    struct report report;
    struct error err = {0};
    (void)state;

    assert_true(report_text_read(24, "  - {name: TEAM, type: text, from: [Equipe, EQUIPE, Équipe]}",
                                 &arena, &report, &err));
    arena_done(&arena);
}

static void a_list_that_is_needed_is_not_empty(void **state)
{
    static const struct report_mistake mistakes[] = {
        {13, "  files: []", "items.yaml:13: export.files: needs at least one entry"},
        {24, "  - {name: TEAM, type: text, from: []}",
         "items.yaml:24: columns.from: needs at least one entry"},
        {12, "    - click: []", "items.yaml:12: export.window.click: needs at least one entry"},
        {12, "    - click: ['#go', '']", "items.yaml:12: export.window.click: is empty"},
    };
    (void)state;

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void a_step_does_one_thing_with_what_it_needs(void **state)
{
    static const struct report_mistake mistakes[] = {
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

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void a_window_sets_both_days_and_ends_with_a_click(void **state)
{
    static const struct report_mistake mistakes[] = {
        {12, "    - {wait: '#go'}",
         "items.yaml:12: export.window: the last step must be the click that starts the download"},
        {11, "      value: first",
         "items.yaml:8: export.window: no step sets the last day (date: …, value: last)"},
        {9, "      value: last",
         "items.yaml:8: export.window: no step sets the first day (date: …, value: first)"},
    };
    (void)state;

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

static void names_and_patterns_are_such_that_they_can_be_used(void **state)
{
    static const struct report_mistake mistakes[] = {
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

    report_text_expect_refused(mistakes, COUNT(mistakes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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

    return cmocka_run_group_tests_name("config_report_rules", tests, NULL, NULL);
}
