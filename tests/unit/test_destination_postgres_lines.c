/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination: broken connections, servers that stop, and commits with an unknown
 * result. */
#include "load/postgres/client.h"

#include "base/mem.h"
#include "base/stop.h"
#include "tests/support/destination_postgres.h"
#include "tests/support/proxy.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Servers that stop */

static void a_server_that_restarts_between_windows_is_not_noticed(void **state)
{
    static const enum cluster_end ends[] = {CLUSTER_FAST, CLUSTER_IMMEDIATE};
    struct stage *stage = *state;

    for (size_t i = 0; i < COUNT(ends); i++) {
        cluster_reset();
        stage_open(stage, stage->url);
        cluster_down(ends[i]);
        cluster_up();
        stage_load_old(stage);
        cluster_down(ends[i]);
        cluster_up();
        stage_recovers(stage);
        cluster_down(ends[i]);
        cluster_up();
        stage_succeeded(stage,
                        destination_end_run(stage->dest, &fixture_run, 0, 1772370000, &stage->err));
        destination_close(stage->dest);
        stage->dest = NULL;
    }
}

static void a_server_that_restarts_within_a_window_leaves_the_old_one(void **state)
{
    static const enum cluster_end ends[] = {CLUSTER_FAST, CLUSTER_IMMEDIATE};
    const struct window window = fixture_window(1, 9);
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    work_add(&stage->work, ROW_UPDATE, (struct line){"100", "SHUT", 2, NULL, 1, 12});
    for (size_t i = 0; i < COUNT(ends); i++) {
        assert_true(fixture_apply(stage->dest, window, &stage->work, &stage->err));
        cluster_down(ends[i]);
        cluster_up();
        assert_false(fixture_commit(stage->dest, window, &stage->err));
        stage_failed(&stage->err, ERROR_DATABASE, true, "");
        destination_rollback(stage->dest);
        stage_expect_old();
    }
    stage_recovers(stage);
}

/* The first failure says that the server ended, the later ones that no server answers. */
static void a_server_that_is_gone_is_worth_another_try_until_it_is_back(void **state)
{
    static const enum cluster_end ends[] = {CLUSTER_FAST, CLUSTER_IMMEDIATE};
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    for (size_t i = 0; i < COUNT(ends); i++) {
        cluster_down(ends[i]);
        for (int again = 0; again < 2; again++) {
            assert_false(stage_load_new(stage));
            stage_failed(&stage->err, ERROR_DATABASE, true,
                         "Connection refused (is the server running");
            destination_rollback(stage->dest);
        }
        cluster_up();
        stage_expect_old();
    }
    stage_recovers(stage);
}

/* Connections that break before the commit */

static void a_connection_that_ends_within_a_window_ends_the_window(void **state)
{
    const struct window window = fixture_window(1, 9);
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    work_add(&stage->work, ROW_INSERT, (struct line){"1", "OPEN", 2, NULL, 1, 10});
    assert_true(destination_begin(stage->dest, &fixture_report, window, &stage->err));
    stage_end_connections();
    assert_false(destination_apply(stage->dest, &fixture_run, &stage->work.batch, &stage->work.plan,
                                   &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "terminating connection");
    /* The destination does not reconnect by itself. */
    assert_false(fixture_commit(stage->dest, window, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "its transaction is gone");
    stage_recovers(stage);
}

static void a_connection_that_ends_within_copy_leaves_the_old_window(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_arm(AT_INSERT, END_MYSELF);
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, true, "insert rows: terminating connection");
    stage_disarm();
    stage_recovers(stage);
}

static void a_commit_that_kills_its_connection_is_known_to_have_failed(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_arm(AT_COMMIT, END_MYSELF);
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, true, "the database did not take it");
    stage_disarm();
    stage_recovers(stage);
}

/* Loads the old window, and then connects through a proxy that breaks the connection. */
static struct proxy open_by_proxy(struct stage *stage, enum proxy_fault fault, const void *text,
                                  size_t len)
{
    struct proxy proxy = proxy_start(cluster.port, fault, text, len);
    MEM_FREE_TEXT char *url = cluster_url_with(proxy.port, CLUSTER_DATABASE, "sslmode=disable");

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_reopen(stage, url);
    return proxy;
}

static void a_line_that_breaks_within_copy_leaves_the_old_window(void **state)
{
    /* 07:07:07 in binary COPY: eight bytes, the microseconds since midnight. */
    static const unsigned char cell[] = {0, 0, 0, 8, 0, 0, 0, 0x05, 0xF7, 0x7C, 0xFC, 0xC0};
    struct stage *stage = *state;
    struct proxy proxy = open_by_proxy(stage, PROXY_CUT_BEFORE, (const char *)cell, sizeof(cell));

    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, true, "insert rows");
    stage_recovers(stage);
    proxy_stop(&proxy);
}

/* Commits in doubt */

#define COMMIT_MESSAGE "COMMIT" /* matched with its NUL, unlike ON COMMIT DROP */

static void a_commit_that_never_arrives_does_not_count(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_BEFORE, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, true, "the database did not take it");
    stage_recovers(stage);
    proxy_stop(&proxy);
}

