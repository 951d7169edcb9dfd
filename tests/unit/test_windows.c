/* SPDX-License-Identifier: MIT */
/* The plan of windows: the same as the Python program's, and the days that each one owns. */
#include "base/date.h"
#include "run/windows.h"
#include "tests/support/unit.h"

#include <string.h>

static int32_t day(const char *iso)
{
    int32_t date = 0;

    assert_true(date_parse_iso(iso, strlen(iso), &date));
    return date;
}

static struct window_rule general_rule(void)
{
    return (struct window_rule){
        .begin = day("2022-03-01"), .days = 30, .incremental_days = 60, .incremental_step = 30};
}

static struct window_rule return_rule(void)
{
    return (struct window_rule){.begin = day("2022-03-01"),
                                .end_offset = 1,
                                .days = 180,
                                .incremental_days = 180,
                                .incremental_step = 180,
                                .from_end = true};
}

static struct window_list plan(struct window_rule rule, enum cycle_mode mode, const char *today)
{
    struct window_list list = {0};
    struct error err;

    assert_true(windows_plan(&rule, mode, day(today), (struct day_range){0}, &list, &err));
    return list;
}

static void expect_window(const struct window_list *list, size_t at, const char *first,
                          const char *last, const char *own_first, const char *own_last)
{
    char text[4][DATE_ISO_SIZE];

    assert_true(at < list->count);
    assert_string_equal(date_format_iso(list->items[at].first, text[0]), first);
    assert_string_equal(date_format_iso(list->items[at].last, text[1]), last);
    assert_string_equal(date_format_iso(list->items[at].own_first, text[2]), own_first);
    assert_string_equal(date_format_iso(list->items[at].own_last, text[3]), own_last);
    assert_true(list->items[at].complete);
}

static void the_general_full_cycle_has_58_windows_today(void **state)
{
    struct window_list list = plan(general_rule(), MODE_FULL, "2026-11-23");

    (void)state;
    assert_int_equal(list.count, 58);
    expect_window(&list, 0, "2022-03-01", "2022-03-31", "2022-03-01", "2022-03-30");
    expect_window(&list, 1, "2022-03-31", "2022-04-30", "2022-03-31", "2022-04-29");
    expect_window(&list, 57, "2026-11-05", "2026-11-23", "2026-11-05", "2026-11-23");
    window_list_done(&list);
}

static void the_general_incremental_cycle_looks_back_sixty_days(void **state)
{
    struct window_list list = plan(general_rule(), MODE_INCREMENTAL, "2026-11-23");

    (void)state;
    assert_int_equal(list.count, 2);
    expect_window(&list, 0, "2026-09-24", "2026-10-24", "2026-09-24", "2026-10-23");
    expect_window(&list, 1, "2026-10-24", "2026-11-23", "2026-10-24", "2026-11-23");
    window_list_done(&list);
}

static void the_return_full_cycle_is_laid_from_tomorrow_backwards(void **state)
{
    struct window_list list = plan(return_rule(), MODE_FULL, "2026-11-23");

    (void)state;
    assert_int_equal(list.count, 10);
    expect_window(&list, 0, "2022-03-01", "2022-06-18", "2022-03-01", "2022-06-17");
    expect_window(&list, 1, "2022-06-18", "2022-12-15", "2022-06-18", "2022-12-14");
    expect_window(&list, 9, "2026-05-28", "2026-11-24", "2026-05-28", "2026-11-23");
    window_list_done(&list);
}

static void the_return_incremental_cycle_is_one_window(void **state)
{
    struct window_list list = plan(return_rule(), MODE_INCREMENTAL, "2026-11-23");

    (void)state;
    assert_int_equal(list.count, 1);
    expect_window(&list, 0, "2026-05-28", "2026-11-24", "2026-05-28", "2026-11-23");
    window_list_done(&list);
}

