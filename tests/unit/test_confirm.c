/* SPDX-License-Identifier: MIT */
/* Confirmation of a window: which of its days are doubtful, and what is loaded after asking for
 * them again. */
#include "run/confirm.h"

#include "base/date.h"
#include "base/log.h"
#include "config/profile.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST = 20148, DAYS = 29, LAST = FIRST + DAYS - 1, A_DAY = 30 };

static const struct limits limits = {.confirm_days = 3, .min_day_rows = 20, .min_day_ratio = 0.5};

/* --- which days */

/* Rows of each day: in the table, in the export, and in the table but not in the export. */
static struct {
    int held[DAYS], shown[DAYS], gone[DAYS];
    bool ends; /* the export has rows on the last day that it was asked for */
} days;

static struct doubtful_days found;

static bool find(bool is_last, int32_t today)
{
    struct batch batch;
    struct snapshot held = {0};
    struct plan plan = {.removed = calloc(DAYS * A_DAY * 2, sizeof(struct stored_row))};
    const struct cell cell = {.text = "x", .len = 1};

    batch_init(&batch, 1, 1 << 20);
    batch.last_day.rows = days.ends;
    for (int d = 0; d < DAYS; d++) {
        for (int i = 0; i < days.shown[d]; i++)
            batch_add_cells(&batch, &cell)->date = FIRST + d;
        for (int i = 0; i < days.held[d]; i++)
            snapshot_add(&held, (struct stored_row){.date = FIRST + d});
        for (int i = 0; i < days.gone[d]; i++)
            plan.removed[plan.removed_count++] = (struct stored_row){.date = FIRST + d};
    }
    const struct confirm_view view = {
        .batch = &batch,
        .plan = &plan,
        .held = &held,
        .window = {.first = FIRST, .last = LAST, .own_first = FIRST, .own_last = LAST},
        .is_last = is_last,
        .today = today,
        .limits = &limits,
    };
    const bool doubtful = confirm_find(&view, &found);
    batch_done(&batch);
    snapshot_done(&held);
    plan_done(&plan);
    return doubtful;
}

static int setup(void **state)
{
    (void)state;
    for (int d = 0; d < DAYS; d++) {
        days.held[d] = days.shown[d] = A_DAY;
        days.gone[d] = 0;
    }
    days.ends = true;
    return 0;
}

static void expect_days(int first, int last, const char *limit)
{
    assert_int_equal(found.first, FIRST + first);
    assert_int_equal(found.last, FIRST + last);
    if (!strstr(found.reason, limit))
        fail_msg("\"%s\" does not name %s", found.reason, limit);
}

static void what_is_as_it_was_is_not_doubtful(void **state)
{
    (void)state;
    assert_false(find(true, LAST + 1));
    days.gone[10] = 3; /* the rows go in the middle of the window, so its end is not doubtful */
    days.shown[10] = A_DAY - 3;
    assert_false(find(true, LAST + 1));
}

static void a_day_that_comes_empty_is_doubtful_wherever_it_is(void **state)
{
    (void)state;
    days.gone[10] = days.held[10];
    days.shown[10] = 0;
    assert_true(find(false, LAST + 1));
    expect_days(10, 10, "confirm_days");
    assert_int_equal(found.anchor, FIRST + 9);
    assert_int_equal(found.last_empty, FIRST + 10);
    days.held[10] = days.gone[10] = 1; /* one more export costs less than a lost row */
    assert_true(find(false, LAST + 1));
    for (int d = 0; d < 10; d++)
        days.shown[d] = days.held[d] = 0;
    assert_true(find(false, LAST + 1)); /* no earlier day has rows */
    assert_int_equal(found.anchor, FIRST + 10);
}

static void
a_row_that_goes_where_an_export_ends_is_doubtful_unless_its_neighbour_saw_the_end(void **state)
{
    (void)state;
    for (int d = 21; d < DAYS;
         d++) /* as after a holiday, or from a portal that leaves out the last day */
        days.shown[d] = days.held[d] = 0;
    days.gone[20] = 1;
    assert_false(find(false, LAST + 1));
    days.ends = false;
    assert_true(find(false, LAST + 1));
    expect_days(20, 20, "where the export ends");
    assert_int_equal(found.anchor, FIRST + 19);
    assert_int_equal(found.last_empty, found.anchor); /* no day is empty */
    days.ends = true;
    assert_true(find(true, LAST + 1)); /* no window comes after the last one */
}

