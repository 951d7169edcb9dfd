/* SPDX-License-Identifier: MIT */
/* The age that the head of a page tells: only the working hours between two moments count. */
#include "pages/freshness.h"
#include "tests/unit/test_timetable.h"

/* 9:30 to 19:30 from Monday to Saturday; 0 = Monday. */
static const struct working_hours usual = {
    .from = {570, 570, 570, 570, 570, 570, 0},
    .to = {1170, 1170, 1170, 1170, 1170, 1170, 0},
};

static void nights_and_sundays_do_not_age_the_copy(void **state)
{
    static const struct {
        const char *from, *to;
        int64_t minutes;
    } cases[] = {
        {"2026-11-23 10:00:00", "2026-11-23 10:45:00", 45},            /* a Monday */
        {"2026-11-23 10:00:59", "2026-11-23 10:01:00", 1},             /* by the clock's minutes */
        {"2026-11-23 08:00:00", "2026-11-23 10:00:00", 30},            /* from 9:30 on */
        {"2026-11-23 19:00:00", "2026-11-23 23:59:00", 30},            /* until 19:30 */
        {"2026-11-23 20:00:00", "2026-11-24 09:30:00", 0},             /* a night */
        {"2026-11-23 19:00:00", "2026-11-24 10:00:00", 30 + 30},       /* over a night */
        {"2026-11-28 19:30:00", "2026-11-30 09:30:00", 0},             /* a Sunday */
        {"2026-11-28 18:30:00", "2026-11-30 10:30:00", 60 + 60},       /* over a Sunday */
        {"2026-11-29 08:00:00", "2026-11-29 20:00:00", 0},             /* within a Sunday */
        {"2026-11-16 00:00:00", "2026-11-23 00:00:00", 6 * 600},       /* a week */
        {"2026-11-16 12:00:00", "2026-11-23 12:00:00", 6 * 600},       /* another */
        {"2026-11-23 10:45:00", "2026-11-23 10:45:00", 0},             /* no time */
        {"2026-11-23 10:45:00", "2026-11-23 10:00:00", 0},             /* the clock was set back */
        {"2026-12-31 19:00:00", "2027-01-01 10:00:00", 30 + 30},       /* over a year's end */
        {"2028-02-28 19:00:00", "2028-03-01 10:00:00", 30 + 600 + 30}, /* over a leap day */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int64_t minutes = working_minutes(&usual, at(cases[i].from), at(cases[i].to));
        if (minutes != cases[i].minutes)
            fail_msg("%s to %s: %lld minutes", cases[i].from, cases[i].to, (long long)minutes);
    }
}

/* Counts minute after minute, which is slow and cannot be wrong. */
static int64_t counted(const struct working_hours *hours, time_t from, time_t to)
{
    int64_t minutes = 0;

    for (time_t now = from; now < to; now += 60) {
        struct tm civil;
        localtime_r(&now, &civil);
        const int day = (civil.tm_wday + 6) % 7, minute = civil.tm_hour * 60 + civil.tm_min;
        minutes += minute >= hours->from[day] && minute < hours->to[day];
    }
    return minutes;
}

static void any_hours_count_as_a_clock_counts_them(void **state)
{
    static const struct working_hours uneven = {
        .from = {0, 1, 720, 1439, 600, 0, 300},
        .to = {1440, 2, 720, 1440, 599, 0, 1300},
    };
    const time_t begin = at("2026-11-23 00:00:00");

    (void)state;
    for (time_t from = begin; from < begin + 8 * 86400; from += 7 * 3600 + 11 * 60)
        for (time_t to = from; to < from + 9 * 86400; to += 31 * 3600 + 17 * 60) {
            assert_int_equal(working_minutes(&uneven, from, to), counted(&uneven, from, to));
            assert_int_equal(working_minutes(&usual, from, to), counted(&usual, from, to));
        }
}

static void an_age_of_many_years_is_a_years(void **state)
{
    const struct working_hours always = {.to = {1440, 1440, 1440, 1440, 1440, 1440, 1440}};
    const time_t to = at("2026-11-23 00:00:00");

    (void)state;
    assert_int_equal(working_minutes(&always, at("2000-01-01 00:00:00"), to), 366 * 1440);
    assert_int_equal(working_minutes(&always, 0, to), 366 * 1440);
    assert_int_equal(working_minutes(&(struct working_hours){.from = {0}}, 0, to), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nights_and_sundays_do_not_age_the_copy),
        cmocka_unit_test(any_hours_count_as_a_clock_counts_them),
        cmocka_unit_test(an_age_of_many_years_is_a_years),
    };

    return cmocka_run_group_tests_name("pages_freshness", tests, sao_paulo, NULL);
}
