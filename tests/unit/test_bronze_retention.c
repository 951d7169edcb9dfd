/* SPDX-License-Identifier: MIT */
/* Which exports of the bronze archive are never removed. */
#include "bronze/retention.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, FIRST_DAY = 20000 };

static struct window days(int32_t first, int32_t last)
{
    return (struct window){.first = FIRST_DAY + first,
                           .last = FIRST_DAY + last,
                           .own_first = FIRST_DAY + first,
                           .own_last = FIRST_DAY + last - 1,
                           .complete = true};
}

static struct bronze_entry export_of(const char *run, struct window window, time_t when)
{
    struct bronze_entry entry = {.kind = BRONZE_EXPORT,
                                 .report = (char *)"general_reports",
                                 .window = window,
                                 .exported_at = when};

    snprintf(entry.run, sizeof(entry.run), "%s", run);
    return entry;
}

static struct bronze_entry sweep_of(const char *run, uint64_t kept)
{
    struct bronze_entry entry = export_of(run, days(0, 1), 0);

    entry.kind = BRONZE_SWEEP;
    entry.kept = kept;
    return entry;
}

/* Expects "x" for each needless entry, "." for each other one. */
static void expect_needless(const struct bronze_entry *entries, size_t count, const char *expected)
{
    bool needless[16];
    char got[17] = "";

    retention_find_needless(entries, count, 10 * DAY, needless);
    for (size_t i = 0; i < count; i++)
        got[i] = needless[i] ? 'x' : '.';
    assert_string_equal(got, expected);
}

static void only_exports_whose_days_were_decided_again_are_needless(void **state)
{
    struct bronze_entry entries[] = {
        export_of("1", days(0, 10), 1 * DAY),  export_of("1", days(10, 20), 1 * DAY),
        export_of("1", days(20, 30), 1 * DAY), export_of("2", days(0, 10), 2 * DAY),
        export_of("3", days(5, 12), 3 * DAY),  export_of("4", days(12, 40), 30 * DAY),
    };

    (void)state;
    /* Days 0 to 9 by the 4th, 5 to 11 by the 5th, 12 to 39 by the 6th: 10 to 19 by two together. */
    expect_needless(entries, COUNT(entries), "xxx...");
    /* Young ones stay. */
    entries[0].exported_at = entries[1].exported_at = 10 * DAY;
    expect_needless(entries, COUNT(entries), "..x...");
    /* Other reports' exports decide nothing here. */
    entries[5].report = (char *)"return_reports";
    expect_needless(entries, COUNT(entries), "......");
    /* Nor do exports that lack rows of their days, or that left rows in the table. */
    entries[5].report = entries[0].report;
    entries[5].kept = 1;
    expect_needless(entries, COUNT(entries), "......");
    entries[5].kept = 0;
    entries[5].window.complete = false;
    expect_needless(entries, COUNT(entries), "......");
    /* Nor those that are gone, although what made them needless is there. */
    entries[5].window.complete = true;
    entries[2].removed = true;
    expect_needless(entries, COUNT(entries), "......");
}

static void rows_without_a_date_are_needed_until_another_run_has_swept_them(void **state)
{
    struct bronze_entry entries[] = {
        export_of("1", days(0, 10), 1 * DAY), sweep_of("1", 0),
        export_of("2", days(0, 10), 2 * DAY), sweep_of("2", 1),
        export_of("3", days(0, 10), 3 * DAY), sweep_of("3", 0),
        export_of("4", days(0, 10), 4 * DAY),
    };

    (void)state;
    expect_needless(entries, COUNT(entries), "x.x.x..");
    for (size_t i = 0; i < COUNT(entries); i += 2)
        entries[i].undated = 2;
    expect_needless(entries, COUNT(entries), "x.x....");
    expect_needless(entries, 5, "....."); /* run 2's sweep left rows: it counts for nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_exports_whose_days_were_decided_again_are_needless),
        cmocka_unit_test(rows_without_a_date_are_needed_until_another_run_has_swept_them),
    };

    return cmocka_run_group_tests_name("bronze retention", tests, NULL, NULL);
}
