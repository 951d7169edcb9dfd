/* SPDX-License-Identifier: MIT */
/* Which days are doubtful, and what comes of asking for them again. */
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

/* --- which days ------------------------------------------------------------------------------------- */

/* Rows of each day: in the table, in the export, and in the table and not in the export. */
static struct {
    int held[DAYS], shown[DAYS], gone[DAYS];
} days;

static struct doubtful_days found;

static bool find(bool is_last, int32_t today)
{
    struct batch batch;
    struct snapshot held = {0};
    struct plan plan = {.removed = calloc(DAYS * A_DAY * 2, sizeof(struct held_row))};
    const struct cell cell = {.text = "x", .len = 1};

    batch_init(&batch, 1, 1 << 20);
    for (int d = 0; d < DAYS; d++) {
        for (int i = 0; i < days.shown[d]; i++)
            batch_add_cells(&batch, &cell)->date = FIRST + d;
        for (int i = 0; i < days.held[d]; i++)
            snapshot_add(&held, (struct held_row){.date = FIRST + d});
        for (int i = 0; i < days.gone[d]; i++)
            plan.removed[plan.removed_count++] = (struct held_row){.date = FIRST + d};
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
    days.gone[10] = 3; /* rows go in mid-window: its neighbours vouch for the end */
    days.shown[10] = A_DAY - 3;
    assert_false(find(true, LAST + 1));
}

static void a_day_that_comes_empty_is_doubtful_wherever_it_is(void **state)
{
    (void)state;
    days.gone[10] = days.held[10];
    days.shown[10] = 0;
    assert_true(find(false, LAST + 1));
    expect_days(10, 10, "min_day_rows");
    days.held[10] = days.gone[10] = 19; /* too few to say */
    assert_false(find(false, LAST + 1));
}

static void a_row_that_goes_at_the_end_of_the_last_window_is_doubtful(void **state)
{
    (void)state;
    days.gone[DAYS - 3] = 1;
    assert_true(find(true, LAST + 1));
    expect_days(DAYS - 3, DAYS - 3, "confirm_days");
    assert_false(find(false, LAST + 1)); /* a later window vouches for it */
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
    for (int d = 0; d < 14; d++) /* the report began later, which does not make a day usual */
        days.shown[d] = 0;
    days.shown[DAYS - 2] = A_DAY / 2 - 1;
    assert_true(find(true, LAST));
}

/* --- asking ----------------------------------------------------------------------------------------- */

/* A portal that loses the last days of windows of more than `whole` days, so many times. */
static struct {
    int asked, cut_times, cut_days;
    bool fails;
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

/* Exports a window whose last two days turn out to be doubtful, and asks for them again. */
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
    window.doubtful =
        (struct doubtful_days){.first = LAST - 1, .last = LAST, .reason = "two days are empty"};
    confirm_window(&preparer, &window);
    assert_true(window.confirmed);
}

static void what_both_exports_show_is_believed(void **state)
{
    (void)state;
    ask(0, false);
    assert_int_equal(portal.asked, 2);
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
}

static void an_export_that_stays_cut_is_held_with_the_reason(void **state)
{
    (void)state;
    ask(9, false);
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
        cmocka_unit_test_setup(past_days_far_below_their_weekday_are_doubtful_on_a_first_load_too,
                               setup),
        cmocka_unit_test_teardown(what_both_exports_show_is_believed, forget),
        cmocka_unit_test_teardown(an_export_that_was_cut_once_is_replaced, forget),
        cmocka_unit_test_teardown(an_export_that_stays_cut_is_held_with_the_reason, forget),
        cmocka_unit_test_teardown(days_that_cannot_be_asked_for_again_fail_the_window, forget),
    };

    return cmocka_run_group_tests_name("confirm", tests, setup_all, teardown_all);
}