static void a_row_that_goes_at_the_end_of_the_last_window_is_doubtful(void **state)
{
    (void)state;
    days.gone[DAYS - 3] = 1;
    assert_true(find(true, LAST + 1));
    expect_days(DAYS - 3, DAYS - 3, "confirm_days");
    assert_false(find(false, LAST + 1)); /* a later window covers the day */
}

static void past_days_far_below_their_weekday_are_doubtful_on_a_first_load_too(void **state)
{
    (void)state;
    memset(days.held, 0, sizeof(days.held));
    days.shown[DAYS - 1] = days.shown[DAYS - 2] = 0;
    assert_true(find(true, LAST + 1));
    expect_days(DAYS - 2, DAYS - 1, "min_day_ratio");
    assert_true(find(true, LAST)); /* today may have few rows yet */
    expect_days(DAYS - 2, DAYS - 2, "min_day_ratio");
    days.shown[DAYS - 2] = A_DAY / 2;
    assert_false(find(true, LAST));
    for (int d = 0; d < 14;
         d++) /* days before the report began do not lower the usual number of rows */
        days.shown[d] = 0;
    days.shown[DAYS - 2] = A_DAY / 2 - 1;
    assert_true(find(true, LAST));
}

/* --- asking again */

/* A portal that leaves out the last days of windows longer than `whole` days, a number of times. */
static struct {
    int asked, cut_times, cut_days;
    bool fails;
    bool gone;         /* after the first answer, files have no rows */
    int32_t breaks_at; /* exports with this day have no rows after it */
} portal;

static char folder[] = "/tmp/etl-test.XXXXXX";
static struct profile profile;
static const struct report *report;
static struct transform *transform;
static struct extractor source;
static atomic_int empties;
static struct preparer preparer;

static void write_row(FILE *file, int32_t date, int row)
{
    char day[16];

    date_format_br(date, day);
    for (size_t c = 0; c < report->column_count; c++) {
        if (report->columns[c].source != COLUMN_FROM_FILE)
            continue;
        if (c == report->window_date)
            fputs(day, file);
        else if (report->columns[c].type == COLUMN_TEXT)
            fprintf(file, "%d", row);
        fputc(';', file);
    }
    fputc('\n', file);
}

static bool fetch(struct extractor *extractor, const struct report *asked, struct window window,
                  struct export *out, struct error *err)
{
    int32_t last = window.last;
    char path[256];

    (void)extractor;
    (void)asked;
    portal.asked++;
    if (portal.fails && portal.asked > 1)
        return error_set(err, ERROR_PORTAL, "the portal is gone");
    if (window.last - window.first > 10 && portal.cut_times-- > 0)
        last -= portal.cut_days;
    if (portal.gone && portal.asked > 1)
        last = window.first - 1;
    if (portal.breaks_at && window.first <= portal.breaks_at && last > portal.breaks_at)
        last = portal.breaks_at;
    snprintf(path, sizeof(path), "%s/%d.csv", folder, portal.asked);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t c = 0; c < report->column_count; c++)
        if (report->columns[c].source == COLUMN_FROM_FILE)
            fprintf(file, "%s;", report->columns[c].from.items[0]);
    fputc('\n', file);
    for (int32_t date = window.first; date <= last; date++)
        for (int i = 0; i < 3; i++)
            write_row(file, date, i);
    assert_int_equal(fclose(file), 0);
    export_add(out, path);
    return true;
}

static const struct extractor_ops ops = {.fetch = fetch};

static struct prepared window;

/* Exports a window whose last two days are doubtful, and asks for them again. */
static void ask(int cut_times, bool fails)
{
    portal.asked = 0;
    portal.cut_times = cut_times;
    portal.cut_days = 2;
    portal.fails = fails;
    window_prepare(
        &preparer,
        (struct window){
            .first = FIRST, .last = LAST, .own_first = FIRST, .own_last = LAST, .complete = true},
        &window);
    assert_int_equal(window.error.kind, ERROR_NONE);
    window.doubted = true;
    window.doubtful = (struct doubtful_days){.first = LAST - 1,
                                             .last = LAST,
                                             .anchor = LAST - 2,
                                             .last_empty = LAST,
                                             .reason = "two days are empty"};
    confirm_window(&preparer, &window);
}

/* Asks again for a window whose new export has doubtful days too. */
static void ask_once_more(void)
{
    const struct doubtful_days again = {.first = LAST - 1,
                                        .last = LAST,
                                        .anchor = LAST - 2,
                                        .last_empty = LAST,
                                        .reason = "two days are empty"};

    assert_int_equal(window.error.kind, ERROR_NONE);
    assert_true(window.replaced);
    assert_false(window.confirmed);
    assert_false(window.doubted);
    window.doubted = true;
    window.doubtful = again;
    confirm_window(&preparer, &window);
    assert_true(window.confirmed);
}

