/* SPDX-License-Identifier: MIT */
/* Working hours: how old data is, and when that is too old. */
#include "base/date.h"
#include "run/freshness.h"
#include "tests/unit/test_timetable.h"

#include <string.h>
#include <time.h>

static void only_working_time_counts(void **state)
{
    static const struct {
        const char *from, *to;
        int64_t minutes;
    } cases[] = {
        {"2026-11-23 10:00:00", "2026-11-23 10:45:00", 45},         /* a Monday */
        {"2026-11-23 08:00:00", "2026-11-23 10:00:00", 30},         /* from 9:30 on */
        {"2026-11-23 18:00:00", "2026-11-24 10:00:00", 30 + 30},    /* over a night */
        {"2026-11-28 18:31:00", "2026-11-30 09:30:00", 0},          /* over a Sunday */
        {"2026-11-28 17:30:00", "2026-11-30 10:30:00", 60 + 60},    /* from Saturday to Monday */
        {"2026-11-16 00:00:00", "2026-11-23 00:00:00", 6 * 9 * 60}, /* a week */
        {"2026-11-23 10:45:00", "2026-11-23 10:00:00", 0},          /* the clock was set back */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(freshness_age(&sigos, at(cases[i].from), at(cases[i].to)),
                         cases[i].minutes);
}

static void without_working_hours_all_time_counts(void **state)
{
    const struct timetable weekly = {.full = sigos.full};

    (void)state;
    assert_int_equal(freshness_age(&weekly, at("2026-11-22 10:00:00"), at("2026-11-29 10:00:00")),
                     7 * 24 * 60);
}

static void data_is_late_after_two_and_stale_after_four_starts_that_were_missed(void **state)
{
    const time_t loaded = at("2026-11-23 10:00:00");

    (void)state;
    assert_int_equal(freshness_judge(&sigos, loaded, at("2026-11-23 12:00:00")), FRESH);
    assert_int_equal(freshness_judge(&sigos, loaded, at("2026-11-23 12:01:00")), FRESHNESS_LATE);
    assert_int_equal(freshness_judge(&sigos, loaded, at("2026-11-23 14:00:00")), FRESHNESS_LATE);
    assert_int_equal(freshness_judge(&sigos, loaded, at("2026-11-23 14:01:00")), FRESHNESS_STALE);
    assert_int_equal(freshness_judge(&sigos, 0, loaded), FRESHNESS_NEVER);
}

static void the_profile_may_set_other_limits(void **state)
{
    struct timetable patient = sigos;

    (void)state;
    patient.late_after = 5;
    patient.stale_after = 12;
    const time_t loaded = at("2026-11-23 09:30:00");
    assert_int_equal(freshness_judge(&patient, loaded, at("2026-11-23 14:30:00")), FRESH);
    assert_int_equal(freshness_judge(&patient, loaded, at("2026-11-23 14:31:00")), FRESHNESS_LATE);
    assert_int_equal(freshness_judge(&patient, loaded, at("2026-11-24 12:31:00")), FRESHNESS_STALE);
}

static void a_weekly_cycle_is_missed_after_nine_and_sixteen_days(void **state)
{
    const struct timetable weekly = {.full = sigos.full}, never = {0};
    const time_t loaded = at("2026-11-01 10:00:00");

    (void)state;
    assert_int_equal(freshness_judge(&weekly, loaded, at("2026-11-10 10:00:00")), FRESH);
    assert_int_equal(freshness_judge(&weekly, loaded, at("2026-11-10 10:01:00")), FRESHNESS_LATE);
    assert_int_equal(freshness_judge(&weekly, loaded, at("2026-11-17 10:01:00")), FRESHNESS_STALE);
    assert_int_equal(freshness_judge(&never, loaded, at("2030-01-01 00:00:00")), FRESH);
}

/* A portal may leave the present day out of an export, but not the one before. */
static void data_ends_with_the_day_after_its_newest_one(void **state)
{
    const time_t loaded = at("2026-11-23 10:00:00");
    const int32_t today = date_from_civil(2026, 11, 23);

    (void)state;
    assert_int_equal(freshness_since(today, loaded), loaded);
    assert_int_equal(freshness_since(today + 1, loaded), loaded);
    assert_int_equal(freshness_since(today - 1, loaded), loaded);
    assert_int_equal(freshness_since(today - 2, loaded), at("2026-11-23 00:00:00"));
    assert_int_equal(freshness_since(today - 30, loaded), at("2026-10-26 00:00:00"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_working_time_counts),
        cmocka_unit_test(without_working_hours_all_time_counts),
        cmocka_unit_test(data_is_late_after_two_and_stale_after_four_starts_that_were_missed),
        cmocka_unit_test(the_profile_may_set_other_limits),
        cmocka_unit_test(a_weekly_cycle_is_missed_after_nine_and_sixteen_days),
        cmocka_unit_test(data_ends_with_the_day_after_its_newest_one),
    };

    return cmocka_run_group_tests_name("freshness", tests, sao_paulo, NULL);
}
