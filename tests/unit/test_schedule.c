/* SPDX-License-Identifier: MIT */
/* The timetable: when the next cycle starts by a zone's clock, and what is decided of starts that
 * have come. */
#include "base/date.h"
#include "run/schedule.h"
#include "tests/unit/test_timetable.h"

#include <stdlib.h>
#include <string.h>

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

static void a_timetable_may_have_one_kind_of_cycle(void **state)
{
    struct timetable one = {.incremental = sigos.incremental};
    char shown[CLOCK_STAMP_SIZE];
    struct due due;

    (void)state;
    assert_true(schedule_next(&one, at("2026-11-28 20:00:00"), &due)); /* a Saturday */
    assert_string_equal(clock_format_local(due.at, shown), "2026-11-30 09:30:00");
    assert_int_equal(due.mode, MODE_INCREMENTAL);
    one = (struct timetable){.full = sigos.full};
    assert_true(
        schedule_next(&one, at("2026-11-29 10:00:00"), &due)); /* the next cycle is a week later */
    assert_string_equal(clock_format_local(due.at, shown), "2026-12-06 10:00:00");
    assert_int_equal(due.mode, MODE_FULL);
}

static void an_empty_timetable_never_runs(void **state)
{
    struct timetable never = {0};
    struct due due;

    (void)state;
    assert_false(schedule_next(&never, at("2026-11-23 00:00:00"), &due));
    never.full = (struct timetable_rule){.days = 0x7F, .first = 600, .last = 599, .every = 60};
    assert_false(schedule_next(&never, at("2026-11-23 00:00:00"), &due));
}

