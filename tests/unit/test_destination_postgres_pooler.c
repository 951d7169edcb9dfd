/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination behind a pooler that is full, stops, or drops a connection. */
#include "load/postgres/client.h"

#include "base/mem.h"
#include "tests/support/destination_postgres.h"
#include "tests/support/postgres_pooler.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *pooled(const char *mode)
{
    return cluster_url(cluster.pooler_port, mode);
}

/* Loads the old window; from then on the test connects through the pooler. */
static void open_pooled(struct stage *stage, const char *mode)
{
    MEM_FREE_TEXT char *url = pooled(mode);

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_reopen(stage, url);
}

static const char *const modes[] = {"session", "transaction"};

static void next_mode(struct stage *stage)
{
    destination_close(stage->dest);
    stage->dest = NULL;
    cluster_reset();
}

/* Asserts that an event within a window ends the window with an error. */
static void expect_window_lost(struct stage *stage, void (*fault)(void), const char *words)
{
    const struct window window = fixture_window(1, 9);

    work_done(&stage->work);
    work_init(&stage->work);
    work_add(&stage->work, ROW_UPDATE, (struct line){"100", "SHUT", 2, NULL, 1, 12});
    stage_succeeded(stage, fixture_apply(stage->dest, window, &stage->work, &stage->err));
    fault();
    assert_false(fixture_commit(stage->dest, window, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, words);
    destination_rollback(stage->dest);
    stage_expect_old();
}

/* Loads the new window, with tries until the server is back. */
static void load_new_with_timeouts(struct stage *stage)
{
    const int64_t deadline = clock_ms() + 20 * 1000;

    while (!stage_load_new(stage)) {
        stage_failed(&stage->err, ERROR_DATABASE, true, "");
        destination_rollback(stage->dest);
        stage_expect_old();
        assert_true(clock_ms() < deadline);
        poll(NULL, 0, 50);
    }
    stage_expect_new();
}

/* Dropped connections */

static void end_servers(void)
{
    cluster_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'etl-sigos' AND pid <> pg_backend_pid()");
}

static void kill_pools(void)
{
    for (size_t i = 0; i < COUNT(modes); i++) {
        MEM_FREE_TEXT char *kill = mem_format("KILL %s", modes[i]),
                           *resume = mem_format("RESUME %s", modes[i]);
        pooler_run(kill);
        pooler_run(resume);
    }
}

static void restart_pooler(void)
{
    pooler_restart("");
}

static void a_connection_that_the_pooler_loses_ends_the_window(void **state)
{
    static void (*const faults[])(void) = {end_servers, kill_pools, restart_pooler,
                                           cluster_restart};
    struct stage *stage = *state;

    for (size_t m = 0; m < COUNT(modes); m++) {
        open_pooled(stage, modes[m]);
        for (size_t i = 0; i < COUNT(faults); i++)
            expect_window_lost(stage, faults[i], "");
        load_new_with_timeouts(stage);
        next_mode(stage);
    }
}

static void a_pooler_that_restarts_between_windows_is_not_noticed(void **state)
{
    static void (*const faults[])(void) = {kill_pools, restart_pooler};
    struct stage *stage = *state;

    for (size_t m = 0; m < COUNT(modes); m++)
        for (size_t i = 0; i < COUNT(faults); i++) {
            open_pooled(stage, modes[m]);
            faults[i]();
            stage_recovers(stage);
            next_mode(stage);
        }
}

/* The pooler reconnects by itself, or reports the lost server and is asked again. */
static void a_server_that_restarts_behind_its_pooler_is_worth_another_try(void **state)
{
    struct stage *stage = *state;

    for (size_t m = 0; m < COUNT(modes); m++) {
        open_pooled(stage, modes[m]);
        cluster_restart();
        load_new_with_timeouts(stage);
        next_mode(stage);
    }
}

/* A pooler keeps clients waiting for a server that is down. */
static void a_server_that_is_gone_behind_its_pooler_is_worth_another_try(void **state)
{
    struct stage *stage = *state;

    pooler_restart("query_wait_timeout = 1");
    open_pooled(stage, "transaction");
    cluster_down(CLUSTER_IMMEDIATE);
    for (int again = 0; again < 2; again++) {
        assert_false(stage_load_new(stage));
        stage_failed(&stage->err, ERROR_DATABASE, true, "");
        destination_rollback(stage->dest);
    }
    stage_failed(&stage->err, ERROR_DATABASE, true, "does the server");
    cluster_up();
    load_new_with_timeouts(stage);
    pooler_restart("");
}

static void wait_until_refused(struct stage *stage)
{
    const int64_t deadline = clock_ms() + 20 * 1000;
    struct destination *direct;

    while ((direct = fixture_open(stage->url, &stage->err))) {
        destination_close(direct);
        assert_true(clock_ms() < deadline);
    }
}

/* When the server refuses the pooler, the pooler reports that or passes the reason on. */
static void a_server_that_refuses_its_pooler_is_worth_another_try(void **state)
{
    struct stage *stage = *state;

    open_pooled(stage, "transaction");
    pooler_restart("");
    cluster_signal(SIGTERM); /* the test's open session keeps the server from ending */
    wait_until_refused(stage);
    for (int again = 0; again < 3; again++) {
        assert_false(stage_load_new(stage));
        stage_failed(&stage->err, ERROR_DATABASE, true, "");
        destination_rollback(stage->dest);
    }
    cluster_restart();
    load_new_with_timeouts(stage);
}

/* Starts a child process that waits until the parent's COMMIT sleeps and makes the pooler drop all
 * clients. */
static pid_t start_dropper(void)
{
    const pid_t dropper = fork();

    if (dropper != 0)
        return dropper;
    alarm(30);
    MEM_FREE_TEXT char *address = mem_format("host=%s port=%d user=%s dbname=%s", cluster.folder,
                                             cluster.port, CLUSTER_USER, CLUSTER_DATABASE);
    PGconn *conn = PQconnectdb(address);
    for (bool sleeps = false; !sleeps; poll(NULL, 0, 5)) {
        PGresult *res = PQexec(conn, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        sleeps = PQntuples(res) == 1;
        PQclear(res);
    }
    kill_pools();
    _exit(0);
}

/* The server finishes a COMMIT whose answer is lost. */
static void a_commit_that_the_pooler_drops_is_asked_for(void **state)
{
    struct stage *stage = *state;
    int status;

    for (size_t m = 0; m < COUNT(modes); m++) {
        open_pooled(stage, modes[m]);
        stage_arm(AT_COMMIT, "pg_sleep(1)");
        const pid_t dropper = start_dropper();
        stage_succeeded(stage, stage_load_new(stage));
        assert_int_equal(waitpid(dropper, &status, 0), dropper);
        assert_int_equal(status, 0);
        stage_expect_new();
        next_mode(stage);
    }
}

/* What the pooler allows */

static void a_full_pooler_is_worth_another_try(void **state)
{
    MEM_FREE_TEXT char *url = pooled("transaction");
    struct stage *stage = *state;
    struct error err;

    pooler_restart("max_client_conn = 1\nreserve_pool_size = 0");
    open_pooled(stage, "transaction");
    assert_null(fixture_open(url, &err));
    stage_failed(&err, ERROR_DATABASE, true, "no more connections allowed");
    stage_failed(&err, ERROR_DATABASE, true, "the pooler is full");
    stage_recovers(stage);
    pooler_restart("");
}

static void a_pool_without_a_free_connection_is_worth_another_try(void **state)
{
    MEM_FREE_TEXT char *url = pooled("transaction");
    struct stage *stage = *state;

    pooler_restart("default_pool_size = 1\nquery_wait_timeout = 1");
    open_pooled(stage, "transaction");
    PGconn *other = PQconnectdb(url);
    PQclear(PQexec(other, "BEGIN; SELECT 1"));
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, true, "query_wait_timeout");
    stage_failed(&stage->err, ERROR_DATABASE, true, "no connection of the pooler came free");
    PQfinish(other);
    load_new_with_timeouts(stage);
    pooler_restart("");
}

static void a_paused_pool_is_waited_for(void **state)
{
    struct stage *stage = *state;
    int status;

    open_pooled(stage, "transaction");
    pooler_run("PAUSE transaction");
    const pid_t resumer = fork();
    if (resumer == 0) {
        poll(NULL, 0, 300); /* time for a wrong message to come */
        pooler_run("RESUME transaction");
        _exit(0);
    }
    stage_recovers(stage);
    assert_int_equal(waitpid(resumer, &status, 0), resumer);
}

static void a_window_that_idles_too_long_for_the_pooler_is_worth_another_try(void **state)
{
    const struct window window = fixture_window(1, 9);
    struct stage *stage = *state;

    pooler_restart("idle_transaction_timeout = 1");
    open_pooled(stage, "transaction");
    assert_true(destination_begin(stage->dest, &fixture_report, window, &stage->err));
    stage_wait_until(
        "SELECT count(*) = 0 FROM pg_stat_activity WHERE state = 'idle in transaction'");
    assert_false(fixture_commit(stage->dest, window, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "idle transaction timeout");
    stage_recovers(stage);
    pooler_restart("");
}

static void a_statement_that_takes_too_long_for_the_pooler_is_not_repeated(void **state)
{
    struct stage *stage = *state;

    pooler_restart("query_timeout = 1");
    open_pooled(stage, "transaction");
    stage_arm(AT_INSERT, "pg_sleep(60)");
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false, "query timeout");
    stage_failed(&stage->err, ERROR_DATABASE, false, "query_timeout");
    end_servers(); /* the pooler's server does not know that the client left */
    stage_disarm();
    pooler_restart("");
    stage_recovers(stage);
}

/* Errors that a second try does not mend */

static void expect_lasting(struct stage *stage, const char *url, const char *words)
{
    assert_null(fixture_open(url, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, words);
}

static void what_the_pooler_does_not_know_is_not_tried_again(void **state)
{
    MEM_FREE_TEXT char *nowhere = pooled("nowhere"),
                       *wrong = mem_format("postgres://%s:wrong@localhost:%d/transaction",
                                           CLUSTER_USER, cluster.pooler_port),
                       *nobody = mem_format("postgres://nobody:x@localhost:%d/transaction",
                                            cluster.pooler_port),
                       *open =
                           cluster_url_with(cluster.pooler_port, "transaction", "sslmode=disable");

    expect_lasting(*state, nowhere, "DB_NAME");
    expect_lasting(*state, wrong, "DB_PASS");
    expect_lasting(*state, nobody, "DB_PASS");
    expect_lasting(*state, open, "DB_SSLMODE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_connection_that_the_pooler_loses_ends_the_window),
        STAGE_TEST(a_pooler_that_restarts_between_windows_is_not_noticed),
        STAGE_TEST(a_server_that_restarts_behind_its_pooler_is_worth_another_try),
        STAGE_TEST(a_server_that_is_gone_behind_its_pooler_is_worth_another_try),
        STAGE_TEST(a_server_that_refuses_its_pooler_is_worth_another_try),
        STAGE_TEST(a_commit_that_the_pooler_drops_is_asked_for),
        STAGE_TEST(a_full_pooler_is_worth_another_try),
        STAGE_TEST(a_pool_without_a_free_connection_is_worth_another_try),
        STAGE_TEST(a_paused_pool_is_waited_for),
        STAGE_TEST(a_window_that_idles_too_long_for_the_pooler_is_worth_another_try),
        STAGE_TEST(a_statement_that_takes_too_long_for_the_pooler_is_not_repeated),
        STAGE_TEST(what_the_pooler_does_not_know_is_not_tried_again),
    };

    cluster_start();
    const int failed =
        cmocka_run_group_tests_name("destination_postgres_pooler", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
