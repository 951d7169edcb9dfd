/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination: addresses and servers that refuse, lines that break, limits. */
#include "load/postgres_internal.h"

#include "base/mem.h"
#include "base/stop.h"
#include "tests/support/destination_postgres.h"
#include "tests/support/postgres_proxy.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *direct_with(const char *parameters)
{
    return cluster_url_with(cluster.port, CLUSTER_DATABASE, parameters);
}

static void expect_open_fails(struct stage *stage, const char *url, enum error_kind kind,
                              bool transient, const char *words)
{
    assert_null(scene_open(url, &stage->err));
    stage_failed(&stage->err, kind, transient, words);
    assert_null(strstr(stage->err.message, CLUSTER_PASSWORD));
    assert_null(strstr(stage->err.message, "p@ss"));
}

/* Addresses and TLS */

static void an_address_that_cannot_be_read_is_not_repeated(void **state)
{
    static const char *const urls[] = {
        "postgres://u:" CLUSTER_PASSWORD "@h:port/db?nonsense=1",
        "postgres://u:" CLUSTER_PASSWORD "@[::1/db",
        "postgresql://u:%zz" CLUSTER_PASSWORD "@h/db",
    };

    for (size_t i = 0; i < COUNT(urls); i++)
        expect_open_fails(*state, urls[i], ERROR_CONFIG, false, "postgres://USER:PASSWORD@HOST");
}

static void a_server_that_is_not_there_is_worth_another_try(void **state)
{
    expect_open_fails(*state, "postgres://u:" CLUSTER_PASSWORD "@localhost:1/db", ERROR_DATABASE,
                      true, "Connection refused");
}

static void a_wrong_password_says_where_it_comes_from(void **state)
{
    MEM_FREE_TEXT char *url =
        mem_format("postgres://%s:wrong@localhost:%d/%s?sslrootcert=%s", CLUSTER_USER, cluster.port,
                   CLUSTER_DATABASE, cluster.root);

    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_PASS");
}

static void a_database_that_is_not_there_is_named(void **state)
{
    MEM_FREE_TEXT char *url = cluster_url(cluster.port, "nowhere");

    expect_open_fails(*state, url, ERROR_DATABASE, false, "\"nowhere\" does not exist");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_NAME");
}

static void a_certificate_of_another_authority_is_refused(void **state)
{
    MEM_FREE_TEXT char *parameters = mem_format("sslrootcert=%s", cluster.other_root);
    MEM_FREE_TEXT char *url = direct_with(parameters);

    expect_open_fails(*state, url, ERROR_DATABASE, false, "certificate verify failed");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_SSLROOTCERT");
}

static void a_certificate_of_another_host_is_refused(void **state)
{
    MEM_FREE_TEXT char *url =
        mem_format("postgres://%s:%s@127.0.0.1:%d/%s?sslrootcert=%s", CLUSTER_USER,
                   CLUSTER_PASSWORD, cluster.port, CLUSTER_DATABASE, cluster.root);

    expect_open_fails(*state, url, ERROR_DATABASE, false, "does not match host name");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_HOST");
}

static void a_root_certificate_that_is_not_there_is_named(void **state)
{
    MEM_FREE_TEXT char *url = direct_with("sslmode=verify-full&sslrootcert=/no/such.crt");

    expect_open_fails(*state, url, ERROR_DATABASE, false, "/no/such.crt");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_SSLROOTCERT");
}

static void a_server_without_encryption_is_refused_unless_that_is_asked_for(void **state)
{
    struct proxy proxy = proxy_start(cluster.port, PROXY_NO_TLS, NULL, 0);
    MEM_FREE_TEXT char *url = cluster_url_with(proxy.port, CLUSTER_DATABASE, "");

    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_SSLMODE=disable");
    proxy_stop(&proxy);
}

