/* SPDX-License-Identifier: MIT */
/* The pipeline of exports: every window once, a limited number ahead of the load, and lost
 * sessions. */
#include "base/clock.h"
#include "config/profile.h"
#include "run/pipeline.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdlib.h>

enum { WINDOWS = 40, WORKERS_MAX = 4 };

/* A portal whose exports all fail, with the window's number as the message: the tests check which
 * window is returned when. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t begun;
    size_t fetched[WINDOWS];
    size_t opened, allowed; /* extractors besides the first, and their limit */
    size_t closed;
    bool evicts;    /* each new login ends the session before */
    size_t refused; /* the first sessions, this many, cannot log in again */
    size_t refusals;
} portal = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static struct extractor sources[WORKERS_MAX];

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    (void)report;
    (void)out;
    pthread_mutex_lock(&portal.lock);
    const bool refuses = (size_t)(extractor - sources) < portal.refused;
    portal.refusals += refuses;
    portal.begun++;
    portal.fetched[window.first]++;
    pthread_cond_broadcast(&portal.changed);
    pthread_mutex_unlock(&portal.lock);
    if (refuses)
        return error_set(err, ERROR_LOGIN, "the password has expired");
    return error_set(err, ERROR_PORTAL, "window %d", window.first);
}

static size_t begun(void)
{
    pthread_mutex_lock(&portal.lock);
    const size_t count = portal.begun;
    pthread_mutex_unlock(&portal.lock);
    return count;
}

static void wait_until_begun(size_t count)
{
    pthread_mutex_lock(&portal.lock);
    while (portal.begun < count)
        pthread_cond_wait(&portal.changed, &portal.lock);
    pthread_mutex_unlock(&portal.lock);
}

static bool open_another(const struct extractor *first, struct extractor **out, struct error *err)
{
    assert_ptr_equal(first, &sources[0]);
    pthread_mutex_lock(&portal.lock);
    const bool good = portal.opened < portal.allowed;
    if (good)
        *out = &sources[++portal.opened];
    pthread_cond_broadcast(&portal.changed);
    pthread_mutex_unlock(&portal.lock);
    return good || error_set(err, ERROR_LOGIN, "one is enough");
}

static bool is_evicted(const struct extractor *extractor)
{
    pthread_mutex_lock(&portal.lock);
    const bool evicted = portal.evicts && extractor < &sources[portal.opened];
    pthread_mutex_unlock(&portal.lock);
    return evicted;
}

static void close_source(struct extractor *extractor)
{
    assert_ptr_not_equal(extractor, &sources[0]); /* the first one belongs to the caller */
    pthread_mutex_lock(&portal.lock);
    portal.closed++;
    pthread_mutex_unlock(&portal.lock);
}

static const struct extractor_ops ops = {
    .fetch = fetch, .another = open_another, .is_evicted = is_evicted, .close = close_source};
static struct report_window windows[WINDOWS];
static struct profile profile;
static const struct report *reports[2];

static int setup(void **state)
{
    (void)state;
    portal.begun = portal.opened = portal.closed = portal.refused = portal.refusals = 0;
    portal.allowed = WORKERS_MAX;
    portal.evicts = false;
    for (size_t i = 0; i < WORKERS_MAX; i++)
        sources[i].ops = &ops;
    for (size_t i = 0; i < WINDOWS; i++) {
        portal.fetched[i] = 0;
        windows[i] = (struct report_window){.report = i % 2,
                                            .window = {.first = (int32_t)i, .last = (int32_t)i}};
    }
    return 0;
}

static int setup_all(void **state)
{
    struct error err;

    (void)state;
    if (!profile_load(NULL, &profile, &err))
        return -1;
    reports[0] = &profile.reports[0];
    reports[1] = &profile.reports[1];
    return 0;
}

static int teardown_all(void **state)
{
    (void)state;
    profile_done(&profile);
    return 0;
}

static struct pipeline *start(size_t workers)
{
    static const struct habits nothing;
    static const struct habits *const habits[] = {&nothing, &nothing};
    const struct pipeline_work work = {
        .habits = habits,
        .windows = windows,
        .window_count = WINDOWS,
        .reports = reports,
        .report_count = 2,
        .extractor = &sources[0],
        .worker_count = workers,
    };
    struct pipeline *pipeline = NULL;
    struct error err;

    assert_true(pipeline_start(&work, &pipeline, &err));
    return pipeline;
}

