/* SPDX-License-Identifier: MIT */
/* The timetable: what is due next, by São Paulo's clock. */
#include "base/clock.h"
#include "run/schedule.h"
#include "tests/support/unit.h"

#include <string.h>

enum { MONDAY_TO_SATURDAY = 0x7E, SUNDAY = 0x01 };

static const struct timetable sigos = {
    .incremental = {.days = MONDAY_TO_SATURDAY,
                    .first = 9 * 60 + 30,
                    .last = 18 * 60 + 30,
                    .every = 60},
    .full = {.days = SUNDAY, .first = 10 * 60, .last = 10 * 60, .every = 24 * 60},
};

static time_t at(const char *local)
{
    struct tm civil = {.tm_isdst = -1};

    assert_non_null(strptime(local, "%Y-%m-%d %H:%M:%S", &civil));
    return mktime(&civil);
}

static void the_next_start_is_the_one_of_the_timetable(void **state)
{
    static const struct {
        const char *now, *next;
        enum cycle_mode mode;
    } cases[] = {
        {"2026-11-23 00:00:00", "2026-11-23 09:30:00", MODE_INCREMENTAL}, /* a Monday */
        {"2026-11-23 09:29:59", "2026-11-23 09:30:00", MODE_INCREMENTAL},
        {"2026-11-23 09:30:00", "2026-11-23 10:30:00", MODE_INCREMENTAL},
        {"2026-11-23 18:29:59", "2026-11-23 18:30:00", MODE_INCREMENTAL},
        {"2026-11-23 18:30:00", "2026-11-24 09:30:00", MODE_INCREMENTAL},
        {"2026-11-28 18:30:00", "2026-11-29 10:00:00", MODE_FULL}, /* Saturday evening */
        {"2026-11-29 10:00:00", "2026-11-30 09:30:00", MODE_INCREMENTAL},
        {"2026-12-31 20:00:00", "2027-01-01 09:30:00", MODE_INCREMENTAL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct due due;
        char shown[CLOCK_STAMP_SIZE];
        assert_true(schedule_next(&sigos, at(cases[i].now), &due));
        assert_string_equal(clock_format_local(due.at, shown), cases[i].next);
        assert_int_equal(due.mode, cases[i].mode);
    }
}

static void a_week_has_sixty_hourly_starts_and_one_full(void **state)
{
    time_t now = at("2026-11-22 00:00:00"), end = at("2026-11-29 00:00:00");
    struct due due;
    int incremental = 0, full = 0;

    (void)state;
    while (schedule_next(&sigos, now, &due) && due.at < end) {
        incremental += due.mode == MODE_INCREMENTAL;
        full += due.mode == MODE_FULL;
        now = due.at;
    }
    assert_int_equal(incremental, 60);
    assert_int_equal(full, 1);
}

static void where_both_begin_the_full_cycle_goes_first(void **state)
{
    struct timetable both = sigos;
    struct due due;

    (void)state;
    both.full.days = 0x7F;
    both.full.first = both.full.last = 9 * 60 + 30;
    assert_true(schedule_next(&both, at("2026-11-23 00:00:00"), &due));
    assert_int_equal(due.mode, MODE_FULL);
}

static void an_empty_timetable_never_runs(void **state)
{
    struct timetable never = {0};
    struct due due;

    (void)state;
    assert_false(schedule_next(&never, at("2026-11-23 00:00:00"), &due));
}

static int sao_paulo(void **state)
{
    struct error err;

    (void)state;
    return clock_set_zone("America/Sao_Paulo", &err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_start_is_the_one_of_the_timetable),
        cmocka_unit_test(a_week_has_sixty_hourly_starts_and_one_full),
        cmocka_unit_test(where_both_begin_the_full_cycle_goes_first),
        cmocka_unit_test(an_empty_timetable_never_runs),
    };

    return cmocka_run_group_tests_name("schedule", tests, sao_paulo, NULL);
}
