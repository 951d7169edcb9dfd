/* SPDX-License-Identifier: MIT */
/* The contract of destinations: transactions, the schema, and helpers for all parts of the
 * contract. */
#include "tests/support/destination_contract_parts.h"

#include "base/mem.h"
#include "load/destination_open.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct contract_database *database;

const struct contract_database *contract_kind(void)
{
    return database;
}

int contract_start(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fixture->url = database->create();
    fixture->dest = fixture_open(fixture->url, &fixture->err);
    work_init(&fixture->work);
    *state = fixture;
    if (fixture->dest && destination_start_run(fixture->dest, &fixture_run, &fixture->err))
        return 0;
    print_error("%s\n", fixture->err.message);
    return -1;
}

int contract_end(void **state)
{
    struct fixture *fixture = *state;

    work_done(&fixture->work);
    destination_close(fixture->dest);
    database->remove();
    free(fixture);
    return 0;
}

void expect_query(const char *sql, const char *expected)
{
    MEM_FREE_TEXT char *found = database->query(sql);

    if (!expected || !found) {
        assert_ptr_equal(found, expected);
        return;
    }
    assert_string_equal(found, expected);
}

void expect_json(const char *sql, const char *expected)
{
    MEM_FREE_TEXT char *found = database->query(sql);

    assert_non_null(found);
    json_t *is = json_loads(found, JSON_REJECT_DUPLICATES, NULL);
    json_t *should_be = json_loads(expected, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(should_be);
    if (!json_equal(is, should_be))
        fail_msg("%s is not %s", found, expected);
    json_decref(is);
    json_decref(should_be);
}

void run_sql(const char *sql)
{
    free(database->query(sql));
}

void expect_success(struct fixture *fixture, bool ok)
{
    if (!ok)
        fail_msg("%s", fixture->err.message);
}

void expect_failure(struct fixture *fixture, bool ok, const char *words)
{
    assert_false(ok);
    assert_int_equal(fixture->err.kind, ERROR_DATABASE);
    if (!strstr(fixture->err.message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, fixture->err.message);
}

void first_load(struct fixture *fixture)
{
    expect_success(fixture, fixture_first_load(fixture->dest, &fixture->err));
}

/* Loads the fixture's work into days 1 to 9. */
void load_work(struct fixture *fixture)
{
    expect_success(
        fixture, fixture_load(fixture->dest, fixture_window(1, 9), &fixture->work, &fixture->err));
}

bool apply_work(struct fixture *fixture)
{
    return fixture_apply(fixture->dest, fixture_window(1, 9), &fixture->work, &fixture->err);
}

struct snapshot snapshot_of(struct fixture *fixture, struct window window)
{
    struct snapshot held = {0};

    expect_success(fixture,
                   destination_begin(fixture->dest, &fixture_report, window, &fixture->err));
    expect_success(fixture, destination_snapshot(fixture->dest, &held, &fixture->err));
    destination_rollback(fixture->dest);
    return held;
}

const struct stored_row *find_held(const struct snapshot *held, uint64_t key)
{
    for (size_t i = 0; i < held->count; i++)
        if (hash128_equal(held->rows[i].key, fixture_hash(key)))
            return &held->rows[i];
    return NULL;
}

/* Transactions */

static void a_window_is_invisible_until_it_is_committed(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    work_remove(&fixture->work, 1, 2);
    expect_success(fixture, apply_work(fixture));
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM visits WHERE \"UC / MD\" = '100'", "1");
    expect_query("SELECT count(*) FROM etl_changes", "0");
    expect_success(fixture, fixture_commit(fixture->dest, fixture_window(1, 9), &fixture->err));
    expect_query("SELECT count(*) FROM visits WHERE \"UC / MD\" = '100'", "0");
    expect_query("SELECT count(*) FROM visits WHERE \"UC / MD\" = '400'", "1");
    expect_query("SELECT count(*) FROM etl_changes", "2");
}

static void a_rollback_leaves_the_table_as_it_was(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    work_add(&fixture->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    work_remove(&fixture->work, 2, 3);
    expect_success(fixture, apply_work(fixture));
    destination_rollback(fixture->dest);
    destination_rollback(fixture->dest); /* without a transaction, a rollback does nothing */
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM visits WHERE \"STATUS\" = 'OPEN'", "3");
    expect_query("SELECT count(*) FROM etl_changes", "0");
    expect_query("SELECT count(*) FROM etl_windows", "1");
    load_work(fixture); /* the same work, committed */
    expect_query("SELECT count(*) FROM etl_changes", "3");
}

/* Runs `work` in a child process that is killed before or after its commit. */
static void kill_a_process(struct fixture *fixture, bool after_commit)
{
    pid_t pid = fork();

    if (pid == 0) {
        struct error err;
        struct destination *own = fixture_open(fixture->url, &err);
        if (!own || !fixture_apply(own, fixture_window(1, 9), &fixture->work, &err) ||
            (after_commit && !fixture_commit(own, fixture_window(1, 9), &err)))
            _exit(1);
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
}

static void a_killed_process_leaves_the_old_window(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    for (int i = 0; i < 2000;
         i++) /* more than a cache holds, so that pages reach the disk before the commit */
        work_add_logged(&fixture->work,
                        (struct line){"400", "OPEN", 4, NULL, 1000 + (uint64_t)i, 40});
    work_remove(&fixture->work, 1, 2);
    kill_a_process(fixture, false);
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM etl_changes", "0");
    load_work(fixture); /* the same window can be loaded at once */
    expect_query("SELECT count(*) FROM visits", "2002");
}

static void a_process_killed_after_its_commit_leaves_the_new_window(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    kill_a_process(fixture, true);
    expect_query("SELECT count(*) FROM visits", "4");
    expect_query("SELECT count(*) FROM etl_changes", "1");
    expect_query("SELECT count(*) FROM etl_windows", "2");
}

/* Starts a child process that opens the window, sends a byte, and commits when it gets one back. */
static pid_t start_other_writer(struct fixture *fixture, int *line)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct error err;
        char byte;
        struct destination *own = fixture_open(fixture->url, &err);
        bool ok = own && fixture_apply(own, fixture_window(1, 9), &fixture->work, &err) &&
                  write(ends[1], "x", 1) == 1 && read(ends[1], &byte, 1) == 1;
        ok = ok && fixture_commit(own, fixture_window(1, 9), &err);
        destination_close(own);
        _exit(ok ? 0 : 1);
    }
    close(ends[1]);
    *line = ends[0];
    return pid;
}

