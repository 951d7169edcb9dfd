/* SPDX-License-Identifier: MIT */
/* Reports that grow by columns of an export: which columns may be added, and their order. */
#include "model/report.h"

#include "base/buf.h"
#include "tests/support/unit.h"

#include <stdio.h>

static const char *const statuses[] = {"Situação"};
static const char *const dropped[] = {"Obs. do fiscal"};

static const struct column columns[] = {
    {.name = "UC / MD", .type = COLUMN_TEXT},
    {.name = "STATUS", .type = COLUMN_TEXT, .from = {.items = statuses, .count = 1}},
    {.name = "taken", .type = COLUMN_TIMESTAMP, .source = COLUMN_EXTRACTED_AT},
};

static const struct report profile = {
    .name = "visits",
    .columns = columns,
    .column_count = COUNT(columns),
    .drop = {.items = dropped, .count = 1},
};

static int start(void **state)
{
    static struct grown_report grown;

    grown_report_init(&grown, &profile);
    *state = &grown;
    return 0;
}

static int end(void **state)
{
    grown_report_done(*state);
    return 0;
}

static void expect_names(const struct report *report, const char *expected)
{
    BUF_DONE struct buf names = BUF_INIT(4096);

    for (size_t i = 0; i < report->column_count; i++)
        buf_addf(&names, "%s%s", i ? "|" : "", report->columns[i].name);
    assert_string_equal(buf_text(&names), expected);
}

static void added_columns_stand_behind_the_profiles_in_the_order_of_their_names(void **state)
{
    struct grown_report *grown = *state;
    const struct report *report = &grown->report;

    expect_names(report, "UC / MD|STATUS|taken");
    grown_report_add(grown, "M");
    grown_report_add(grown, "Z");
    grown_report_add(grown, "A");
    grown_report_add(grown, "N");
    expect_names(report, "UC / MD|STATUS|taken|A|M|N|Z");
    assert_int_equal(report->added_count, 4);
    assert_int_equal(report_own_columns(report), 3);
}

static void an_added_column_is_a_text_that_comes_under_its_own_name(void **state)
{
    struct grown_report *grown = *state;

    grown_report_add(grown, "PRIORIDADE");
    const struct column *column = &grown->report.columns[3];
    assert_int_equal(column->type, COLUMN_TEXT);
    assert_int_equal(column->source, COLUMN_FROM_FILE);
    assert_false(column->required);
    assert_int_equal(column->from.count, 1);
    assert_string_equal(column->from.items[0], "PRIORIDADE");
}

static void the_profile_stays_as_it_is(void **state)
{
    grown_report_add(*state, "PRIORIDADE");
    assert_int_equal(profile.column_count, 3);
    assert_int_equal(profile.added_count, 0);
    assert_ptr_equal(profile.columns, columns);
}

#define N63 "A23456789012345678901234567890123456789012345678901234567890123"

static void what_no_table_could_tell_apart_is_not_added(void **state)
{
    static const char *const cases[][2] = {
        {"", "it has no name"},
        {N63 "4", "its name is longer than 63 bytes"},
        {"_ROW_KEY", "names that begin with _row_ are etl-sigos's own"},
        {"_ROW_X", "names that begin with _row_ are etl-sigos's own"},
        {"STATUS", "the report has a column of that name"},
        {"TAKEN", "the report has a column of that name"},
        {"PRIORIDADE", "the report has a column of that name"},
        {"SITUACAO", "the profile knows it"},
        {"OBS. DO FISCAL", "the profile knows it"},
    };
    struct grown_report *grown = *state;

    grown_report_add(grown, "PRIORIDADE");
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(report_cannot_add(&grown->report, cases[i][0]), cases[i][1]);
    assert_null(report_cannot_add(&grown->report, N63));
    assert_null(report_cannot_add(&grown->report, "_ROW"));
    assert_null(report_cannot_add(&grown->report, "PRIORIDADE 2"));
}

static void there_is_an_end_to_growth(void **state)
{
    struct grown_report *grown = *state;
    char name[32];

    for (int i = 0; i < REPORT_ADDED_MAX; i++) {
        snprintf(name, sizeof(name), "COLUMN %d", i);
        assert_null(report_cannot_add(&grown->report, name));
        grown_report_add(grown, name);
    }
    assert_string_equal(report_cannot_add(&grown->report, "ONE MORE"),
                        "100 columns were added already");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        TEST(added_columns_stand_behind_the_profiles_in_the_order_of_their_names),
        TEST(an_added_column_is_a_text_that_comes_under_its_own_name),
        TEST(the_profile_stays_as_it_is),
        TEST(what_no_table_could_tell_apart_is_not_added),
        TEST(there_is_an_end_to_growth),
    };

    return cmocka_run_group_tests_name("report_grow", tests, NULL, NULL);
}