static void what_both_exports_show_is_believed(void **state)
{
    (void)state;
    ask(0, false);
    /* Once with the day before, and once for the last day alone. */
    assert_int_equal(portal.asked, 3);
    assert_true(window.confirmed);
    assert_int_equal(window.error.kind, ERROR_NONE);
    assert_int_equal(window.batch.row_count, DAYS * 3);
}

static void an_export_that_was_cut_once_is_replaced(void **state)
{
    (void)state;
    ask(1, false);
    assert_int_equal(portal.asked, 3);
    assert_int_equal(window.error.kind, ERROR_NONE);
    assert_int_equal(window.batch.row_count, DAYS * 3);
    assert_true(window.replaced);
    assert_false(window.confirmed); /* the new export may have doubtful days too */
    /* By the second and third export. */
    assert_int_equal(window.shown.count, 3 * 3 + (DAYS - 2) * 3);
}

static void an_answer_without_the_day_before_is_believed_in_nothing(void **state)
{
    (void)state;
    portal.gone = true;
    ask(9, false); /* the later exports have no rows at all */
    assert_false(window.confirmed);
    ask_once_more();
    assert_int_equal(window.batch.row_count, 0);
}

static void an_export_that_always_breaks_off_at_a_row_is_found_by_the_days_behind_it(void **state)
{
    (void)state;
    portal.breaks_at = LAST - 2;
    ask(0, false);
    ask_once_more();
    assert_int_equal(window.error.kind, ERROR_HELD);
    assert_non_null(strstr(window.error.message, "has 3 rows that this one lacks"));
}

static void an_export_that_stays_cut_is_held_with_the_reason(void **state)
{
    (void)state;
    ask(9, false);
    ask_once_more();
    assert_int_equal(window.error.kind, ERROR_HELD);
    assert_non_null(strstr(window.error.message, "two days are empty"));
    assert_non_null(strstr(window.error.message, "has 6 rows that this one lacks"));
}

static void days_that_cannot_be_asked_for_again_fail_the_window(void **state)
{
    (void)state;
    ask(1, true);
    assert_int_equal(window.error.kind, ERROR_PORTAL);
    assert_non_null(strstr(window.error.message, "two days are empty"));
}

static int forget(void **state)
{
    (void)state;
    prepared_done(&window, false);
    portal.gone = false;
    portal.breaks_at = 0;
    empties = 0;
    return 0;
}

static int setup_all(void **state)
{
    struct error err;

    (void)state;
    if (!mkdtemp(folder) || !profile_load(NULL, &profile, &err))
        return -1;
    log_setup(LOG_ERROR, LOG_TEXT);
    report = &profile.reports[0];
    transform = transform_new(report);
    source.ops = &ops;
    preparer = (struct preparer){.report = report,
                                 .extractor = &source,
                                 .transform = transform,
                                 .seconds = 60,
                                 .empties = &empties};
    return 0;
}

static int teardown_all(void **state)
{
    (void)state;
    transform_free(transform);
    profile_done(&profile);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_as_it_was_is_not_doubtful, setup),
        cmocka_unit_test_setup(a_day_that_comes_empty_is_doubtful_wherever_it_is, setup),
        cmocka_unit_test_setup(a_row_that_goes_at_the_end_of_the_last_window_is_doubtful, setup),
        cmocka_unit_test_setup(
            a_row_that_goes_where_an_export_ends_is_doubtful_unless_its_neighbour_saw_the_end,
            setup),
        cmocka_unit_test_setup(past_days_far_below_their_weekday_are_doubtful_on_a_first_load_too,
                               setup),
        cmocka_unit_test_teardown(what_both_exports_show_is_believed, forget),
        cmocka_unit_test_teardown(an_export_that_was_cut_once_is_replaced, forget),
        cmocka_unit_test_teardown(an_answer_without_the_day_before_is_believed_in_nothing, forget),
        cmocka_unit_test_teardown(
            an_export_that_always_breaks_off_at_a_row_is_found_by_the_days_behind_it, forget),
        cmocka_unit_test_teardown(an_export_that_stays_cut_is_held_with_the_reason, forget),
        cmocka_unit_test_teardown(days_that_cannot_be_asked_for_again_fail_the_window, forget),
    };

    return cmocka_run_group_tests_name("confirm", tests, setup_all, teardown_all);
}