static void every_window_is_handed_over_once(void **state)
{
    (void)state;
    for (size_t workers = 1; workers <= WORKERS_MAX; workers++) {
        size_t seen[WINDOWS] = {0}, count = 0;
        struct report_window what;
        struct prepared prepared;
        setup(NULL);
        struct pipeline *pipeline = start(workers);
        while (pipeline_next(pipeline, &what, &prepared)) {
            seen[what.window.first]++;
            count++;
            assert_int_equal(prepared.error.kind, ERROR_PORTAL);
            assert_int_equal(prepared.window.first, what.window.first);
            prepared_done(&prepared, false);
        }
        pipeline_stop(pipeline);
        assert_int_equal(count, WINDOWS);
        assert_int_equal(portal.closed, workers - 1);
        for (size_t i = 0; i < WINDOWS; i++) {
            assert_int_equal(seen[i], 1);
            assert_int_equal(portal.fetched[i], 1);
        }
    }
}

static void wait_until_all_are_open(void)
{
    pthread_mutex_lock(&portal.lock);
    while (portal.opened < WORKERS_MAX - 1)
        pthread_cond_wait(&portal.changed, &portal.lock);
    pthread_mutex_unlock(&portal.lock);
}

static size_t take_all(struct pipeline *pipeline)
{
    struct report_window what;
    struct prepared prepared;
    size_t count = 0;

    for (; pipeline_next(pipeline, &what, &prepared); count++)
        prepared_done(&prepared, false);
    return count;
}

static void where_no_other_session_is_to_be_had_one_does_it_all(void **state)
{
    (void)state;
    portal.allowed = 0;
    struct pipeline *pipeline = start(WORKERS_MAX);
    assert_int_equal(take_all(pipeline), WINDOWS);
    pipeline_stop(pipeline);
    assert_int_equal(portal.begun, WINDOWS);
}

/* A remaining worker repeats the window of an evicted one, and the caller gets it once. */
static void the_windows_of_a_displaced_session_go_to_the_others(void **state)
{
    (void)state;
    portal.evicts = true;
    struct pipeline *pipeline = start(WORKERS_MAX);
    wait_until_all_are_open();
    assert_int_equal(take_all(pipeline), WINDOWS);
    pipeline_stop(pipeline);
    assert_int_equal(portal.closed, WORKERS_MAX - 1);
    for (size_t i = 0; i < WINDOWS; i++)
        assert_true(portal.fetched[i] >= 1);
    assert_in_range(portal.begun, WINDOWS, WINDOWS + WORKERS_MAX - 1);
}

/* Counts the windows that ended with a refused login. */
static size_t count_refused(struct pipeline *pipeline)
{
    struct report_window what;
    struct prepared prepared;
    size_t seen[WINDOWS] = {0}, refused = 0;

    while (pipeline_next(pipeline, &what, &prepared)) {
        seen[what.window.first]++;
        refused += prepared.error.kind == ERROR_LOGIN;
        prepared_done(&prepared, false);
    }
    for (size_t i = 0; i < WINDOWS; i++)
        assert_int_equal(seen[i], 1);
    return refused;
}

static void a_worker_whose_login_is_refused_leaves_its_windows_to_the_others(void **state)
{
    (void)state;
    for (size_t refused = 1; refused < WORKERS_MAX; refused++) {
        setup(NULL);
        portal.refused = refused;
        struct pipeline *pipeline = start(WORKERS_MAX);
        wait_until_all_are_open();
        assert_int_equal(count_refused(pipeline), 0);
        pipeline_stop(pipeline);
        assert_true(portal.refusals <= refused); /* each worker asks only once */
        assert_int_equal(portal.begun, WINDOWS + portal.refusals);
        assert_int_equal(portal.closed, WORKERS_MAX - 1);
    }
}

static void the_last_worker_stays_and_its_refused_login_is_the_windows_failure(void **state)
{
    (void)state;
    for (size_t workers = 1; workers <= WORKERS_MAX; workers++) {
        setup(NULL);
        portal.refused = WORKERS_MAX;
        struct pipeline *pipeline = start(workers);
        assert_int_equal(count_refused(pipeline), WINDOWS);
        pipeline_stop(pipeline);
        assert_in_range(portal.begun, WINDOWS, WINDOWS + workers - 1);
    }
}

/* A worker that may take the window over is waited for. If none does, the failure stays. */
static void a_refused_login_stands_where_no_other_session_is_to_be_had(void **state)
{
    (void)state;
    portal.refused = 1;
    portal.allowed = 0;
    struct pipeline *pipeline = start(WORKERS_MAX);
    assert_int_equal(count_refused(pipeline), WINDOWS);
    pipeline_stop(pipeline);
}

