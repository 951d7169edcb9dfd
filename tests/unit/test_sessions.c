/* SPDX-License-Identifier: MIT */
/* Sessions of one user at the same time, on portals that allow one, two or many. */
#include "extract/sessions.h"
#include "tests/support/unit.h"

enum { MANY = 4 };

static struct sessions *all;
static struct session sessions[MANY];
static bool inside[MANY]; /* sessions that the portal holds */
static int logins;

static int setup(void **state)
{
    (void)state;
    all = sessions_new();
    logins = 0;
    for (int i = 0; i < MANY; i++) {
        sessions[i] = (struct session){0};
        inside[i] = false;
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++)
        sessions_leave(all, &sessions[i]);
    sessions_free(all);
    return 0;
}

/* Logs in at a portal that allows `allowed` sessions: a login beyond that ends the oldest one. */
static void let_in(int who, int allowed, int order[], int *count)
{
    order[(*count)++] = who;
    inside[who] = true;
    logins++;
    for (int live = 0, i = *count - 1; i >= 0; i--) {
        live += inside[order[i]];
        if (live > allowed)
            inside[order[i]] = false;
    }
}

static void log_in_all(int allowed, int order[], int *count)
{
    struct error err;

    for (int i = 0; i < MANY; i++) {
        assert_true(sessions_begin_login(all, &err));
        let_in(i, allowed, order, count);
        sessions_end_login(all, &sessions[i], NULL);
    }
}

/* Exports in turns until each session has had its share. Returns the number of sessions that are
 * left. */
static int work(int allowed)
{
    int order[64], count = 0, left = 0;

    log_in_all(allowed, order, &count);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++) {
            if (sessions[i].evicted)
                continue;
            sessions_begin_export(all, &sessions[i]);
            if (!inside[i] && !sessions_is_evicted(all, &sessions[i]))
                let_in(i, allowed, order, &count);
            if (inside[i])
                sessions_export_worked(&sessions[i]);
        }
    }
    for (int i = 0; i < MANY; i++)
        left += !sessions[i].evicted;
    return left;
}

static void as_many_remain_as_the_portal_allows(void **state)
{
    (void)state;
    for (int allowed = 1; allowed <= MANY; allowed++) {
        setup(NULL);
        assert_int_equal(work(allowed), allowed);
        assert_int_equal(logins, MANY); /* no session logged in again and ended another */
        teardown(NULL);
    }
    setup(NULL);
}

static void
a_session_that_has_outlived_the_others_logins_has_expired_and_is_begun_anew(void **state)
{
    (void)state;
    assert_int_equal(work(MANY), MANY);
    for (int i = 0; i < MANY; i++) {
        sessions_begin_export(all, &sessions[i]);
        assert_false(sessions_is_evicted(all, &sessions[i]));
    }
}

static void one_session_alone_is_never_displaced(void **state)
{
    struct error err;

    (void)state;
    assert_true(sessions_begin_login(all, &err));
    sessions_end_login(all, &sessions[0], NULL);
    for (int i = 0; i < 3; i++)
        assert_false(sessions_is_evicted(all, &sessions[0]));
}

/* A login may end another session and then fail. One session must stay. */
static void who_is_alone_stays_though_another_has_tried_to_log_in(void **state)
{
    const struct error lost = {.kind = ERROR_PORTAL, .message = "no answer"};
    struct error err;

    (void)state;
    assert_true(sessions_begin_login(all, &err));
    sessions_end_login(all, &sessions[0], NULL);
    sessions_begin_export(all, &sessions[0]);
    assert_true(sessions_begin_login(all, &err));
    sessions_end_login(all, &sessions[1], &lost);
    assert_false(sessions_is_evicted(all, &sessions[0]));
    assert_true(sessions_begin_login(all, &err)); /* a login without an answer is not refused */
    sessions_end_login(all, &sessions[1], NULL);
}

static void an_export_that_began_before_the_others_login_was_over_proves_nothing(void **state)
{
    struct error err;

    (void)state;
    assert_true(sessions_begin_login(all, &err));
    sessions_end_login(all, &sessions[0], NULL);
    assert_true(sessions_begin_login(all, &err));
    sessions_begin_export(all, &sessions[0]);
    sessions_end_login(all, &sessions[1], NULL);
    sessions_export_worked(&sessions[0]);
    assert_true(sessions_is_evicted(all, &sessions[0]));
    assert_false(sessions_is_evicted(all, &sessions[1]));
}

static void after_a_refusal_nobody_else_tries_to_log_in(void **state)
{
    const struct error refused = {.kind = ERROR_LOGIN, .message = "already logged in"};
    struct error err = {0};

    (void)state;
    assert_true(sessions_begin_login(all, &err));
    sessions_end_login(all, &sessions[0], NULL);
    assert_true(sessions_begin_login(all, &err));
    sessions_end_login(all, &sessions[1], &refused);
    assert_false(sessions_begin_login(all, &err));
    assert_int_equal(err.kind, ERROR_LOGIN);
    assert_string_equal(err.message, "already logged in");
}

/* Then the other session is alone, and must not count as evicted. */
static void a_session_that_is_refused_is_out_and_nobody_else_tries_to_log_in(void **state)
{
    const struct error refused = {.kind = ERROR_LOGIN, .message = "the password has expired"};
    struct error err = {0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(sessions_begin_login(all, &err));
        sessions_end_login(all, &sessions[i], NULL);
    }
    sessions_refuse(all, &sessions[1], &refused);
    assert_false(sessions[1].open);
    assert_false(sessions_begin_login(all, &err));
    assert_string_equal(err.message, "the password has expired");
    assert_false(sessions_is_evicted(all, &sessions[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_many_remain_as_the_portal_allows, NULL, teardown),
        cmocka_unit_test_setup_teardown(
            a_session_that_has_outlived_the_others_logins_has_expired_and_is_begun_anew, setup,
            teardown),
        cmocka_unit_test_setup_teardown(one_session_alone_is_never_displaced, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_alone_stays_though_another_has_tried_to_log_in,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_export_that_began_before_the_others_login_was_over_proves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_session_that_is_refused_is_out_and_nobody_else_tries_to_log_in, setup, teardown),
        cmocka_unit_test_setup_teardown(after_a_refusal_nobody_else_tries_to_log_in, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