static void a_second_writer_waits_and_sees_what_the_first_wrote(void **state)
{
    struct fixture *fixture = *state;
    char byte;
    int line, status;

    if (database->without_locks)
        skip();
    work_add(&fixture->work, ROW_INSERT, (struct line){"100", "OPEN", 2, NULL, 1, 10});
    pid_t pid = start_other_writer(fixture, &line);
    assert_int_equal(read(line, &byte, 1), 1);
    assert_int_equal(write(line, "x", 1), 1); /* the child's commit and this begin race */
    struct snapshot held = snapshot_of(fixture, fixture_window(1, 9));
    assert_int_equal(held.count, 1);
    snapshot_done(&held);
    close(line);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* The schema */

static void migrating_again_changes_nothing(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    expect_success(fixture, destination_migrate(fixture->dest, &fixture_report, &fixture->err));
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) - count(DISTINCT version) FROM etl_migrations", "0");
}

static void a_newer_schema_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct destination *other = NULL;

    first_load(fixture);
    run_sql(database->newer_schema);
    bool ok = destination_migrate(fixture->dest, &fixture_report, &fixture->err);
    expect_failure(fixture, ok, "version 999, this program knows version");
    ok = destination_open(fixture->url, &other, &fixture->err) &&
         destination_migrate(other, &fixture_report, &fixture->err);
    expect_failure(fixture, ok, "version 999, this program knows version");
    destination_close(other);
    expect_query("SELECT count(*) FROM visits", "3");
}

static int contract_of_transactions(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(a_window_is_invisible_until_it_is_committed),
        CONTRACT_TEST(a_rollback_leaves_the_table_as_it_was),
        CONTRACT_TEST(a_killed_process_leaves_the_old_window),
        CONTRACT_TEST(a_process_killed_after_its_commit_leaves_the_new_window),
        CONTRACT_TEST(a_second_writer_waits_and_sees_what_the_first_wrote),
        CONTRACT_TEST(migrating_again_changes_nothing),
        CONTRACT_TEST(a_newer_schema_is_refused),
    };

    return cmocka_run_group_tests_name("transactions", tests, NULL, NULL);
}

int destination_contract_run(const struct contract_database *of)
{
    database = of;
    setenv("TZ", "America/Sao_Paulo", 1);
    tzset();
    return contract_of_rows() + contract_of_transactions() + contract_of_ledger() +
           contract_of_leases() + contract_of_columns() + contract_of_looking() +
           contract_of_verifying() + contract_of_doubts() + contract_of_reading();
}
