/* SPDX-License-Identifier: MIT */
/* The comparison of two windows on their common day: asking again, holding, and the portal's
 * habits.
 */
#include "run/window_overlap.h"

#include "base/date.h"
#include "base/log.h"
#include "config/profile.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { A_DAY = 3 }; /* rows of each day */

/* A portal whose answers lack or change rows without a trace in the file. */
static struct {
    int asked;
    bool exclusive;     /* no answer has the last day that was asked for */
    int32_t short_from; /* the window that begins here */
    int short_times;    /* lacks the rows of its last days, so many times */
    int short_days;
    int32_t other_from;       /* the window that begins here has other rows of its first day, */
    int other_times;          /* so many times */
    int32_t starts_late;      /* the window that begins here has no row of its first day */
    int fails_from, fails_to; /* the questions that fail, first and last; 0: none, and no end */
    enum error_kind failure;
} portal;

static char folder[] = "/tmp/etl-test.XXXXXX";
static struct profile profile;
static struct report report; /* the profile's first report, with an inclusive end */
static struct transform *transform;

static void write_cell(FILE *file, size_t column, int32_t date, int number)
{
    int year, month, day;

    date_to_civil(date, &year, &month, &day);
    if (column == report.window_date)
        fprintf(file, "%02d/%02d/%04d", day, month, year);
    else if (report.columns[column].type == COLUMN_TEXT)
        fprintf(file, "%d", number);
    fputc(';', file);
}

static void write_rows(FILE *file, int32_t first, int32_t last, struct window window)
{
    for (int32_t date = first; date <= last; date++) {
        const bool other =
            date == window.first && window.first == portal.other_from && portal.other_times > 0;
        if (date == window.first && date == portal.starts_late)
            continue;
        for (int i = 0; i < A_DAY; i++) {
            for (size_t c = 0; c < report.column_count; c++)
                if (report.columns[c].source == COLUMN_FROM_FILE)
                    write_cell(file, c, date, other ? 100 + i : i);
            fputc('\n', file);
        }
    }
}

static bool fetch(struct extractor *extractor, const struct report *asked, struct window window,
                  struct export *out, struct error *err)
{
    int32_t last = portal.exclusive ? window.last - 1 : window.last;
    char path[256];

    (void)extractor;
    (void)asked;
    portal.asked++;
    if (portal.fails_from && portal.asked >= portal.fails_from &&
        (!portal.fails_to || portal.asked <= portal.fails_to))
        return error_set(err, portal.failure, "the portal is gone");
    if (window.first == portal.short_from && portal.short_times-- > 0)
        last = window.last - portal.short_days;
    snprintf(path, sizeof(path), "%s/%d.csv", folder, portal.asked);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t c = 0; c < report.column_count; c++)
        if (report.columns[c].source == COLUMN_FROM_FILE)
            fprintf(file, "%s;", report.columns[c].from.items[0]);
    fputc('\n', file);
    write_rows(file, window.first, last, window);
    if (window.first == portal.other_from)
        portal.other_times--;
    assert_int_equal(fclose(file), 0);
    export_add(out, path);
    return true;
}

static const struct extractor_ops ops = {.fetch = fetch};
static struct extractor source = {.ops = &ops};

static const struct window march = {
    .first = 20148, .last = 20178, .own_first = 20148, .own_last = 20177, .complete = true};
static const struct window april = {
    .first = 20178, .last = 20208, .own_first = 20178, .own_last = 20208, .complete = true};

static struct preparer preparer;
static atomic_int empties;
static struct portal_habits known;
static struct prepared earlier, later;

static void settle(void)
{
    window_prepare(&preparer, march, &earlier);
    window_prepare(&preparer, april, &later);
    assert_int_equal(portal.asked, 2);
    portal_habits_learn(&known, &earlier, false);
    portal_habits_learn(&known, &later, false);
    window_overlap_compare(&preparer, &known, &earlier, &later);
}

static void expect_rows(const struct prepared *prepared, int days)
{
    assert_int_equal(prepared->error.kind, ERROR_NONE);
    assert_int_equal(prepared->batch.counts.read, days * A_DAY);
}

static void expect_held(const struct prepared *prepared, const char *words)
{
    assert_int_equal(prepared->error.kind, ERROR_HELD);
    if (!strstr(prepared->error.message, words))
        fail_msg("\"%s\" does not say \"%s\"", prepared->error.message, words);
}

static int setup(void **state)
{
    (void)state;
    memset(&portal, 0, sizeof(portal));
    known = (struct portal_habits){0};
    report.windows.end_offset = 0;
    empties = 0;
    preparer = (struct preparer){.report = &report,
                                 .extractor = &source,
                                 .transform = transform,
                                 .seconds = 60,
                                 .empties = &empties};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    prepared_done(&earlier, false);
    prepared_done(&later, false);
    return 0;
}

static void windows_are_neighbours_if_one_begins_where_the_other_ends(void **state)
{
    (void)state;
    assert_true(window_overlap_exists(march, april));
    assert_false(window_overlap_exists(april, march));
    assert_false(window_overlap_exists(march, march));
}