static void every_day_asked_for_has_exactly_one_owner(void **state)
{
    (void)state;
    for (int32_t today = day("2022-03-01"); today < day("2023-06-01"); today++) {
        for (int shape = 0; shape < 4; shape++) {
            struct window_rule rule = shape & 1 ? return_rule() : general_rule();
            struct window_list list = {0};
            struct error err;
            assert_true(windows_plan(&rule, shape & 2 ? MODE_FULL : MODE_INCREMENTAL, today,
                                     (struct day_range){0}, &list, &err));
            int32_t next = list.period.first;
            for (size_t i = 0; i < list.count; i++) {
                struct window window = list.items[i];
                assert_int_equal(window.own_first, next);
                assert_true(window.own_last >= window.own_first);
                assert_true(window.first == window.own_first);
                assert_true(window.last - window.first <= rule.days);
                next = window.own_last + 1;
            }
            assert_int_equal(next - 1, today);
            assert_int_equal(list.period.last, today + rule.end_offset);
            window_list_done(&list);
        }
    }
}

static void a_wish_names_the_days_to_be_owned(void **state)
{
    struct day_range range = {
        .has_first = true, .has_last = true, .first = day("2024-01-10"), .last = day("2024-01-20")};
    struct window_rule rule = return_rule();
    struct window_list list = {0};
    struct error err;

    (void)state;
    assert_true(windows_plan(&rule, MODE_FULL, day("2026-11-23"), range, &list, &err));
    assert_int_equal(list.count, 1);
    expect_window(&list, 0, "2024-01-10", "2024-01-21", "2024-01-10", "2024-01-20");
    window_list_done(&list);
}

/* On a portal that includes the last day asked for, and on one that leaves it out, an export has
 * all rows of the days that its window owns, for every profile and all requested days. */
static void no_window_owns_a_day_that_its_export_need_not_hold(void **state)
{
    const int32_t today = day("2026-11-23");

    (void)state;
    for (int offset = -2; offset <= 2; offset++) {
        for (int32_t last_offset = -40; last_offset <= 5; last_offset++) {
            for (int shape = 0; shape < 8; shape++) {
                const bool inclusive = shape & 1, has_last = shape & 2;
                struct window_rule rule = shape & 4 ? return_rule() : general_rule();
                const struct day_range range = {.has_last = has_last, .last = today + last_offset};
                struct window_list list = {0};
                struct error err;
                rule.end_offset = offset;
                assert_true(windows_plan(&rule, MODE_INCREMENTAL, today, range, &list, &err));
                for (size_t i = 0; i < list.count; i++) {
                    const struct window asked = list.items[i];
                    const struct batch export = {
                        .last_day = {.rows = inclusive && asked.last <= today}};
                    const struct window window = window_close_end(asked, &export, false);
                    assert_true(window.own_last <= asked.last);
                    assert_true(window.own_last < asked.last || export.last_day.rows > 0);
                    assert_true(!has_last || window.own_last <= today + last_offset);
                }
                /* Every requested day that the portal has is owned by a window. */
                const int32_t has = inclusive || offset > 0 ? 0 : -1;
                const int32_t most = offset < 0 ? offset + (inclusive ? 0 : -1) : has;
                const struct window last = list.items[list.count - 1];
                const struct batch export = {.last_day = {.rows = inclusive && last.last <= today}};
                const int32_t owned = window_close_end(last, &export, false).own_last - today;
                const int32_t wanted = has_last && last_offset < most ? last_offset : most;
                assert_true(owned >= wanted);
                window_list_done(&list);
            }
        }
    }
}

static void a_past_day_is_asked_for_with_the_one_after_it(void **state)
{
    struct day_range range = {
        .has_first = true, .has_last = true, .first = day("2024-01-10"), .last = day("2024-01-20")};
    struct window_rule rule = general_rule();
    struct window_list list = {0};
    struct error err;

    (void)state;
    assert_true(windows_plan(&rule, MODE_FULL, day("2026-11-23"), range, &list, &err));
    assert_int_equal(list.count, 1);
    expect_window(&list, 0, "2024-01-10", "2024-01-21", "2024-01-10", "2024-01-20");
    assert_false(list.items[0].end_open);
    window_list_done(&list);
}

