/* SPDX-License-Identifier: MIT */
/* The exports of a window that are asked for a second time. */
#include "run/window_prepare.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/profile.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER "UC / MD;Data execucao;Cod;TOI;Equipe;Status\n"
#define ROW "0000001;05/03/2025;C1;;RS-PEL-F001M;Baixado\n"

enum { ANSWERS_MAX = 8 };

/* A portal that gives its answers in order and then repeats the last one. NULL: a failure. */
static struct {
    const char *answers[ANSWERS_MAX];
    size_t count, asked;
} portal;

static char *folder;
static struct profile profile;
static struct transform *transform;
static atomic_int empties;

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    const size_t number = portal.asked < portal.count ? portal.asked : portal.count - 1;
    const char *answer = portal.answers[number];

    (void)extractor;
    (void)report;
    (void)window;
    portal.asked++;
    if (!answer)
        return error_set(err, ERROR_PORTAL, "the portal is gone");
    MEM_FREE_TEXT char *path = mem_format("%s/%zu.csv", folder, portal.asked);
    const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, answer, strlen(answer)), strlen(answer));
    close(fd);
    *out = (struct export){.extracted_at = 1};
    export_add(out, path);
    return true;
}

static const struct extractor_ops ops = {.fetch = fetch};
static struct extractor extractor = {.ops = &ops};

static void portal_answers(const char *first, const char *second, const char *third)
{
    portal.answers[0] = first;
    portal.answers[1] = second;
    portal.answers[2] = third;
    portal.count = 3;
    portal.asked = 0;
}

static struct prepared prepare(int seconds)
{
    const struct preparer preparer = {.report = &profile.reports[0],
                                      .extractor = &extractor,
                                      .transform = transform,
                                      .seconds = seconds,
                                      .empties = &empties};
    const struct window window = {.last = 30000, .own_last = 30000, .complete = true};
    struct prepared prepared;

    window_prepare(&preparer, window, &prepared);
    return prepared;
}

static void an_export_without_a_record_is_asked_for_once_more_before_it_is_believed(void **state)
{
    (void)state;
    portal_answers(HEADER, HEADER, ROW);
    struct prepared prepared = prepare(60);
    assert_int_equal(prepared.error.kind, ERROR_NONE);
    assert_int_equal(prepared.batch.row_count, 0);
    assert_int_equal(portal.asked, 2);
    prepared_done(&prepared, false);
}

static void rows_that_come_the_second_time_are_those_of_the_window(void **state)
{
    (void)state;
    portal_answers(HEADER, HEADER ROW, HEADER);
    struct prepared prepared = prepare(60);
    assert_int_equal(prepared.error.kind, ERROR_NONE);
    assert_int_equal(prepared.batch.row_count, 1);
    assert_int_equal(portal.asked, 2);
    assert_int_equal(empties, 0);
    prepared_done(&prepared, false);
}

static void an_empty_export_is_not_believed_if_asking_again_fails(void **state)
{
    (void)state;
    portal_answers(HEADER, NULL, NULL);
    struct prepared prepared = prepare(60);
    assert_int_equal(prepared.error.kind, ERROR_PORTAL);
    assert_non_null(strstr(prepared.error.message, "held no record, and asking again failed: "
                                                   "the portal is gone"));
    prepared_done(&prepared, false);
}

/* An empty export that follows a page is asked for again, too. */
static void an_empty_export_in_the_place_of_a_spoilt_one_is_asked_for_again(void **state)
{
    (void)state;
    portal_answers("<html><title>x</title></html>", HEADER, HEADER ROW);
    struct prepared prepared = prepare(60);
    assert_int_equal(prepared.error.kind, ERROR_NONE);
    assert_int_equal(prepared.batch.row_count, 1);
    assert_int_equal(portal.asked, 3);
    prepared_done(&prepared, false);
}

static void after_two_windows_that_stayed_empty_the_others_are_believed_at_once(void **state)
{
    static const size_t asked[] = {2, 2, 1, 1};

    (void)state;
    for (size_t i = 0; i < COUNT(asked); i++) {
        portal_answers(HEADER, HEADER, HEADER);
        struct prepared prepared = prepare(60);
        assert_int_equal(portal.asked, asked[i]);
        prepared_done(&prepared, false);
    }
}

static void rows_are_never_asked_for_twice(void **state)
{
    (void)state;
    portal_answers(HEADER ROW, HEADER, HEADER);
    struct prepared prepared = prepare(60);
    assert_int_equal(portal.asked, 1);
    prepared_done(&prepared, false);
}

static void nobody_is_asked_about_files_by_hand(void **state)
{
    (void)state;
    portal_answers(HEADER, HEADER ROW, HEADER);
    struct prepared prepared = prepare(0);
    assert_int_equal(prepared.error.kind, ERROR_NONE);
    assert_int_equal(portal.asked, 1);
    prepared_done(&prepared, true);
}

static int setup(void **state)
{
    struct error err;

    (void)state;
    empties = 0;
    return file_make_temp_dir("test-prepare", &folder, &err) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    file_remove_tree(folder);
    free(folder);
    return 0;
}

static int setup_all(void **state)
{
    struct error err;

    (void)state;
    log_setup(LOG_ERROR + 1, LOG_TEXT);
    if (!profile_load(NULL, &profile, &err))
        return -1;
    transform = transform_new(&profile.reports[0]);
    return 0;
}

static int teardown_all(void **state)
{
    (void)state;
    transform_free(transform);
    profile_done(&profile);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_export_without_a_record_is_asked_for_once_more_before_it_is_believed),
        TEST(rows_that_come_the_second_time_are_those_of_the_window),
        TEST(an_empty_export_is_not_believed_if_asking_again_fails),
        TEST(an_empty_export_in_the_place_of_a_spoilt_one_is_asked_for_again),
        TEST(after_two_windows_that_stayed_empty_the_others_are_believed_at_once),
        TEST(rows_are_never_asked_for_twice),
        TEST(nobody_is_asked_about_files_by_hand),
    };

    return cmocka_run_group_tests_name("window_prepare", tests, setup_all, teardown_all);
}