/* A file that was cut at the end of a line must not make whole files look cut. */
static void a_portal_that_leaves_its_last_line_open_is_not_said_to_end_it(void **state)
{
    (void)state;
    settle();
    known = (struct portal_habits){0};
    earlier.facts[0].end = FILE_END_OPEN;
    portal_habits_learn(&known, &earlier, false);
    assert_true(known.leaves_lines_open);
    portal_habits_learn(&known, &later, false);
    assert_true(known.ends_lines);
    assert_false(portal_habits_end_lines(&known, false));
    known = (struct portal_habits){0};
    /* In the other order the file with the open line is refused. */
    portal_habits_learn(&known, &later, false);
    portal_habits_learn(&known, &earlier, false);
    assert_true(portal_habits_end_lines(&known, false));
}

static void two_exports_that_agree_are_asked_for_once(void **state)
{
    (void)state;
    settle();
    assert_int_equal(portal.asked, 2);
    expect_rows(&earlier, 31);
    expect_rows(&later, 31);
}

static void exports_teach_how_the_portal_ends_them(void **state)
{
    (void)state;
    settle();
    assert_true(known.includes_last_day);
    assert_true(known.ends_lines);
    assert_false(known.hand_ends_lines);
    portal_habits_learn(&known, &earlier, true);
    assert_true(known.hand_ends_lines);
    assert_true(portal_habits_end_lines(&known, false));
    known.ends_lines = false; /* files that people save say nothing about the portal */
    assert_true(portal_habits_end_lines(&known, true));
    assert_false(portal_habits_end_lines(&known, false));
}

static void an_export_that_lacks_its_end_is_asked_for_again(void **state)
{
    (void)state;
    portal.short_from = march.first;
    portal.short_times = 1;
    portal.short_days = 9;
    settle();
    assert_int_equal(portal.asked, 3);
    expect_rows(&earlier, 31);
    expect_rows(&later, 31);
    assert_int_equal(earlier.shown.count, 22 * A_DAY); /* the days that the cut export showed */
}

static void an_export_that_begins_with_other_rows_is_asked_for_after_its_neighbour(void **state)
{
    (void)state;
    portal.other_from = april.first;
    portal.other_times = 1;
    settle();
    assert_int_equal(portal.asked, 4);
    expect_rows(&earlier, 31);
    expect_rows(&later, 31);
    assert_true(day_digest_equal(&earlier.batch.last_day, &later.batch.first_day));
}

static void an_export_that_stays_short_is_held_with_its_neighbour(void **state)
{
    (void)state;
    portal.short_from = march.first;
    portal.short_times = 9;
    portal.short_days = 9;
    settle();
    expect_held(&earlier,
                "disagree about 2025-03-31: the one from 2025-03-01 on ends with 0 rows of "
                "that day, the one up to 2025-04-30 begins with 3");
    expect_held(&later, "disagree about 2025-03-31");
}

/* The earlier export had the day, the later one has no row on it, and then a new earlier export has
 * none either. */
static void two_exports_that_agree_about_less_than_a_third_has_shown_are_held(void **state)
{
    (void)state;
    window_prepare(&preparer, march, &earlier);
    portal.exclusive = true; /* from here on */
    portal.starts_late = april.first;
    window_prepare(&preparer, april, &later);
    portal_habits_learn(&known, &earlier, false);
    window_overlap_compare(&preparer, &known, &earlier, &later);
    assert_int_equal(portal.asked, 4);
    expect_held(&earlier, "disagree about 2025-03-31");
    expect_held(&later, "rows are missing");
}

static void two_exports_with_as_many_rows_and_others_are_both_held(void **state)
{
    (void)state;
    portal.other_from = april.first;
    portal.other_times = 9;
    settle();
    expect_held(&earlier, "begins with 3 others");
    expect_held(&later, "begins with 3 others");
}

static void a_portal_that_leaves_out_the_last_day_is_believed_and_not_asked_again(void **state)
{
    (void)state;
    portal.exclusive = true;
    settle();
    assert_int_equal(portal.asked, 4);
    assert_true(known.leaves_out_last_day);
    expect_rows(&earlier, 30);
    window_overlap_compare(&preparer, &known, &earlier, &later);
    assert_int_equal(portal.asked, 4);
}

static void an_end_that_the_profile_calls_exclusive_may_be_empty(void **state)
{
    (void)state;
    portal.exclusive = true;
    report.windows.end_offset = 1;
    settle();
    assert_int_equal(portal.asked, 2);
    expect_rows(&earlier, 30);
}

/* A portal that once showed its last day has no habit of leaving it out. */
static void an_export_that_loses_just_its_last_day_is_found_if_others_had_theirs(void **state)
{
    (void)state;
    known.includes_last_day = true;
    portal.short_from = march.first;
    portal.short_times = 9;
    portal.short_days = 1;
    settle();
    expect_held(&earlier, "ends with 0 rows");
    expect_held(&later, "begins with 3");
}