static void expect_warning(struct stage *stage, const char *url, const char *encrypted,
                           const char *words)
{
    stage_succeeded(stage, destination_open(url, &stage->dest, &stage->err));
    if (words)
        assert_non_null(strstr(stage->dest->warning, words));
    else
        assert_null(stage->dest->warning);
    stage_expect("SELECT s.ssl FROM pg_stat_ssl AS s JOIN pg_stat_activity AS a USING (pid)"
                 " WHERE a.application_name = 'etl-sigos'",
                 encrypted);
    destination_close(stage->dest);
    stage->dest = NULL;
}

static void a_connection_that_proves_nothing_warns(void **state)
{
    MEM_FREE_TEXT char *plain = direct_with(""), *required = direct_with("sslmode=require"),
                       *open = direct_with("sslmode=disable"),
                       *local = mem_format("postgresql://%s@/%s?host=%s&port=%d", CLUSTER_USER,
                                           CLUSTER_DATABASE, cluster.folder, cluster.port);
    struct stage *stage = *state;

    expect_warning(stage, stage->url, "1", NULL);
    expect_warning(stage, plain, "1", "not authenticated");
    expect_warning(stage, required, "1", "DB_SSLROOTCERT");
    expect_warning(stage, open, "0", "not encrypted");
    expect_warning(stage, local, "0", NULL); /* a socket of this machine */
}

/* Lines that break */

static void load_again(struct stage *stage)
{
    destination_rollback(stage->dest);
    stage_succeeded(stage, scene_first_load(stage->dest, &stage->err));
    stage_expect("SELECT count(*) FROM visits", "3");
    stage_expect("SELECT count(*) FROM etl_windows", "1");
}

static void a_server_that_restarts_between_windows_is_not_noticed(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_restart();
    load_again(stage);
    cluster_restart();
    const struct ledger_entry entry = scene_entry(scene_window(1, 9));
    stage_succeeded(stage, destination_record(stage->dest, &entry, &stage->err));
    cluster_restart();
    stage_succeeded(stage,
                    destination_end_run(stage->dest, &scene_run, 0, 1772370000, &stage->err));
}

static void end_our_connections(void)
{
    cluster_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'etl-sigos'");
}

/* The pooler finds out by itself, or says so and is asked again. */
static void a_server_that_restarts_behind_its_pooler_is_worth_another_try(void **state)
{
    static const char *const modes[] = {"session", "transaction"};
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    for (size_t i = 0; i < COUNT(modes); i++) {
        MEM_FREE_TEXT char *url = cluster_url(cluster.pooler_port, modes[i]);
        destination_close(stage->dest);
        stage_succeeded(stage, destination_open(url, &stage->dest, &stage->err));
        cluster_restart();
        struct ledger_entry entry = scene_entry(scene_window(1, 9));
        const int64_t deadline = clock_ms() + 10 * 1000;
        while (!destination_record(stage->dest, &entry, &stage->err)) {
            stage_failed(&stage->err, ERROR_DATABASE, true, "");
            assert_true(clock_ms() < deadline);
            poll(NULL, 0, 100);
        }
    }
    stage_expect("SELECT count(*) FROM etl_windows", "2");
}

