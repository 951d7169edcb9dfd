/* SPDX-License-Identifier: MIT */
/* Recovery of the portal extractor after ended sessions, refused logins and dead browsers. */
#include "base/clock.h"
#include "base/log.h"
#include "tests/support/processes.h"
#include "tests/support/sim_remote.h"
#include "tests/unit/test_extract_fixture.h"

#include <pthread.h>

enum { FAMILY_MAX = 64 };

struct browser_fault {
    void (*act)(void);
};

#define FROM "2026-10-24"
#define TO "2026-11-23"

static void start(const char *const *flags)
{
    struct error err;

    start_simulator_with(flags);
    assert_true(file_make_temp_dir("test-recovery", &folder, &err));
}

/* `seconds`: the deadline of the answer. */
static struct extractor *open_with_deadline(int seconds)
{
    static struct portal portal;
    static struct settings settings;

    portal = sigos;
    portal.deadlines.answer = seconds;
    portal.deadlines.page = FAR;
    portal.deadlines.element = FAR;
    portal.deadlines.window = 2 * FAR;
    settings = demo_settings();
    return open_like(&portal, &settings);
}

static void expect_export(struct extractor *extractor)
{
    struct export export;

    fetch(extractor, &general, FROM, TO, &export);
    expect_same_as_portal(export.paths[0], "general", FROM, TO);
    export_done(&export);
}

static void expect_failure(struct extractor *extractor, enum error_kind kind, bool transient,
                           const char *words)
{
    struct export export = {0};
    struct error err = {0};

    assert_false(extractor_fetch(extractor, &general, days(FROM, TO), &export, &err));
    if (err.kind != kind || err.transient != transient || !strstr(err.message, words))
        fail_msg("expected '%s', got %s %d: %s", words, error_kind_name(err.kind), err.transient,
                 err.message);
    assert_int_equal(count_files(), 0);
}

/* Returns the process id of the browser. */
static pid_t find_browser(void)
{
    pid_t family[FAMILY_MAX];
    size_t count = processes_below(getpid(), family, FAMILY_MAX);

    for (size_t i = 0; i < count; i++)
        if (processes_hold(family[i], "cmdline", "--remote-debugging-pipe") &&
            !processes_hold(family[i], "cmdline", "--type="))
            return family[i];
    fail_msg("there is no browser");
    return 0;
}

static void kill_browser(void)
{
    kill(find_browser(), SIGKILL);
}

static void kill_tabs(void)
{
    pid_t family[FAMILY_MAX];
    size_t count = processes_below(find_browser(), family, FAMILY_MAX);

    for (size_t i = 0; i < count; i++)
        if (processes_hold(family[i], "cmdline", "--type=renderer"))
            kill(family[i], SIGKILL);
}

/* -------------------------------------------------------------------------------------- tests */

static void an_ended_session_is_begun_anew_and_the_same_window_asked_again(void **state)
{
    static const char *const ways[] = {"form", "fetch", "newtab", "job"};

    (void)state;
    for (size_t i = 0; i < COUNT(ways); i++) {
        start((const char *const[]){"--export", ways[i], "--fault", "expired@2", NULL});
        struct extractor *extractor = open_with_deadline(20);
        expect_export(extractor);
        expect_export(extractor);
        assert_int_equal(sim_remote_count(sim.url, "logins"), 2);
        assert_int_equal(sim_remote_count(sim.url, "exports"), 3);
        sim_remote_tell(sim.url, "/_sim/sessions/expire"); /* while no export runs */
        expect_export(extractor);
        assert_int_equal(sim_remote_count(sim.url, "logins"), 3);
        extractor_close(extractor);
        tear_down(NULL);
    }
}

static void a_report_that_is_opened_without_a_session_begins_with_a_login_at_once(void **state)
{
    struct export export;
    int64_t began;

    (void)state;
    start((const char *const[]){NULL});
    struct extractor *extractor = open_with_deadline(FAR);
    expect_export(extractor);
    sim_remote_tell(sim.url, "/_sim/sessions/expire");
    began = clock_ms();
    fetch(extractor, &returns, "2026-06-01", "2026-11-24", &export);
    assert_true(clock_ms() - began < FAR_MS);
    export_done(&export);
    extractor_close(extractor);
    tear_down(NULL);
}

static void a_portal_that_logs_out_again_and_again_is_asked_three_times(void **state)
{
    (void)state;
    start((const char *const[]){"--fault", "expired", NULL});
    struct extractor *extractor = open_with_deadline(20);
    expect_failure(extractor, ERROR_PORTAL, true, "the portal logged us out");
    assert_int_equal(sim_remote_count(sim.url, "logins"), 3);
    assert_int_equal(sim_remote_count(sim.url, "exports"), 3);
    extractor_close(extractor);
    tear_down(NULL);
}