/* What is decided of the starts since `from`, while a cycle ran or not. */
static void starts_that_have_come_are_run_or_left_out(void **state)
{
    static const struct {
        const char *what, *from, *began, *ended, *now;
        enum cycle_mode ran;
        const char *run; /* NULL: nothing */
        enum cycle_mode mode;
        size_t left;
        enum left_out why; /* of the first that is left out */
    } cases[] = {
        {"nothing has come", "2026-11-23 09:30:00", NULL, NULL, "2026-11-23 10:29:59", 0, NULL, 0,
         0, 0},
        {"one is due", "2026-11-23 09:30:00", NULL, NULL, "2026-11-23 10:30:00", 0,
         "2026-11-23 10:30:00", MODE_INCREMENTAL, 0, 0},
        {"an incremental cycle ran over two", "2026-11-23 09:30:00", "2026-11-23 09:30:00",
         "2026-11-23 11:40:00", "2026-11-23 11:40:00", MODE_INCREMENTAL, NULL, 0, 2,
         LEFT_OUT_COVERED},
        {"a full cycle of Saturday ran over two", "2026-11-28 16:00:00", "2026-11-28 16:00:00",
         "2026-11-28 17:40:00", "2026-11-28 17:40:00", MODE_FULL, NULL, 0, 2, LEFT_OUT_COVERED},
        {"an incremental cycle ran over a full one", "2026-11-28 18:30:00", "2026-11-28 18:30:00",
         "2026-11-29 10:20:00", "2026-11-29 10:20:00", MODE_INCREMENTAL, "2026-11-29 10:00:00",
         MODE_FULL, 0, 0},
        {"the machine slept over three", "2026-11-23 09:00:00", NULL, NULL, "2026-11-23 11:45:00",
         0, "2026-11-23 11:30:00", MODE_INCREMENTAL, 2, LEFT_OUT_LATE},
        {"the last one is exactly as late as allowed", "2026-11-23 18:00:00", NULL, NULL,
         "2026-11-23 19:30:00", 0, "2026-11-23 18:30:00", MODE_INCREMENTAL, 0, 0},
        {"the last one is a second too late", "2026-11-23 18:00:00", NULL, NULL,
         "2026-11-23 19:30:01", 0, NULL, 0, 1, LEFT_OUT_LATE},
        {"a full one outranks", "2026-11-29 09:00:00", NULL, NULL, "2026-11-29 21:59:59", 0,
         "2026-11-29 10:00:00", MODE_FULL, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct decided decided = {.incremental = at(cases[i].from),
                                        .full = at(cases[i].from)};
        const struct ran ran = {.began = cases[i].began ? at(cases[i].began) : 0,
                                .ended = cases[i].ended ? at(cases[i].ended) : 0,
                                .mode = cases[i].ran};
        const struct decision decision = schedule_decide(&sigos, decided, ran, at(cases[i].now));
        if (decision.runs != (cases[i].run != NULL) || decision.left_count != cases[i].left)
            fail_msg("%s: %s, %zu left out", cases[i].what,
                     decision.runs ? "a cycle runs" : "no cycle runs", decision.left_count);
        if (cases[i].run) {
            assert_int_equal(decision.run.at, at(cases[i].run));
            assert_int_equal(decision.run.mode, cases[i].mode);
        }
        if (cases[i].left)
            assert_int_equal(decision.left[0].why, cases[i].why);
    }
}

static void of_two_modes_that_were_missed_the_full_cycle_runs(void **state)
{
    struct timetable both = sigos;

    (void)state;
    both.full = (struct timetable_rule){
        .days = 0x7F, .first = 10 * 60, .last = 10 * 60, .every = 1440, .late = 120};
    const time_t nine = at("2026-11-23 09:00:00");
    const struct decision decision =
        schedule_decide(&both, (struct decided){nine, nine}, (struct ran){0}, nine + 7200);
    assert_true(decision.runs);
    assert_int_equal(decision.run.mode, MODE_FULL);
    assert_int_equal(decision.left_count, 2); /* 9:30, and 10:30, which the full cycle replaces */
    assert_int_equal(decision.left[0].why, LEFT_OUT_LATE);
    assert_int_equal(decision.left[1].why, LEFT_OUT_REPLACED);
}

static void a_mode_is_decided_by_its_own_past(void **state)
{
    const struct decided decided = {.incremental = at("2026-11-29 20:00:00"),
                                    .full = at("2026-11-22 10:00:00")};
    const struct decision decision =
        schedule_decide(&sigos, decided, (struct ran){0}, at("2026-11-29 21:00:00"));

    (void)state;
    assert_true(decision.runs);
    assert_int_equal(decision.run.mode, MODE_FULL);
    assert_int_equal(decision.left_count, 0); /* the week's incremental starts were decided */
}

static void a_long_absence_is_counted_and_its_last_starts_are_named(void **state)
{
    const time_t from = at("2026-11-02 00:00:00"), now = at("2026-11-22 23:00:00");
    const struct decision decision =
        schedule_decide(&sigos, (struct decided){from, from}, (struct ran){0}, now);
    char shown[CLOCK_STAMP_SIZE];

    (void)state;
    assert_false(decision.runs);
    assert_int_equal(decision.left_count, 3 * 61);
    assert_string_equal(clock_format_local(decision.left[DECISION_LEFT_MAX - 1].due.at, shown),
                        "2026-11-22 10:00:00");
    assert_string_equal(clock_format_local(decision.left[DECISION_LEFT_MAX - 2].due.at, shown),
                        "2026-11-21 18:30:00");
}

/* The truth about a zone's clock: walks through all minutes of some years, and takes each time that
 * the clock shows first. A time that a day does not show is expected as much later as the clock was
 * put forward. */
static void expect_starts_of_years(const char *zone, const char *first, const char *last,
                                   const struct timetable_rule *rule, int shifted)
{
    const struct timetable timetable = {.incremental = *rule};
    struct error err;
    struct due due;
    size_t count = 0, on_time = 0;

    assert_true(clock_set_zone(zone, &err));
    const time_t begin = at(first), end = at(last);
    time_t now = begin - 1;
    bool *due_now = calloc((size_t)(end - begin) / 60 + 1, sizeof(*due_now));
    while (schedule_next(&timetable, now, &due) && due.at < end) {
        assert_true(due.at > now);
        assert_int_equal((due.at - begin) % 60, 0);
        due_now[(due.at - begin) / 60] = true;
        now = due.at;
        count++;
    }
    int32_t day = 0;
    bool shown[24 * 60] = {false};
    for (time_t t = begin; t < end; t += 60) {
        struct tm civil;
        localtime_r(&t, &civil);
        const int minute = civil.tm_hour * 60 + civil.tm_min;
        if (clock_day_of(t) != day) {
            day = clock_day_of(t);
            memset(shown, 0, sizeof(shown));
        }
        const bool is_start = !shown[minute] && (rule->days >> civil.tm_wday & 1) &&
                              minute >= rule->first && minute <= rule->last &&
                              (minute - rule->first) % rule->every == 0;
        shown[minute] = true;
        if (is_start && !due_now[(t - begin) / 60])
            fail_msg("%s: no start at %s", zone, ctime(&t));
        on_time += is_start;
    }
    assert_int_equal(count - on_time, shifted); /* starts at times that their day did not show */
    free(due_now);
    assert_true(clock_set_zone("America/Sao_Paulo", &err));
}

static void every_start_comes_once_however_the_clock_is_put(void **state)
{
    static const struct timetable_rule
        hourly = {.days = MONDAY_TO_SATURDAY,
                  .first = 9 * 60 + 30,
                  .last = 18 * 60 + 30,
                  .every = 60},
        nightly = {.days = 0x7F, .first = 30, .last = 30, .every = 1440},
        at_two = {.days = 0x7F, .first = 2 * 60 + 15, .last = 2 * 60 + 15, .every = 1440};

    (void)state;
    /* Brazil put the clock forward at midnight, the last time in November of 2018. */
    expect_starts_of_years("America/Sao_Paulo", "2014-01-01 00:00:00", "2020-01-01 00:00:00",
                           &hourly, 0);
    expect_starts_of_years("America/Sao_Paulo", "2014-01-01 00:00:00", "2020-01-01 00:00:00",
                           &nightly, 5);
    expect_starts_of_years("America/New_York", "2024-01-01 00:00:00", "2027-01-01 00:00:00",
                           &at_two, 3);
    /* By half an hour. */
    expect_starts_of_years("Australia/Lord_Howe", "2024-01-01 00:00:00", "2026-01-01 00:00:00",
                           &at_two, 2);
    expect_starts_of_years("UTC", "2024-01-01 00:00:00", "2025-01-01 00:00:00", &at_two, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_start_is_the_one_of_the_timetable),
        cmocka_unit_test(a_week_has_sixty_hourly_starts_and_one_full),
        cmocka_unit_test(where_both_begin_the_full_cycle_goes_first),
        cmocka_unit_test(a_timetable_may_have_one_kind_of_cycle),
        cmocka_unit_test(an_empty_timetable_never_runs),
        cmocka_unit_test(starts_that_have_come_are_run_or_left_out),
        cmocka_unit_test(of_two_modes_that_were_missed_the_full_cycle_runs),
        cmocka_unit_test(a_mode_is_decided_by_its_own_past),
        cmocka_unit_test(a_long_absence_is_counted_and_its_last_starts_are_named),
        cmocka_unit_test(every_start_comes_once_however_the_clock_is_put),
    };

    return cmocka_run_group_tests_name("schedule", tests, sao_paulo, NULL);
}