static void a_connection_that_ends_within_a_window_ends_the_window(void **state)
{
    const struct window window = scene_window(1, 9);
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    work_add(&stage->work, ROW_INSERT, (struct line){"1", "OPEN", 2, NULL, 1, 10});
    assert_true(destination_begin(stage->dest, &scene_report, window, &stage->err));
    end_our_connections();
    assert_false(destination_apply(stage->dest, &scene_run, &stage->work.batch, &stage->work.plan,
                                   &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "terminating connection");
    assert_false(scene_commit(stage->dest, window, &stage->err)); /* nothing reconnects by itself */
    stage_failed(&stage->err, ERROR_DATABASE, true, "its transaction is gone");
    load_again(stage);
}

/* A trigger that ends its own connection, or does something else, at the third row. */
static void make_trigger(const char *event, const char *action)
{
    MEM_FREE_TEXT char *sql = mem_format(
        "CREATE FUNCTION mischief() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.\"UC / MD\" = '300' THEN PERFORM %s; END IF; RETURN NEW; END $$;"
        "CREATE %s ON visits %s FOR EACH ROW EXECUTE FUNCTION mischief()",
        action, event, strstr(event, "CONSTRAINT") ? "DEFERRABLE INITIALLY DEFERRED" : "");

    cluster_run(sql);
}

#define AT_INSERT "TRIGGER mischief BEFORE INSERT"
#define AT_COMMIT "CONSTRAINT TRIGGER mischief AFTER INSERT"
#define END_MYSELF "pg_terminate_backend(pg_backend_pid())"

static void remove_trigger(void)
{
    cluster_run("DROP FUNCTION mischief CASCADE");
}

static void a_connection_that_ends_within_copy_leaves_the_old_window(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    make_trigger(AT_INSERT, END_MYSELF);
    assert_false(scene_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "insert rows: terminating connection");
    destination_rollback(stage->dest);
    stage_expect("SELECT count(*) FROM visits", "0");
    remove_trigger();
    load_again(stage);
}

static void a_commit_that_kills_its_connection_is_known_to_have_failed(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    make_trigger(AT_COMMIT, END_MYSELF);
    assert_false(scene_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "the database did not take it");
    stage_expect("SELECT count(*) FROM visits", "0");
    remove_trigger();
    load_again(stage);
}

#define COMMIT_MESSAGE "COMMIT" /* with its NUL: not the one within ON COMMIT DROP */

static struct proxy open_by_proxy(struct stage *stage, enum proxy_fault fault, const void *text,
                                  size_t len)
{
    struct proxy proxy = proxy_start(cluster.port, fault, text, len);
    MEM_FREE_TEXT char *url = cluster_url_with(proxy.port, CLUSTER_DATABASE, "sslmode=disable");

    stage_open(stage, stage->url);
    destination_close(stage->dest);
    stage->dest = NULL;
    stage_succeeded(stage, destination_open(url, &stage->dest, &stage->err));
    return proxy;
}

static void a_line_that_breaks_within_copy_leaves_the_old_window(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy = open_by_proxy(stage, PROXY_CUT_BEFORE, "08:30:00", 8); /* a cell */

    assert_false(scene_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "insert rows");
    destination_rollback(stage->dest);
    stage_expect("SELECT count(*) FROM visits", "0");
    load_again(stage);
    proxy_stop(&proxy);
}

static void a_commit_whose_answer_is_lost_counts(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_AFTER, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    stage_succeeded(stage, scene_first_load(stage->dest, &stage->err));
    stage_expect("SELECT count(*) FROM visits", "3");
    stage_expect("SELECT count(*) FROM etl_windows", "1");
    proxy_stop(&proxy);
}

static void a_commit_that_never_arrives_does_not_count(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_BEFORE, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    assert_false(scene_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "the database did not take it");
    stage_expect("SELECT count(*) FROM visits", "0");
    load_again(stage);
    proxy_stop(&proxy);
}

static void a_commit_that_nobody_can_be_asked_about_is_unknown(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy =
        open_by_proxy(stage, PROXY_CUT_FOR_GOOD, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    postgres_of(stage->dest)->patience.settle = 300;
    assert_false(scene_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "whether the database took it is unknown");
    proxy_stop(&proxy);
}

/* The start of a run and its end are settled in the same way. */
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

/* A line that is dead without a word: the old transaction still holds the writer's lock on the
 * server, and the answer waits for its end. */
static void a_commit_is_not_judged_before_its_transaction_ended(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy = open_by_proxy(stage, PROXY_HOLD, COMMIT_MESSAGE, sizeof(COMMIT_MESSAGE));

    make_trigger(AT_COMMIT, "pg_sleep(0.7)"); /* the answer takes longer than the line lives */
    stage_succeeded(stage, scene_first_load(stage->dest, &stage->err));
    stage_expect("SELECT count(*) FROM visits", "3");
    proxy_stop(&proxy);
}

/* Limits */

static void a_statement_that_takes_too_long_is_not_repeated(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    make_trigger(AT_INSERT, "pg_sleep(60)");
    postgres_of(stage->dest)->patience.statement = 200;
    assert_false(scene_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "statement timeout");
    remove_trigger();
    load_again(stage);
}

static void a_server_that_says_nothing_is_given_up(void **state)
{
    const struct window window = scene_window(1, 9);
    struct stage *stage = *state;
    struct snapshot held = {0};

    stage_open(stage, stage->url);
    assert_true(destination_begin(stage->dest, &scene_report, window, &stage->err));
    const pid_t backend = PQbackendPID(postgres_of(stage->dest)->conn);
    postgres_of(stage->dest)->patience.statement = 200;
    postgres_of(stage->dest)->patience.answer = 100;
    assert_int_equal(kill(backend, SIGSTOP), 0);
    assert_false(destination_snapshot(stage->dest, &held, &stage->err));
    assert_int_equal(kill(backend, SIGCONT), 0);
    stage_failed(&stage->err, ERROR_DATABASE, true, "did not answer in time");
    postgres_of(stage->dest)->patience.statement = 10000;
    load_again(stage);
}

static void another_writer_is_waited_for_and_then_named(void **state)
{
    const struct window window = scene_window(1, 9);
    struct stage *stage = *state;
    struct error err;

    stage_open(stage, stage->url);
    struct destination *other = scene_open(stage->url, &err);
    assert_non_null(other);
    postgres_of(other)->patience.lock = 100;
    assert_true(destination_begin(stage->dest, &scene_report, window, &stage->err));
    assert_false(destination_begin(other, &scene_report, window, &err));
    stage_failed(&err, ERROR_DATABASE, true, "another process is writing");
    destination_rollback(stage->dest);
    assert_true(destination_begin(other, &scene_report, window, &err));
    destination_close(other); /* with its window open */
    load_again(stage);
}

static void a_deadlock_is_worth_another_try(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *other_url = mem_format("host=%s port=%d user=%s dbname=%s", cluster.folder,
                                               cluster.port, CLUSTER_USER, CLUSTER_DATABASE);

    stage_open(stage, stage->url);
    PGconn *other = PQconnectdb(other_url);
    PQclear(PQexec(other, "SET deadlock_timeout = '20s'")); /* so that it is we who find it */
    PQclear(PQexec(other, "BEGIN; LOCK TABLE etl_windows"));
    work_add(&stage->work, ROW_INSERT, (struct line){"1", "OPEN", 2, NULL, 1, 10});
    stage_succeeded(stage, scene_apply(stage->dest, scene_window(1, 9), &stage->work, &stage->err));
    assert_true(PQsendQuery(other, "LOCK TABLE visits"));
    assert_false(scene_commit(stage->dest, scene_window(1, 9), &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, true, "deadlock detected");
    destination_rollback(stage->dest);
    PQfinish(other);
    load_again(stage);
}

static void a_database_that_may_only_be_read_says_so(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *url =
        mem_format("%s&options=-cdefault_transaction_read_only%%3Don", stage->url);

    stage_open(stage, stage->url);
    destination_close(stage->dest);
    stage->dest = scene_open(url, &stage->err); /* nothing was to be migrated */
    stage_succeeded(stage, stage->dest != NULL);
    assert_false(scene_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "the database is read-only");
    destination_rollback(stage->dest);
}

static void a_hash_that_is_not_ours_is_refused(void **state)
{
    struct stage *stage = *state;
    struct snapshot held = {0};

    stage_open(stage, stage->url);
    stage_succeeded(stage, scene_first_load(stage->dest, &stage->err));
    cluster_run("ALTER TABLE visits ALTER _row_hash DROP NOT NULL;"
                "UPDATE visits SET _row_hash = NULL WHERE \"UC / MD\" = '200'");
    assert_true(destination_begin(stage->dest, &scene_report, scene_window(1, 9), &stage->err));
    assert_false(destination_snapshot(stage->dest, &held, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "that etl-sigos did not write");
    assert_int_equal(held.count, 0);
    assert_int_equal(held.dated, 0);
    destination_rollback(stage->dest);
    snapshot_done(&held);
}

/* Signals */

/* In a process of its own: begins a window that another one has open, and is told to stop. What
 * ends the work is written down all the same. */
static void wait_and_be_stopped(struct stage *stage)
{
    struct error err = {0};
    struct destination *own = NULL;
    const struct ledger_entry entry = scene_entry(scene_window(1, 9));

    if (!stop_install(&err) || !destination_open(stage->url, &own, &err))
        _exit(1);
    alarm(20);
    const pid_t parent = getpid();
    if (fork() == 0) { /* a little later, when the wait is under way */
        poll(NULL, 0, 300);
        kill(parent, SIGTERM);
        _exit(0);
    }
    if (destination_begin(own, &scene_report, scene_window(1, 9), &err) ||
        err.kind != ERROR_STOPPED)
        _exit(2);
    if (!destination_record(own, &entry, &err) ||
        !destination_end_run(own, &scene_run, 143, 1772370000, &err))
        _exit(3);
    destination_close(own);
    _exit(0);
}

static void a_signal_ends_a_wait_and_the_end_is_written_down(void **state)
{
    struct stage *stage = *state;
    int status;

    stage_open(stage, stage->url);
    assert_true(destination_begin(stage->dest, &scene_report, scene_window(1, 9), &stage->err));
    const int64_t before = clock_ms();
    const pid_t pid = fork();
    if (pid == 0)
        wait_and_be_stopped(stage);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(clock_ms() - before < 10 * 1000); /* and not the 30 s of its patience */
    stage_expect("SELECT exit_code FROM etl_runs", "143");
    stage_expect("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(an_address_that_cannot_be_read_is_not_repeated),
        STAGE_TEST(a_server_that_is_not_there_is_worth_another_try),
        STAGE_TEST(a_wrong_password_says_where_it_comes_from),
        STAGE_TEST(a_database_that_is_not_there_is_named),
        STAGE_TEST(a_certificate_of_another_authority_is_refused),
        STAGE_TEST(a_certificate_of_another_host_is_refused),
        STAGE_TEST(a_root_certificate_that_is_not_there_is_named),
        STAGE_TEST(a_server_without_encryption_is_refused_unless_that_is_asked_for),
        STAGE_TEST(a_connection_that_proves_nothing_warns),
        STAGE_TEST(a_server_that_restarts_between_windows_is_not_noticed),
        STAGE_TEST(a_server_that_restarts_behind_its_pooler_is_worth_another_try),
        STAGE_TEST(a_connection_that_ends_within_a_window_ends_the_window),
        STAGE_TEST(a_connection_that_ends_within_copy_leaves_the_old_window),
        STAGE_TEST(a_commit_that_kills_its_connection_is_known_to_have_failed),
        STAGE_TEST(a_line_that_breaks_within_copy_leaves_the_old_window),
        STAGE_TEST(a_commit_whose_answer_is_lost_counts),
        STAGE_TEST(a_commit_that_never_arrives_does_not_count),
        STAGE_TEST(a_commit_that_nobody_can_be_asked_about_is_unknown),
        STAGE_TEST(a_run_is_started_once_even_if_the_answer_is_lost),
        STAGE_TEST(a_commit_is_not_judged_before_its_transaction_ended),
        STAGE_TEST(a_statement_that_takes_too_long_is_not_repeated),
        STAGE_TEST(a_server_that_says_nothing_is_given_up),
        STAGE_TEST(another_writer_is_waited_for_and_then_named),
        STAGE_TEST(a_deadlock_is_worth_another_try),
        STAGE_TEST(a_database_that_may_only_be_read_says_so),
        STAGE_TEST(a_hash_that_is_not_ours_is_refused),
        STAGE_TEST(a_signal_ends_a_wait_and_the_end_is_written_down),
    };

    cluster_start();
    const int failed = cmocka_run_group_tests_name("postgres_errors", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