static void who_waits_for_a_window_may_wait_until_a_deadline(void **state)
{
    struct report_window what;
    struct prepared prepared;

    (void)state;
    pthread_mutex_lock(&portal.lock); /* no worker can begin */
    struct pipeline *pipeline = start(2);
    const int64_t began = clock_ms();
    assert_false(pipeline_wait(pipeline, began + 30));
    assert_true(clock_ms() >= began + 30);
    pthread_mutex_unlock(&portal.lock);
    assert_true(pipeline_wait(pipeline, clock_ms() + 60000));
    for (size_t i = 0; i < WINDOWS; i++) {
        assert_true(pipeline_next(pipeline, &what, &prepared));
        prepared_done(&prepared, false);
    }
    assert_true(pipeline_wait(pipeline, clock_ms() + 60000)); /* no window is left to wait for */
    pipeline_stop(pipeline);
}

static void one_worker_keeps_the_order(void **state)
{
    struct report_window what;
    struct prepared prepared;

    (void)state;
    struct pipeline *pipeline = start(1);
    for (int32_t i = 0; i < WINDOWS; i++) {
        assert_true(pipeline_next(pipeline, &what, &prepared));
        assert_int_equal(what.window.first, i);
        prepared_done(&prepared, false);
    }
    assert_false(pipeline_next(pipeline, &what, &prepared));
    pipeline_stop(pipeline);
}

/* As many windows are begun as there are places, and each window taken frees one place. */
static void nobody_works_further_ahead_than_there_is_room(void **state)
{
    struct report_window what;
    struct prepared prepared;

    (void)state;
    struct pipeline *pipeline = start(2);
    for (size_t taken = 0; taken + 2 * PIPELINE_PLACES < WINDOWS; taken++) {
        wait_until_begun(taken + 2 * PIPELINE_PLACES);
        assert_int_equal(begun(), taken + 2 * PIPELINE_PLACES);
        assert_true(pipeline_next(pipeline, &what, &prepared));
        prepared_done(&prepared, false);
    }
    pipeline_stop(pipeline);
}

static void a_report_that_is_given_up_is_not_heard_of_again(void **state)
{
    struct report_window what;
    struct prepared prepared;
    size_t others = 0;

    (void)state;
    struct pipeline *pipeline = start(1);
    assert_true(pipeline_next(pipeline, &what, &prepared));
    assert_int_equal(what.report, 0);
    prepared_done(&prepared, false);
    pipeline_skip(pipeline, 0);
    while (pipeline_next(pipeline, &what, &prepared)) {
        assert_int_equal(what.report, 1);
        others++;
        prepared_done(&prepared, false);
    }
    pipeline_stop(pipeline);
    assert_int_equal(others, WINDOWS / 2);
    assert_true(begun() <= 1 + PIPELINE_PLACES + WINDOWS / 2);
}

static void who_stops_waits_for_no_more_than_what_is_in_work(void **state)
{
    (void)state;
    struct pipeline *pipeline = start(3);
    wait_until_begun(3 * PIPELINE_PLACES);
    pipeline_stop(pipeline);
    assert_int_equal(begun(), 3 * PIPELINE_PLACES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_window_is_handed_over_once, setup),
        cmocka_unit_test_setup(where_no_other_session_is_to_be_had_one_does_it_all, setup),
        cmocka_unit_test_setup(the_windows_of_a_displaced_session_go_to_the_others, setup),
        cmocka_unit_test_setup(a_worker_whose_login_is_refused_leaves_its_windows_to_the_others,
                               setup),
        cmocka_unit_test_setup(the_last_worker_stays_and_its_refused_login_is_the_windows_failure,
                               setup),
        cmocka_unit_test_setup(a_refused_login_stands_where_no_other_session_is_to_be_had, setup),
        cmocka_unit_test_setup(who_waits_for_a_window_may_wait_until_a_deadline, setup),
        cmocka_unit_test_setup(one_worker_keeps_the_order, setup),
        cmocka_unit_test_setup(nobody_works_further_ahead_than_there_is_room, setup),
        cmocka_unit_test_setup(a_report_that_is_given_up_is_not_heard_of_again, setup),
        cmocka_unit_test_setup(who_stops_waits_for_no_more_than_what_is_in_work, setup),
    };

    return cmocka_run_group_tests_name("pipeline", tests, setup_all, teardown_all);
}