static void a_commit_whose_answer_is_lost_counts(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_AFTER, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
    proxy_stop(&proxy);
}

static void a_commit_that_nobody_can_be_asked_about_is_unknown(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_FOR_GOOD, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    postgres_of(stage->dest)->timeouts.resolve = 300;
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, true, "whether the database took it is unknown");
    stage_expect_new(); /* the commit was done, so the next try finds nothing to do */
    proxy_stop(&proxy);
}

/* Loads the new window in a child process that is told to stop while it looks for the result of its
 * commit. */
static void ask_and_be_stopped(struct stage *stage)
{
    struct error err;

    alarm(60);
    if (!stop_install(&err))
        _exit(1);
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_FOR_GOOD, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));
    postgres_of(stage->dest)->timeouts.resolve = 50 * 1000;
    postgres_of(stage->dest)->timeouts.closing = 500;
    const pid_t asking = getpid();
    if (fork() == 0) {
        poll(NULL, 0, 1000);
        kill(asking, SIGTERM);
        _exit(0);
    }
    const bool loaded = stage_load_new(stage);
    proxy_stop(&proxy);
    _exit(loaded || !strstr(stage->err.message, "is unknown") ? 2 : 0);
}

static void a_signal_brings_the_end_of_a_commit_in_doubt_near(void **state)
{
    struct stage *stage = *state;
    const int64_t before = clock_ms();
    int status;

    const pid_t pid = fork();
    if (pid == 0)
        ask_and_be_stopped(stage);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(clock_ms() - before < 20 * 1000); /* much less than the timeout of 50 s */
}

/* The commits of a run's start and end are checked in the same way. */
static void a_run_is_started_once_even_if_the_answer_is_lost(void **state)
{
    const struct run second = {.id = "run-2", .mode = "full", .started_at = 1772370000};
    struct stage *stage = *state;
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_AFTER, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    stage_succeeded(stage, destination_start_run(stage->dest, &second, &stage->err));
    stage_expect("SELECT count(*) FROM etl_runs", "2");
    proxy_stop(&proxy);
}

/* A connection that dies silently: on the server the old transaction still holds the writer's lock,
 * and the check must wait for its end. */
static void a_commit_is_not_judged_before_its_transaction_ended(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy = open_by_proxy(stage, PROXY_HOLD, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    stage_arm(AT_COMMIT, "pg_sleep(0.7)"); /* the connection dies before the answer comes */
    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
    proxy_stop(&proxy);
}

/* Starts a child process that waits until a session sleeps and kills it with SIGKILL, so that the
 * server crashes and restarts. */
static pid_t start_killer(void)
{
    MEM_FREE_TEXT char *address = mem_format("host=%s port=%d user=%s dbname=%s", cluster.folder,
                                             cluster.port, CLUSTER_USER, CLUSTER_DATABASE);
    const pid_t killer = fork();

    if (killer != 0)
        return killer;
    alarm(30);
    PGconn *conn = PQconnectdb(address);
    for (;;) {
        PGresult *res =
            PQexec(conn, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        if (PQntuples(res) == 1)
            _exit(kill((pid_t)strtol(PQgetvalue(res, 0, 0), NULL, 10), SIGKILL));
        PQclear(res);
        poll(NULL, 0, 5);
    }
}

/* The server crashes after COMMIT was sent and before it answers. */
static void a_server_that_crashes_within_a_commit_is_asked_when_it_is_back(void **state)
{
    struct stage *stage = *state;
    int status;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_arm(AT_COMMIT, "pg_sleep(60)");
    const pid_t killer = start_killer();
    assert_false(stage_load_new(stage));
    assert_int_equal(waitpid(killer, &status, 0), killer);
    assert_int_equal(status, 0);
    stage_failed(&stage->err, ERROR_DATABASE, true, "the database did not take it");
    cluster_reconnect();
    stage_disarm();
    stage_recovers(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_server_that_restarts_between_windows_is_not_noticed),
        STAGE_TEST(a_server_that_restarts_within_a_window_leaves_the_old_one),
        STAGE_TEST(a_server_that_is_gone_is_worth_another_try_until_it_is_back),
        STAGE_TEST(a_connection_that_ends_within_a_window_ends_the_window),
        STAGE_TEST(a_connection_that_ends_within_copy_leaves_the_old_window),
        STAGE_TEST(a_commit_that_kills_its_connection_is_known_to_have_failed),
        STAGE_TEST(a_line_that_breaks_within_copy_leaves_the_old_window),
        STAGE_TEST(a_commit_that_never_arrives_does_not_count),
        STAGE_TEST(a_commit_whose_answer_is_lost_counts),
        STAGE_TEST(a_commit_that_nobody_can_be_asked_about_is_unknown),
        STAGE_TEST(a_signal_brings_the_end_of_a_commit_in_doubt_near),
        STAGE_TEST(a_run_is_started_once_even_if_the_answer_is_lost),
        STAGE_TEST(a_commit_is_not_judged_before_its_transaction_ended),
        STAGE_TEST(a_server_that_crashes_within_a_commit_is_asked_when_it_is_back),
    };

    cluster_start();
    const int failed = cmocka_run_group_tests_name("destination_postgres_lines", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