static void a_refused_login_is_never_tried_again(void **state)
{
    (void)state;
    start((const char *const[]){NULL});
    struct extractor *extractor = open_with_deadline(20);
    expect_export(extractor);
    sim_remote_tell(sim.url, "/_sim/fault?spec=locked");
    sim_remote_tell(sim.url, "/_sim/sessions/expire");
    for (int i = 0; i < 3; i++) {
        struct export export = {0};
        struct error err = {0};
        assert_false(extractor_fetch(extractor, &general, days(FROM, TO), &export, &err));
        assert_int_equal(err.kind, ERROR_LOGIN);
        assert_non_null(strstr(err.message, "the portal refuses: "));
        assert_int_equal(sim_remote_count(sim.url, "login_attempts"), 2);
    }
    extractor_close(extractor);
    tear_down(NULL);
}

static void a_second_failure_brings_a_new_context_and_a_third_a_new_browser(void **state)
{
    (void)state;
    start((const char *const[]){"--fault", "http500@first=3", NULL});
    struct extractor *extractor = open_with_deadline(20);
    pid_t first = find_browser();
    expect_failure(extractor, ERROR_PORTAL, true, "HTTP 500");
    expect_failure(extractor, ERROR_PORTAL, true, "HTTP 500");
    assert_int_equal(sim_remote_count(sim.url, "logins"), 1);
    expect_failure(extractor, ERROR_PORTAL, true, "HTTP 500");
    assert_int_equal(sim_remote_count(sim.url, "logins"), 2);
    assert_int_equal(find_browser(), first);
    expect_export(extractor);
    assert_int_equal(sim_remote_count(sim.url, "logins"), 3);
    assert_int_not_equal(find_browser(), first);
    extractor_close(extractor);
    tear_down(NULL);
}

/* The portal serves one request of a session at a time, so a request that does not end blocks all
 * others. */
static void an_export_that_hangs_is_not_left_behind(void **state)
{
    (void)state;
    start((const char *const[]){"--lock-session", "on", "--fault", "hang@1", NULL});
    struct extractor *extractor = open_with_deadline(1);
    expect_failure(extractor, ERROR_PORTAL, true, "no file and no message within 1 s");
    expect_export(extractor);
    extractor_close(extractor);
    tear_down(NULL);
}

/* Waits in a thread until the portal is asked for an export, and then acts on the browser. */
static void *during_export(void *arg)
{
    while (sim_remote_count(sim.url, "exports") == 0)
        ;
    ((struct browser_fault *)arg)->act();
    return NULL;
}

static void expect_recovery_from(struct browser_fault fault, const char *words)
{
    pthread_t thread;

    start((const char *const[]){"--delay-ms", "120000", NULL});
    struct extractor *extractor = open_with_deadline(FAR);
    assert_int_equal(pthread_create(&thread, NULL, during_export, &fault), 0);
    int64_t began = clock_ms();
    expect_failure(extractor, ERROR_SYSTEM, true, words);
    assert_true(clock_ms() - began < FAR_MS);
    pthread_join(thread, NULL);
    sim_remote_tell(sim.url, "/_sim/delay?ms=0");
    expect_export(extractor);
    extractor_close(extractor);
    tear_down(NULL);
}

static void a_browser_that_dies_is_noticed_at_once_and_replaced(void **state)
{
    (void)state;
    expect_recovery_from((struct browser_fault){kill_browser}, "the browser ended unexpectedly");
}

static void a_tab_that_dies_is_noticed_at_once_and_replaced(void **state)
{
    (void)state;
    expect_recovery_from((struct browser_fault){kill_tabs}, "the browser's tab crashed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ended_session_is_begun_anew_and_the_same_window_asked_again),
        cmocka_unit_test(a_report_that_is_opened_without_a_session_begins_with_a_login_at_once),
        cmocka_unit_test(a_portal_that_logs_out_again_and_again_is_asked_three_times),
        cmocka_unit_test(a_refused_login_is_never_tried_again),
        cmocka_unit_test(a_second_failure_brings_a_new_context_and_a_third_a_new_browser),
        cmocka_unit_test(an_export_that_hangs_is_not_left_behind),
        cmocka_unit_test(a_browser_that_dies_is_noticed_at_once_and_replaced),
        cmocka_unit_test(a_tab_that_dies_is_noticed_at_once_and_replaced),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_recovery", tests, NULL, NULL);
}
