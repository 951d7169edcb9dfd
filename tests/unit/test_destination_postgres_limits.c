/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination: timeouts, locks, signals, and values that it refuses. */
#include "load/postgres/client.h"

#include "base/mem.h"
#include "base/stop.h"
#include "tests/support/destination_postgres.h"
#include "load/destination_open.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Limits */

static void a_statement_that_takes_too_long_is_not_repeated(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_arm(AT_INSERT, "pg_sleep(60)");
    postgres_of(stage->dest)->timeouts.statement = 200;
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false,
                 "statement timeout (the statement was cancelled, by a person or by a limit");
    stage_disarm();
    stage_recovers(stage);
}

/* The timeout of a role or database is made for people and may be shorter than a window takes. */
static void a_limit_of_the_servers_for_people_is_not_ours(void **state)
{
    struct stage *stage = *state;

    cluster_run("ALTER DATABASE " CLUSTER_DATABASE " SET statement_timeout = '50ms'");
    cluster_run("ALTER DATABASE " CLUSTER_DATABASE " SET idle_in_transaction_session_timeout = 20");
    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_arm(AT_INSERT, "pg_sleep(0.2)");
    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
    cluster_run("ALTER DATABASE " CLUSTER_DATABASE " RESET ALL");
}

static void a_window_that_idles_too_long_is_worth_another_try(void **state)
{
    const struct window window = fixture_window(1, 9);
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    postgres_of(stage->dest)->timeouts.idle = 20;
    assert_true(destination_begin(stage->dest, &fixture_report, window, &stage->err));
    stage_wait_until(
        "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'etl-sigos'");
    assert_false(fixture_commit(stage->dest, window, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "idle-in-transaction timeout");
    postgres_of(stage->dest)->timeouts.idle = 10 * 1000;
    stage_recovers(stage);
}

static void a_person_who_cancels_a_statement_is_obeyed(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_arm(AT_INSERT, "pg_cancel_backend(pg_backend_pid()), pg_sleep(60)");
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false, "the statement was cancelled, by a person");
    stage_disarm();
    stage_recovers(stage);
}

static void a_server_that_says_nothing_is_given_up(void **state)
{
    const struct window window = fixture_window(1, 9);
    struct stage *stage = *state;
    struct snapshot held = {0};

    stage_open(stage, stage->url);
    stage_load_old(stage);
    assert_true(destination_begin(stage->dest, &fixture_report, window, &stage->err));
    const pid_t backend = PQbackendPID(postgres_of(stage->dest)->conn);
    postgres_of(stage->dest)->timeouts.statement = 200;
    postgres_of(stage->dest)->timeouts.answer = 100;
    assert_int_equal(kill(backend, SIGSTOP), 0);
    assert_false(destination_snapshot(stage->dest, &held, &stage->err));
    assert_int_equal(kill(backend, SIGCONT), 0);
    stage_failed(&stage->err, ERROR_DATABASE, true, "did not answer in time");
    postgres_of(stage->dest)->timeouts.statement = 10000;
    stage_recovers(stage);
}

static void another_writer_is_waited_for_and_then_named(void **state)
{
    const struct window window = fixture_window(1, 9);
    struct stage *stage = *state;
    struct error err;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    struct destination *other = fixture_open(stage->url, &err);
    assert_non_null(other);
    postgres_of(other)->timeouts.lock = 100;
    assert_true(destination_begin(stage->dest, &fixture_report, window, &stage->err));
    assert_false(destination_begin(other, &fixture_report, window, &err));
    stage_failed(&err, ERROR_DATABASE, true, "another process is writing");
    destination_rollback(stage->dest);
    assert_true(destination_begin(other, &fixture_report, window, &err));
    destination_close(other); /* while its window is open */
    stage_recovers(stage);
}

