/* SPDX-License-Identifier: MIT */
/* The reading of dates and times: valid values, empty ones and unreadable ones. */
#include "base/date.h"
#include "tests/support/unit.h"
#include "transform/values.h"

#include <string.h>

struct value_case {
    const char *text;
    enum value outcome;
    const char *expected; /* of VALUE_READ */
};

static void dates_are_day_first_or_iso_and_nothing_else(void **state)
{
    static const struct value_case cases[] = {
        {"01/03/2025", VALUE_READ, "2025-03-01"},
        {"1/3/2025", VALUE_READ, "2025-03-01"},
        {" 01/03/2025 ", VALUE_READ, "2025-03-01"},
        {"\xA0"
         "01/03/2025\xA0",
         VALUE_READ, "2025-03-01"},
        {"2025-03-01", VALUE_READ, "2025-03-01"},
        {"20250301", VALUE_READ, "2025-03-01"},
        {"01-03-2025", VALUE_READ, "2025-03-01"},
        {"12-11-2024", VALUE_READ, "2024-11-12"},
        {"13-03-2025", VALUE_READ, "2025-03-13"},
        {"01.03.2025", VALUE_READ, "2025-03-01"},
        {"29/02/2024", VALUE_READ, "2024-02-29"},
        {"22/09/1677", VALUE_READ, "1677-09-22"},
        {"11/04/2262", VALUE_READ, "2262-04-11"},
        {"", VALUE_NONE, NULL},
        {"   ", VALUE_NONE, NULL},
        {"NULL", VALUE_NONE, NULL},
        {"null", VALUE_NONE, NULL},
        {"None", VALUE_NONE, NULL},
        {"nan", VALUE_NONE, NULL},
        {"0000-00-00", VALUE_NONE, NULL},
        {"00/00/0000", VALUE_NONE, NULL},
        {"32/13/2025", VALUE_IMPOSSIBLE, NULL},
        {"29/02/2023", VALUE_IMPOSSIBLE, NULL},
        {"29/02/1900", VALUE_IMPOSSIBLE, NULL},
        {"99/99/9999", VALUE_IMPOSSIBLE, NULL},
        {"31/12/9999 00:00:00", VALUE_IMPOSSIBLE, NULL},
        {"2023-02-29", VALUE_IMPOSSIBLE, NULL},
        {"2025-13-32", VALUE_IMPOSSIBLE, NULL},
        {"03/25/2025", VALUE_UNREADABLE, NULL},
        {"03-25-2025", VALUE_UNREADABLE, NULL},
        {"2025-25-03", VALUE_UNREADABLE, NULL},
        {"30/02/2024 h", VALUE_UNREADABLE, NULL},
        {"01/03/25", VALUE_UNREADABLE, NULL},
        {"01/ 03/2025", VALUE_UNREADABLE, NULL},
        {"01/03/2025 10:22:00", VALUE_READ, "2025-03-01"},
        {"01/03/2025 10:22", VALUE_READ, "2025-03-01"},
        {"2025-03-01T00:00:00.000Z", VALUE_READ, "2025-03-01"},
        {"2025-03-01 23:59:59-03:00", VALUE_READ, "2025-03-01"},
        {"01/03/2025 01:02:03 PM", VALUE_READ, "2025-03-01"},
        {"=\"01/03/2025\"", VALUE_READ, "2025-03-01"},
        {"'"
         "01/03/2025",
         VALUE_READ, "2025-03-01"},
        {"01/03/2025 25:00", VALUE_UNREADABLE, NULL},
        {"01/03/2025 10:22 h", VALUE_UNREADABLE, NULL},
        {"01/03/2025 - 10:22", VALUE_UNREADABLE, NULL},
        {"45741", VALUE_UNREADABLE, NULL},
        {"\\N", VALUE_NONE, NULL},
        {"(null)", VALUE_NONE, NULL},
        {"#N/A", VALUE_NONE, NULL},
        {"001/03/2025", VALUE_UNREADABLE, NULL},
        {"01/03-2025", VALUE_UNREADABLE, NULL},
        {"01/03/2025/", VALUE_UNREADABLE, NULL},
        {"21/09/1677", VALUE_IMPOSSIBLE, NULL},
        {"12/04/2262", VALUE_IMPOSSIBLE, NULL},
        {"01/01/2999", VALUE_IMPOSSIBLE, NULL},
        {"2025", VALUE_UNREADABLE, NULL},
        {"2025-3-1", VALUE_UNREADABLE, NULL},
        {"2025-13-01", VALUE_UNREADABLE, NULL},
        {"20251301", VALUE_UNREADABLE, NULL},
        {"202503011", VALUE_UNREADABLE, NULL},
        {"08:30", VALUE_UNREADABLE, NULL},
        {"today", VALUE_UNREADABLE, NULL},
        {"-1/03/2025", VALUE_UNREADABLE, NULL},
        {"99999999999999999999", VALUE_UNREADABLE, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[VALUE_SIZE] = "";
        int32_t date = 0, expected = 0;
        enum value outcome = value_date(cases[i].text, strlen(cases[i].text), out, &date);
        if (outcome != cases[i].outcome)
            fail_msg("date \"%s\": outcome %d, expected %d", cases[i].text, outcome,
                     cases[i].outcome);
        if (outcome != VALUE_READ)
            continue;
        assert_string_equal(out, cases[i].expected);
        assert_true(date_parse_iso(cases[i].expected, 10, &expected));
        assert_int_equal(date, expected);
    }
}

static void times_have_hours_and_minutes_and_perhaps_seconds(void **state)
{
    static const struct value_case cases[] = {
        {"08:30", VALUE_READ, "08:30:00"},
        {"8:30", VALUE_READ, "08:30:00"},
        {"8:5:7", VALUE_READ, "08:05:07"},
        {"23:59:59", VALUE_READ, "23:59:59"},
        {"00:00", VALUE_READ, "00:00:00"},
        {" 08:30", VALUE_READ, "08:30:00"},
        {"", VALUE_NONE, NULL},
        {"NULL", VALUE_NONE, NULL},
        {"24:00", VALUE_UNREADABLE, NULL},
        {"23:60", VALUE_UNREADABLE, NULL},
        {"23:59:60", VALUE_UNREADABLE, NULL},
        {"8h30", VALUE_UNREADABLE, NULL},
        {"08:30:00.5", VALUE_UNREADABLE, NULL},
        {"08:30:", VALUE_UNREADABLE, NULL},
        {":30", VALUE_UNREADABLE, NULL},
        {"008:30", VALUE_UNREADABLE, NULL},
        {"830", VALUE_UNREADABLE, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[VALUE_SIZE] = "";
        enum value outcome = value_time(cases[i].text, strlen(cases[i].text), out);
        if (outcome != cases[i].outcome)
            fail_msg("time \"%s\": outcome %d, expected %d", cases[i].text, outcome,
                     cases[i].outcome);
        if (outcome == VALUE_READ)
            assert_string_equal(out, cases[i].expected);
    }
}

static void timestamps_are_a_date_and_perhaps_a_time(void **state)
{
    static const struct value_case cases[] = {
        {"01/03/2025 10:22:05", VALUE_READ, "2025-03-01 10:22:05"},
        {"2025-03-01T10:22", VALUE_READ, "2025-03-01 10:22:00"},
        {"01/03/2025", VALUE_READ, "2025-03-01 00:00:00"},
        {"", VALUE_NONE, NULL},
        {"01/03/2025 25:00", VALUE_UNREADABLE, NULL},
        {"01/03/2025x10:22", VALUE_UNREADABLE, NULL},
        {"10:22", VALUE_UNREADABLE, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[VALUE_SIZE] = "";
        enum value outcome = value_timestamp(cases[i].text, strlen(cases[i].text), out);
        if (outcome != cases[i].outcome)
            fail_msg("timestamp \"%s\": outcome %d, expected %d", cases[i].text, outcome,
                     cases[i].outcome);
        if (outcome == VALUE_READ)
            assert_string_equal(out, cases[i].expected);
    }
}

/* Counts the days one by one, so that the test does not share the tested arithmetic. */
static void every_day_of_ten_thousand_years_has_its_number(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t expected = DATE_MIN;
    int weekday = 1; /* 0001-01-01 was a Monday */

    (void)state;
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
            int days = lengths[month - 1] + (leap && month == 2);
            assert_false(date_valid(year, month, days + 1));
            for (int day = 1; day <= days; day++, expected++, weekday = (weekday + 1) % 7) {
                int y, m, d;
                if (date_from_civil(year, month, day) != expected)
                    fail_msg("%d-%d-%d is %d, expected %d", year, month, day,
                             date_from_civil(year, month, day), expected);
                date_to_civil(expected, &y, &m, &d);
                if (y != year || m != month || d != day || !date_valid(y, m, d))
                    fail_msg("day %d is %d-%d-%d, expected %d-%d-%d", expected, y, m, d, year,
                             month, day);
                if (date_weekday(expected) != weekday)
                    fail_msg("day %d is weekday %d, expected %d", expected, date_weekday(expected),
                             weekday);
            }
        }
    }
    assert_int_equal(expected - 1, DATE_MAX);
    assert_int_equal(date_from_civil(1970, 1, 1), 0);
}

static void a_date_that_is_none_may_have_its_month_first(void **state)
{
    static const char *const are[] = {"10/31/2025", " 1/31/2025", "10-31-2025 08:30", "02.29.2024"};
    static const char *const are_not[] = {"31/10/2025", "10/11/2025", "13/31/2025", "02/29/2023",
                                          "10/31-2025", "10/31/25",   "10 31 2025", ""};

    (void)state;
    for (size_t i = 0; i < COUNT(are); i++)
        assert_true(value_is_month_first(are[i], strlen(are[i])));
    for (size_t i = 0; i < COUNT(are_not); i++)
        assert_false(value_is_month_first(are_not[i], strlen(are_not[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_day_first_or_iso_and_nothing_else),
        cmocka_unit_test(a_date_that_is_none_may_have_its_month_first),
        cmocka_unit_test(times_have_hours_and_minutes_and_perhaps_seconds),
        cmocka_unit_test(timestamps_are_a_date_and_perhaps_a_time),
        cmocka_unit_test(every_day_of_ten_thousand_years_has_its_number),
    };

    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