static void an_open_end_is_owned_if_the_portal_includes_it(void **state)
{
    struct window_list list = plan(general_rule(), MODE_INCREMENTAL, "2026-11-23");
    const struct window open = list.items[1];
    const struct batch empty = {0}, full = {.last_day = {.rows = 1}};

    (void)state;
    assert_true(open.end_open);
    assert_int_equal(window_close_end(open, &full, false).own_last, day("2026-11-23"));
    assert_int_equal(window_close_end(open, &empty, true).own_last, day("2026-11-23"));
    assert_int_equal(window_close_end(open, &empty, false).own_last, day("2026-11-22"));
    window_list_done(&list);
}

static void a_range_without_a_day_is_refused(void **state)
{
    struct day_range range = {.has_last = true, .last = day("2022-02-01")};
    struct window_rule rule = general_rule();
    struct window_list list = {0};
    struct error err = {0};

    (void)state;
    assert_false(windows_plan(&rule, MODE_FULL, day("2026-11-23"), range, &list, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.message, "2022-03-01"));
    assert_null(list.items);
}

/* Narrows the window of a file that a person downloaded, whose requested days are unknown. */
static struct window narrowed(const int32_t *days, size_t count)
{
    const struct window asked = {
        .first = 1, .last = 999, .own_first = 1, .own_last = 999, .complete = true};
    struct row rows[8] = {0};

    for (size_t i = 0; i < count; i++)
        rows[i] = (struct row){.date = days[i], .undated = days[i] == 0};
    return window_narrow(asked, &(struct batch){.rows = rows, .row_count = count});
}

static void a_file_owns_the_days_from_its_first_to_its_last(void **state)
{
    static const struct {
        int32_t days[8];
        size_t count;
        int32_t first, last;
    } cases[] = {
        {{500}, 1, 500, 500},
        {{500, 501, 502}, 3, 500, 502},
        {{502, 501, 500}, 3, 500, 502},
        {{501, 499, 510, 500}, 4, 499, 510},
        {{0, 500, 0, 501, 0}, 5, 500, 501}, /* 0: without a day */
        {{-5, 3, 0}, 3, -5, 3},             /* days before 1970 are days like others */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct window window = narrowed(cases[i].days, cases[i].count);
        assert_int_equal(window.first, cases[i].first);
        assert_int_equal(window.last, cases[i].last);
        assert_int_equal(window.own_first, cases[i].first);
        assert_int_equal(window.own_last, cases[i].last);
        assert_true(window.complete);
    }
}

static void a_file_without_days_owns_none(void **state)
{
    static const int32_t none[] = {0, 0};

    (void)state;
    for (size_t count = 0; count <= COUNT(none); count++) {
        const struct window window = narrowed(none, count);
        assert_true(window.last < window.first);
        assert_true(window.own_last < window.own_first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_general_full_cycle_has_58_windows_today),
        cmocka_unit_test(the_general_incremental_cycle_looks_back_sixty_days),
        cmocka_unit_test(the_return_full_cycle_is_laid_from_tomorrow_backwards),
        cmocka_unit_test(the_return_incremental_cycle_is_one_window),
        cmocka_unit_test(every_day_asked_for_has_exactly_one_owner),
        cmocka_unit_test(a_wish_names_the_days_to_be_owned),
        cmocka_unit_test(no_window_owns_a_day_that_its_export_need_not_hold),
        cmocka_unit_test(a_past_day_is_asked_for_with_the_one_after_it),
        cmocka_unit_test(an_open_end_is_owned_if_the_portal_includes_it),
        cmocka_unit_test(a_range_without_a_day_is_refused),
        cmocka_unit_test(a_file_owns_the_days_from_its_first_to_its_last),
        cmocka_unit_test(a_file_without_days_owns_none),
    };

    return cmocka_run_group_tests_name("windows", tests, NULL, NULL);
}
