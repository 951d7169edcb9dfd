/* SPDX-License-Identifier: MIT */
/* The contract of destinations: transactions and the schema; and what its parts share. */
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

int contract_start(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    scene->url = database->create();
    scene->dest = scene_open(scene->url, &scene->err);
    work_init(&scene->work);
    *state = scene;
    if (scene->dest && destination_start_run(scene->dest, &scene_run, &scene->err))
        return 0;
    print_error("%s\n", scene->err.message);
    return -1;
}

int contract_end(void **state)
{
    struct scene *scene = *state;

    work_done(&scene->work);
    destination_close(scene->dest);
    database->remove();
    free(scene);
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

void expect_success(struct scene *scene, bool ok)
{
    if (!ok)
        fail_msg("%s", scene->err.message);
}

void expect_failure(struct scene *scene, bool ok, const char *words)
{
    assert_false(ok);
    assert_int_equal(scene->err.kind, ERROR_DATABASE);
    if (!strstr(scene->err.message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, scene->err.message);
}

void first_load(struct scene *scene)
{
    expect_success(scene, scene_first_load(scene->dest, &scene->err));
}

/* Loads the scene's work into days 1 to 9. */
void load_work(struct scene *scene)
{
    expect_success(scene, scene_load(scene->dest, scene_window(1, 9), &scene->work, &scene->err));
}

bool apply_work(struct scene *scene)
{
    return scene_apply(scene->dest, scene_window(1, 9), &scene->work, &scene->err);
}

struct snapshot snapshot_of(struct scene *scene, struct window window)
{
    struct snapshot held = {0};

    expect_success(scene, destination_begin(scene->dest, &scene_report, window, &scene->err));
    expect_success(scene, destination_snapshot(scene->dest, &held, &scene->err));
    destination_rollback(scene->dest);
    return held;
}

const struct stored_row *find_held(const struct snapshot *held, uint64_t key)
{
    for (size_t i = 0; i < held->count; i++)
        if (hash128_equal(held->rows[i].key, scene_hash(key)))
            return &held->rows[i];
    return NULL;
}

/* Transactions */

static void a_window_is_invisible_until_it_is_committed(void **state)
{
    struct scene *scene = *state;

    first_load(scene);
    work_add_logged(&scene->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    work_remove(&scene->work, 1, 2);
    expect_success(scene, apply_work(scene));
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM visits WHERE \"UC / MD\" = '100'", "1");
    expect_query("SELECT count(*) FROM etl_changes", "0");
    expect_success(scene, scene_commit(scene->dest, scene_window(1, 9), &scene->err));
    expect_query("SELECT count(*) FROM visits WHERE \"UC / MD\" = '100'", "0");
    expect_query("SELECT count(*) FROM visits WHERE \"UC / MD\" = '400'", "1");
    expect_query("SELECT count(*) FROM etl_changes", "2");
}

static void a_rollback_leaves_the_table_as_it_was(void **state)
{
    struct scene *scene = *state;

    first_load(scene);
    work_add_logged(&scene->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    work_add(&scene->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    work_remove(&scene->work, 2, 3);
    expect_success(scene, apply_work(scene));
    destination_rollback(scene->dest);
    destination_rollback(scene->dest); /* and without a transaction nothing happens */
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM visits WHERE \"STATUS\" = 'OPEN'", "3");
    expect_query("SELECT count(*) FROM etl_changes", "0");
    expect_query("SELECT count(*) FROM etl_windows", "1");
    load_work(scene); /* the same work, now for good */
    expect_query("SELECT count(*) FROM etl_changes", "3");
}

/* Runs `work` in a process of its own that is killed before or after its commit. */
static void kill_a_process(struct scene *scene, bool after_commit)
{
    pid_t pid = fork();

    if (pid == 0) {
        struct error err;
        struct destination *own = scene_open(scene->url, &err);
        if (!own || !scene_apply(own, scene_window(1, 9), &scene->work, &err) ||
            (after_commit && !scene_commit(own, scene_window(1, 9), &err)))
            _exit(1);
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
}

static void a_killed_process_leaves_the_old_window(void **state)
{
    struct scene *scene = *state;

    first_load(scene);
    for (int i = 0; i < 2000; i++) /* more than a cache holds: pages reach the disk before commit */
        work_add_logged(&scene->work,
                        (struct line){"400", "OPEN", 4, NULL, 1000 + (uint64_t)i, 40});
    work_remove(&scene->work, 1, 2);
    kill_a_process(scene, false);
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM etl_changes", "0");
    load_work(scene); /* and nothing keeps the next one from the same window */
    expect_query("SELECT count(*) FROM visits", "2002");
}

static void a_process_killed_after_its_commit_leaves_the_new_window(void **state)
{
    struct scene *scene = *state;

    first_load(scene);
    work_add_logged(&scene->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    kill_a_process(scene, true);
    expect_query("SELECT count(*) FROM visits", "4");
    expect_query("SELECT count(*) FROM etl_changes", "1");
    expect_query("SELECT count(*) FROM etl_windows", "2");
}

/* A process that opens the window, tells so by a byte, and commits when it gets one back. */
static pid_t start_other_writer(struct scene *scene, int *line)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct error err;
        char byte;
        struct destination *own = scene_open(scene->url, &err);
        bool ok = own && scene_apply(own, scene_window(1, 9), &scene->work, &err) &&
                  write(ends[1], "x", 1) == 1 && read(ends[1], &byte, 1) == 1;
        ok = ok && scene_commit(own, scene_window(1, 9), &err);
        destination_close(own);
        _exit(ok ? 0 : 1);
    }
    close(ends[1]);
    *line = ends[0];
    return pid;
}

static void a_second_writer_waits_and_sees_what_the_first_wrote(void **state)
{
    struct scene *scene = *state;
    char byte;
    int line, status;

    work_add(&scene->work, ROW_INSERT, (struct line){"100", "OPEN", 2, NULL, 1, 10});
    pid_t pid = start_other_writer(scene, &line);
    assert_int_equal(read(line, &byte, 1), 1);
    assert_int_equal(write(line, "x", 1), 1); /* the other's commit and our begin race */
    struct snapshot held = snapshot_of(scene, scene_window(1, 9));
    assert_int_equal(held.count, 1);
    snapshot_done(&held);
    close(line);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* The schema */

static void migrating_again_changes_nothing(void **state)
{
    struct scene *scene = *state;

    first_load(scene);
    expect_success(scene, destination_migrate(scene->dest, &scene_report, &scene->err));
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) - max(version) FROM etl_migrations", "0");
}

static void a_newer_schema_is_refused(void **state)
{
    struct scene *scene = *state;
    struct destination *other = NULL;

    first_load(scene);
    run_sql(database->newer_schema);
    bool ok = destination_migrate(scene->dest, &scene_report, &scene->err);
    expect_failure(scene, ok, "version 999, this program knows version");
    ok = destination_open(scene->url, &other, &scene->err) &&
         destination_migrate(other, &scene_report, &scene->err);
    expect_failure(scene, ok, "version 999, this program knows version");
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
           contract_of_verifying() + contract_of_doubts();
}
