/* SPDX-License-Identifier: MIT */
/* Resuming an interrupted cycle: the windows that it has loaded, whatever ran after it. */
#include "run/resume.h"

#include "base/date.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOWS = 3, JOBS = 2 };

static const struct report reports[JOBS] = {{.name = "general"}, {.name = "returns"}};
static struct window windows[JOBS][WINDOWS];
static struct report_run parts[JOBS];
static struct resume resume;

static int setup(void **state)
{
    (void)state;
    for (size_t j = 0; j < JOBS; j++) {
        for (int32_t w = 0; w < WINDOWS; w++) {
            const int32_t first = 20000 + 30 * w;
            windows[j][w] = (struct window){
                .first = first, .last = first + 30, .own_first = first, .own_last = first + 29};
        }
        parts[j] = (struct report_run){.report = &reports[j],
                                       .windows = {.items = windows[j], .count = WINDOWS}};
    }
    resume_init(&resume, parts, JOBS, false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    resume_done(&resume);
    return 0;
}

static struct cell cell(const char *text)
{
    return (struct cell){.text = text, .len = text ? strlen(text) : 0};
}

/* Notes a loaded window, as the database returns it. */
static void note_days(const char *run, const char *code, const char *report, struct window window)
{
    char days[4][DATE_ISO_SIZE];
    struct error err;

    date_format_iso(window.first, days[0]);
    date_format_iso(window.last, days[1]);
    date_format_iso(window.own_first, days[2]);
    date_format_iso(window.own_last, days[3]);
    const struct cell cells[] = {cell(run),     cell(code),    cell(report), cell(days[0]),
                                 cell(days[1]), cell(days[2]), cell(days[3])};
    assert_true(resume_note(&resume, cells, COUNT(cells), &err));
}

/* Notes the windows that a run has loaded, by their numbers: 0 to 2 are of general, 3 to 5 of
 * returns. */
static void note(const char *run, const char *code, const char *numbers)
{
    struct error err;

    if (!*numbers) {
        const struct cell cells[7] = {cell(run), cell(code)};
        assert_true(resume_note(&resume, cells, COUNT(cells), &err));
    }
    for (; *numbers; numbers++) {
        const size_t number = (size_t)(*numbers - '0');
        note_days(run, code, reports[number / WINDOWS].name,
                  windows[number / WINDOWS][number % WINDOWS]);
    }
}

static void expect(const char *numbers)
{
    char found[JOBS * WINDOWS + 1] = "";

    resume_end(&resume);
    for (size_t i = 0; i < JOBS * WINDOWS; i++)
        if (resume_has(&resume, i))
            found[strlen(found)] = (char)('0' + (int)i);
    assert_string_equal(found, numbers);
}

static void what_an_interrupted_cycle_has_loaded_is_there(void **state)
{
    (void)state;
    note("1", NULL, "01");
    note("2", "3", "3");
    expect("013");
}

static void a_cycle_that_came_to_its_end_ends_those_before_it(void **state)
{
    (void)state;
    note("1", NULL, "012");
    note("2", "0", "345"); /* run 2 resumed run 1 */
    expect("");
    note("3", "0", "");
    expect("");
    note("4", "130", "0");
    expect("0");
}

static void a_cycle_of_other_reports_or_days_ends_nothing_of_the_whole(void **state)
{
    const struct window other = {
        .first = 20000, .last = 20010, .own_first = 20000, .own_last = 20010};

    (void)state;
    note("1", NULL, "012");
    note("2-part", "0", "012");
    note("3-part", "0", "345");
    note_days("4-part", "0", "general", other);
    note("5-part", "0", "");
    expect("012");
}

static void a_run_that_had_a_share_in_a_cycle_ends_nothing_of_the_whole(void **state)
{
    (void)state;
    note("1", NULL, "012");
    note("2-share=x", "0", "345");
    note("3-part-share=x", "0", "01");
    expect("012");
}

static void what_a_part_loaded_before_it_was_interrupted_is_there_too(void **state)
{
    (void)state;
    note("1-part", "1", "1");
    expect("1");
}

/* A partial run, too, begins anew after a complete one. */
static void a_part_is_ended_by_the_same_part_and_by_the_whole(void **state)
{
    static const char *const ends[] = {"3", "3-part"};

    (void)state;
    for (size_t i = 0; i < COUNT(ends); i++) {
        resume_done(&resume);
        resume_init(&resume, parts, 1, true);
        note("1-part", NULL, "0");
        note("2-part", "0", "1"); /* of another part */
        resume_end(&resume);
        assert_true(resume_has(&resume, 0));
        assert_false(resume_has(&resume, 1));
        note(ends[i], "0", "12");
        resume_end(&resume);
        assert_false(resume_has(&resume, 0));
    }
}

static void a_window_of_other_days_is_another_one(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct window window = windows[0][0];
        window.first += i == 0;
        window.last += i == 1;
        window.own_first += i == 2;
        window.own_last += i == 3;
        note_days("1", NULL, "general", window);
    }
    expect("");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_an_interrupted_cycle_has_loaded_is_there),
        TEST(a_cycle_that_came_to_its_end_ends_those_before_it),
        TEST(a_cycle_of_other_reports_or_days_ends_nothing_of_the_whole),
        TEST(a_run_that_had_a_share_in_a_cycle_ends_nothing_of_the_whole),
        TEST(what_a_part_loaded_before_it_was_interrupted_is_there_too),
        TEST(a_part_is_ended_by_the_same_part_and_by_the_whole),
        TEST(a_window_of_other_days_is_another_one),
    };

    return cmocka_run_group_tests_name("resume", tests, NULL, NULL);
}