static void who_accepts_what_comes_gets_it(void **state)
{
    (void)state;
    preparer.accept_shrink = true;
    portal.short_from = march.first;
    portal.short_times = 1;
    portal.short_days = 9;
    settle();
    assert_int_equal(portal.asked, 2);
    expect_rows(&earlier, 22);
}

/* Compares two exported windows that disagree, while every further question fails. */
static bool settle_and_fail(enum error_kind failure)
{
    portal.short_from = march.first;
    portal.short_times = 1;
    portal.short_days = 9;
    portal.fails_from = 3;
    portal.failure = failure;
    window_prepare(&preparer, march, &earlier);
    window_prepare(&preparer, april, &later);
    return window_overlap_compare(&preparer, &known, &earlier, &later);
}

static void a_disagreement_stays_if_asking_again_fails_and_the_failure_is_named(void **state)
{
    (void)state;
    assert_true(settle_and_fail(ERROR_PORTAL));
    assert_int_equal(portal.asked, 4);
    expect_held(&earlier, "asking again failed: the portal is gone");
    expect_held(&later, "disagree about 2025-03-31");
    expect_held(&later, "asking again failed: the portal is gone");
}

static void a_refused_login_holds_both_and_is_told_to_the_caller(void **state)
{
    (void)state;
    assert_false(settle_and_fail(ERROR_LOGIN));
    expect_held(&earlier, "the portal is gone");
    expect_held(&later, "the portal is gone");
}

static void a_stop_signal_while_asking_again_is_no_doubt_about_the_files(void **state)
{
    (void)state;
    settle_and_fail(ERROR_STOPPED);
    assert_int_equal(portal.asked, 3);
    assert_int_equal(earlier.error.kind, ERROR_STOPPED);
    assert_int_equal(later.error.kind, ERROR_STOPPED);
}

/* The second question for the earlier window fails, and the later window was the wrong one. */
static void what_is_good_is_kept_when_asking_again_fails(void **state)
{
    (void)state;
    portal.other_from = april.first;
    portal.other_times = 1;
    window_prepare(&preparer, march, &earlier);
    window_prepare(&preparer, april, &later);
    portal.fails_from = 3;
    portal.fails_to = 3;
    portal.failure = ERROR_PORTAL;
    assert_true(window_overlap_compare(&preparer, &known, &earlier, &later));
    assert_int_equal(portal.asked, 4);
    expect_rows(&earlier, 31);
    expect_rows(&later, 31);
}

/* The first export of a window was whole, the second one is cut. */
static void a_second_export_that_is_worse_does_not_replace_what_is_confirmed(void **state)
{
    (void)state;
    portal.other_from = april.first;
    portal.other_times = 1;
    window_prepare(&preparer, march, &earlier);
    window_prepare(&preparer, april, &later);
    portal.short_from = march.first;
    portal.short_times = 1;
    portal.short_days = 9;
    window_overlap_compare(&preparer, &known, &earlier, &later);
    assert_int_equal(portal.asked, 4);
    expect_rows(&earlier, 31);
    expect_rows(&later, 31);
}

static int setup_all(void **state)
{
    struct error err;

    (void)state;
    if (!mkdtemp(folder) || !profile_load(NULL, &profile, &err))
        return -1;
    log_setup(LOG_ERROR, LOG_TEXT);
    report = profile.reports[0];
    transform = transform_new(&report);
    return 0;
}

static int teardown_all(void **state)
{
    (void)state;
    transform_free(transform);
    profile_done(&profile);
    return rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(windows_are_neighbours_if_one_begins_where_the_other_ends),
        TEST(two_exports_that_agree_are_asked_for_once),
        TEST(exports_teach_how_the_portal_ends_them),
        TEST(a_portal_that_leaves_its_last_line_open_is_not_said_to_end_it),
        TEST(an_export_that_lacks_its_end_is_asked_for_again),
        TEST(an_export_that_begins_with_other_rows_is_asked_for_after_its_neighbour),
        TEST(an_export_that_stays_short_is_held_with_its_neighbour),
        TEST(two_exports_that_agree_about_less_than_a_third_has_shown_are_held),
        TEST(two_exports_with_as_many_rows_and_others_are_both_held),
        TEST(a_portal_that_leaves_out_the_last_day_is_believed_and_not_asked_again),
        TEST(an_end_that_the_profile_calls_exclusive_may_be_empty),
        TEST(an_export_that_loses_just_its_last_day_is_found_if_others_had_theirs),
        TEST(who_accepts_what_comes_gets_it),
        TEST(a_disagreement_stays_if_asking_again_fails_and_the_failure_is_named),
        TEST(a_refused_login_holds_both_and_is_told_to_the_caller),
        TEST(a_stop_signal_while_asking_again_is_no_doubt_about_the_files),
        TEST(what_is_good_is_kept_when_asking_again_fails),
        TEST(a_second_export_that_is_worse_does_not_replace_what_is_confirmed),
    };

    return cmocka_run_group_tests_name("window_overlap", tests, setup_all, teardown_all);
}