static void a_deadlock_is_worth_another_try(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *other_url = mem_format("host=%s port=%d user=%s dbname=%s", cluster.folder,
                                               cluster.port, CLUSTER_USER, CLUSTER_DATABASE);

    stage_open(stage, stage->url);
    stage_load_old(stage);
    PGconn *other = PQconnectdb(other_url);
    /* So that this session finds the deadlock. */
    PQclear(PQexec(other, "SET deadlock_timeout = '20s'"));
    PQclear(PQexec(other, "BEGIN; LOCK TABLE etl_windows"));
    work_add(&stage->work, ROW_INSERT, (struct line){"500", "OPEN", 2, NULL, 5, 50});
    stage_succeeded(stage,
                    fixture_apply(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
    assert_true(PQsendQuery(other, "LOCK TABLE visits"));
    assert_false(fixture_commit(stage->dest, fixture_window(1, 9), &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "deadlock detected");
    destination_rollback(stage->dest);
    PQfinish(other);
    stage_recovers(stage);
}

static void a_database_that_may_only_be_read_says_so(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *url =
        mem_format("%s&options=-cdefault_transaction_read_only%%3Don", stage->url);

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_reopen(stage, url);
    stage_succeeded(stage,
                    destination_migrate(stage->dest, &fixture_report, &stage->err)); /* done */
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false, "the database is read-only");
    destination_rollback(stage->dest);
    assert_false(destination_start_run(stage->dest, &fixture_run, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "is it a replica, or did its disk fill up?");
    stage_reopen(stage, stage->url);
    stage_recovers(stage);
}

static void a_hash_that_is_not_ours_is_refused(void **state)
{
    struct stage *stage = *state;
    struct snapshot held = {0};

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("ALTER TABLE visits ALTER _row_hash DROP NOT NULL;"
                "UPDATE visits SET _row_hash = NULL WHERE \"UC / MD\" = '200'");
    assert_true(destination_begin(stage->dest, &fixture_report, fixture_window(1, 9), &stage->err));
    assert_false(destination_snapshot(stage->dest, &held, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "that etl-sigos did not write");
    assert_int_equal(held.count, 0);
    assert_int_equal(held.dated, 0);
    destination_rollback(stage->dest);
    snapshot_done(&held);
}

/* Signals */

/* Begins a window while another writer has one open, in a child process that is told to stop. The
 * end of the run is recorded nevertheless. */
static void wait_and_be_stopped(struct stage *stage)
{
    struct error err = {0};
    struct destination *own = NULL;
    const struct ledger_entry entry = fixture_entry(fixture_window(1, 9));

    if (!stop_install(&err) || !destination_open(stage->url, &own, &err))
        _exit(1);
    alarm(20);
    const pid_t parent = getpid();
    if (fork() == 0) { /* a little later, while the parent waits */
        poll(NULL, 0, 300);
        kill(parent, SIGTERM);
        _exit(0);
    }
    if (destination_begin(own, &fixture_report, fixture_window(1, 9), &err) ||
        err.kind != ERROR_STOPPED)
        _exit(2);
    if (!destination_record(own, &entry, &err) ||
        !destination_end_run(own, &fixture_run, 143, 1772370000, &err))
        _exit(3);
    destination_close(own);
    _exit(0);
}

static void a_signal_ends_a_wait_and_the_end_is_written_down(void **state)
{
    struct stage *stage = *state;
    int status;

    stage_open(stage, stage->url);
    assert_true(destination_begin(stage->dest, &fixture_report, fixture_window(1, 9), &stage->err));
    const int64_t before = clock_ms();
    const pid_t pid = fork();
    if (pid == 0)
        wait_and_be_stopped(stage);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(clock_ms() - before < 10 * 1000); /* much less than the timeout of 30 s */
    stage_expect("SELECT exit_code FROM etl_runs", "143");
    stage_expect("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_statement_that_takes_too_long_is_not_repeated),
        STAGE_TEST(a_limit_of_the_servers_for_people_is_not_ours),
        STAGE_TEST(a_window_that_idles_too_long_is_worth_another_try),
        STAGE_TEST(a_person_who_cancels_a_statement_is_obeyed),
        STAGE_TEST(a_server_that_says_nothing_is_given_up),
        STAGE_TEST(another_writer_is_waited_for_and_then_named),
        STAGE_TEST(a_deadlock_is_worth_another_try),
        STAGE_TEST(a_database_that_may_only_be_read_says_so),
        STAGE_TEST(a_hash_that_is_not_ours_is_refused),
        STAGE_TEST(a_signal_ends_a_wait_and_the_end_is_written_down),
    };

    cluster_start();
    const int failed =
        cmocka_run_group_tests_name("destination_postgres_limits", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
