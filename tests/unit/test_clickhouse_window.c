/* SPDX-License-Identifier: MIT */
/* Windows in a real ClickHouse: nothing of them is seen before the commit, all of it after. */
#include "load/clickhouse/apply.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/schema.h"
#include "load/clickhouse/table.h"
#include "load/clickhouse/window.h"

#include "base/mem.h"
#include "base/stop.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What there is of a destination so far. */
static const struct destination_ops ops = {
    .renew_lease = clickhouse_renew_lease,
    .begin = clickhouse_begin,
    .snapshot = clickhouse_snapshot,
    .apply = clickhouse_apply,
    .commit = clickhouse_commit,
    .rollback = clickhouse_rollback,
    .record = clickhouse_record,
};

struct stage {
    struct clickhouse_destination own;
    struct destination *dest; /* of it */
    struct work work;
    struct error err;
};

static void succeeded(struct stage *stage, bool ok)
{
    if (!ok)
        fail_msg("%s", stage->err.message);
}

static bool open_one(struct clickhouse_destination *dest, struct error *err)
{
    MEM_FREE_TEXT char *url = clickhouse_server_url(0, "sigos", "");
    struct clickhouse_address address;

    *dest = (struct clickhouse_destination){.base.ops = &ops};
    if (!clickhouse_address_read(url, &address, err))
        return false;
    clickhouse_init(&dest->ch, &address);
    return clickhouse_connect(dest, err) && clickhouse_schema_migrate(dest, err) &&
           clickhouse_make_table(dest, &fixture_report, err);
}

static int start(void **state)
{
    struct stage *stage = mem_alloc(sizeof(*stage));

    clickhouse_server_reset();
    work_init(&stage->work);
    stage->dest = &stage->own.base;
    *state = stage;
    if (open_one(&stage->own, &stage->err) && fixture_first_load(stage->dest, &stage->err))
        return 0;
    print_error("%s\n", stage->err.message);
    return -1;
}

static int end(void **state)
{
    struct stage *stage = *state;

    work_done(&stage->work);
    clickhouse_rollback(stage->dest);
    clickhouse_done(&stage->own.ch);
    free(stage);
    return 0;
}

static void expect(const char *sql, const char *expected)
{
    MEM_FREE_TEXT char *found = clickhouse_server_query(0, sql);

    if (strcmp(found ? found : "NULL", expected) != 0)
        fail_msg("%s: %s instead of %s", sql, found ? found : "NULL", expected);
}

static void apply(struct stage *stage)
{
    succeeded(stage, fixture_apply(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
}

static void commit(struct stage *stage)
{
    succeeded(stage, fixture_commit(stage->dest, fixture_window(1, 9), &stage->err));
}

#define ROWS                                                                                       \
    "SELECT arrayStringConcat(arraySort(groupArray(concat(`UC / MD`, ' ', STATUS))), ';')"         \
    " FROM visits"

/* One row of each kind changes. */
static void change_all_kinds(struct stage *stage)
{
    work_add(&stage->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    work_add_logged(&stage->work, (struct line){"400", "OPEN", 4, "07:07:07", 4, 40});
    work_remove(&stage->work, 2, 3);
}

#define BEFORE "100 OPEN;200 OPEN;300 OPEN"
#define AFTER "100 CLOSED;300 OPEN;400 OPEN"

static void expect_before(void)
{
    expect(ROWS, BEFORE);
    expect("SELECT count() FROM etl_changes", "0");
    expect("SELECT count() FROM etl_windows", "1");
}

static void expect_after(void)
{
    expect(ROWS, AFTER);
    expect("SELECT count() FROM etl_changes", "3");
    expect("SELECT count() FROM etl_windows", "2");
}

static void a_window_is_invisible_until_it_is_committed(void **state)
{
    struct stage *stage = *state;

    change_all_kinds(stage);
    apply(stage);
    expect_before();
    commit(stage);
    expect_after();
}

static void what_was_rolled_back_never_comes(void **state)
{
    struct stage *stage = *state;

    change_all_kinds(stage);
    apply(stage);
    destination_rollback(stage->dest);
    expect_before();
    apply(stage);
    commit(stage);
    expect_after();
}

static void the_log_says_what_changed(void **state)
{
    struct stage *stage = *state;

    change_all_kinds(stage);
    apply(stage);
    commit(stage);
    expect("SELECT after FROM etl_changes WHERE op = 'update'",
           "{\"STATUS\":\"CLOSED\",\"HORA\":null}");
    expect("SELECT before FROM etl_changes WHERE op = 'update'",
           "{\"STATUS\":\"OPEN\",\"HORA\":\"08:00:00\",\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\"}");
    expect("SELECT key FROM etl_changes WHERE op = 'delete'",
           "{\"UC / MD\":\"200\",\"DATA_EXECUCAO\":\"2026-03-03\"}");
    expect("SELECT count() FROM etl_change_columns WHERE op = 'update'", "2");
    expect("SELECT before FROM etl_change_columns WHERE op = 'update' AND column_name = 'HORA'",
           "08:00:00");
    expect("SELECT after FROM etl_change_columns WHERE op = 'update' AND column_name = 'HORA'",
           "NULL");
    expect("SELECT count() FROM etl_change_columns WHERE op = 'insert' AND before IS NULL", "6");
    expect("SELECT count() FROM etl_change_columns WHERE op = 'delete' AND after IS NULL", "6");
    expect("SELECT count() FROM etl_changes AS c ANY INNER JOIN (SELECT _row_key AS row_key FROM "
           "visits)"
           " AS v USING row_key",
           "2");
}

static const struct stored_row *find(const struct snapshot *held, uint64_t key)
{
    for (size_t i = 0; i < held->count; i++)
        if (hash128_equal(held->rows[i].key, fixture_hash(key)))
            return &held->rows[i];
    return NULL;
}

static void a_snapshot_has_the_rows_of_its_days_and_the_undated_ones(void **state)
{
    struct stage *stage = *state;
    struct snapshot held = {0};

    succeeded(stage,
              destination_begin(stage->dest, &fixture_report, fixture_window(1, 2), &stage->err));
    succeeded(stage, destination_snapshot(stage->dest, &held, &stage->err));
    assert_int_equal(held.count, 2);
    assert_int_equal(held.dated, 1);
    const struct stored_row *dated = find(&held, 1), *undated = find(&held, 3);
    assert_true(dated && !dated->undated && dated->date == march(2));
    assert_true(dated && hash128_equal(dated->fingerprint, fixture_hash(10)));
    assert_true(undated && undated->undated);
    snapshot_done(&held);
}

static void any_text_comes_back_from_rows_and_log(void **state)
{
    static const char odd[] = "tab\\t line\\n \\\\ 'x' \"y\" [,] \\\\N é";
    struct stage *stage = *state;
    static const char given[] = "tab\t line\n \\ 'x' \"y\" [,] \\N é";

    work_add_logged(&stage->work, (struct line){given, "OPEN", 4, NULL, 4, 40});
    apply(stage);
    commit(stage);
    MEM_FREE_TEXT char *row = clickhouse_server_query(
        0, "SELECT `UC / MD` FROM visits WHERE DATA_EXECUCAO = '2026-03-04'");
    MEM_FREE_TEXT char *logged = clickhouse_server_query(
        0, "SELECT after FROM etl_change_columns WHERE column_name = 'UC / MD'");
    assert_non_null(row);
    assert_non_null(logged);
    assert_string_equal(row, logged);
    assert_int_equal(strlen(row), strlen(odd) + 2); /* 'x' is escaped, too */
    work_done(&stage->work);
    work_init(&stage->work);
    work_remove(&stage->work, 4, 4); /* it is read back, whole */
    apply(stage);
    commit(stage);
    expect("SELECT before = (SELECT after FROM etl_changes WHERE op = 'insert') FROM etl_changes"
           " WHERE op = 'delete'",
           "1");
}

static void a_row_that_is_not_there_cannot_end(void **state)
{
    struct stage *stage = *state;

    work_remove(&stage->work, 77, 2);
    assert_false(fixture_apply(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
    assert_int_equal(stage->err.kind, ERROR_DATABASE);
    assert_non_null(strstr(stage->err.message, "the row to delete is not in the window of visits"));
    destination_rollback(stage->dest);
    expect_before();
}

static void a_day_that_the_type_cannot_hold_is_refused(void **state)
{
    struct stage *stage = *state;
    const struct window window = {
        .first = 60000, .last = 60001, .own_first = 60000, .own_last = 60000};

    work_add(&stage->work, ROW_INSERT, (struct line){"1", "OPEN", 4, NULL, 4, 40});
    stage->work.batch.rows[0].date = 60000; /* 2134-04-11 */
    assert_false(fixture_apply(stage->dest, window, &stage->work, &stage->err));
    assert_non_null(strstr(stage->err.message, "2134-04-11: ClickHouse keeps days from"));
}

static void a_run_that_lost_its_lease_commits_nothing(void **state)
{
    const struct lease dead = {"run-1", "host-a:1", 0, NULL},
                       next = {"run-2", "host-b:2", 60, NULL};
    struct clickhouse_destination other;
    struct stage *stage = *state;
    const struct ledger_entry entry = fixture_entry(fixture_window(1, 9));

    succeeded(stage, clickhouse_take_lease(stage->dest, &dead, &stage->dest->token, &stage->err));
    stage->dest->lease = dead;
    change_all_kinds(stage);
    apply(stage);
    succeeded(stage, open_one(&other, &stage->err));
    succeeded(stage, clickhouse_take_lease(&other.base, &next, &other.base.token, &stage->err));
    assert_false(destination_commit(stage->dest, &entry, &stage->err));
    assert_int_equal(stage->err.kind, ERROR_LOCKED);
    destination_rollback(stage->dest);
    expect_before();
    clickhouse_done(&other.ch);
}

/* Applies the work in a process of its own, which is killed before or after its commit. */
static void kill_a_process(struct stage *stage, bool after_commit)
{
    int status;
    const pid_t pid = fork();

    if (pid == 0) {
        struct clickhouse_destination own;
        struct error err;
        if (!open_one(&own, &err) ||
            !fixture_apply(&own.base, fixture_window(1, 9), &stage->work, &err) ||
            (after_commit && !fixture_commit(&own.base, fixture_window(1, 9), &err)))
            _exit(1);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
}

static void a_killed_process_leaves_the_old_window_or_the_new(void **state)
{
    struct stage *stage = *state;

    change_all_kinds(stage);
    kill_a_process(stage, false);
    expect_before();
    kill_a_process(stage, true);
    expect_after();
}

static void a_killed_server_has_the_old_window_or_the_new(void **state)
{
    struct stage *stage = *state;

    change_all_kinds(stage);
    apply(stage);
    clickhouse_server_kill(0);
    clickhouse_server_up(0);
    expect_before();
    commit(stage);
    clickhouse_server_kill(0);
    clickhouse_server_up(0);
    expect_after();
}

/* Counts without pause until the gate closes, and says by a byte that it has begun. Exits with 0 if
 * it saw only whole windows: all rows of a window have one status. */
static void read_without_pause(int gate, int began)
{
    struct clickhouse_destination own;
    struct error err;
    uint64_t wrong;
    bool first = true;

    if (!open_one(&own, &err))
        _exit(2);
    for (char byte; read(gate, &byte, 1) < 0; first = false) {
        if (!clickhouse_number(&own.ch, "read",
                               "SELECT count() != 300 OR uniqExact(STATUS) != 1 OR"
                               " uniqExact(_row_key) != 300 FROM visits",
                               &wrong, &err))
            _exit(3);
        if (wrong)
            _exit(4);
        if (first && write(began, "x", 1) != 1)
            _exit(5);
    }
    _exit(0);
}

static void load_version(struct stage *stage, int version, enum row_action action)
{
    char status[16];

    snprintf(status, sizeof(status), "V%d", version);
    work_done(&stage->work);
    work_init(&stage->work);
    for (uint64_t i = 0; i < 300; i++)
        work_add(
            &stage->work, action,
            (struct line){"1", status, 1 + (int)i % 9, NULL, 1000 + i, 1000 + (uint64_t)version});
    apply(stage);
    commit(stage);
}

static void readers_without_pause_see_whole_windows_only(void **state)
{
    enum { READERS = 2, WINDOWS = 40 };
    struct stage *stage = *state;
    pid_t pids[READERS];
    int gate[2], began[2];
    char byte;

    for (uint64_t i = 1; i <= 3; i++)
        work_remove(&stage->work, i, i < 3 ? 1 + (int)i : 0);
    apply(stage);
    commit(stage);
    load_version(stage, 0, ROW_INSERT);
    assert_int_equal(pipe2(gate, O_NONBLOCK), 0);
    assert_int_equal(pipe(began), 0);
    for (int i = 0; i < READERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            close(gate[1]);
            read_without_pause(gate[0], began[1]);
        }
    }
    close(began[1]); /* so that a reader that failed is no wait without end */
    for (int i = 0; i < READERS; i++)
        assert_int_equal(read(began[0], &byte, 1), 1);
    close(began[0]);
    for (int version = 1; version <= WINDOWS; version++)
        load_version(stage, version, ROW_UPDATE);
    close(gate[1]);
    close(gate[0]);
    for (int i = 0; i < READERS; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

#define WINDOW_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WINDOW_TEST(a_window_is_invisible_until_it_is_committed),
        WINDOW_TEST(what_was_rolled_back_never_comes),
        WINDOW_TEST(the_log_says_what_changed),
        WINDOW_TEST(a_snapshot_has_the_rows_of_its_days_and_the_undated_ones),
        WINDOW_TEST(any_text_comes_back_from_rows_and_log),
        WINDOW_TEST(a_row_that_is_not_there_cannot_end),
        WINDOW_TEST(a_day_that_the_type_cannot_hold_is_refused),
        WINDOW_TEST(a_run_that_lost_its_lease_commits_nothing),
        WINDOW_TEST(a_killed_process_leaves_the_old_window_or_the_new),
        WINDOW_TEST(a_killed_server_has_the_old_window_or_the_new),
        WINDOW_TEST(readers_without_pause_see_whole_windows_only),
    };
    struct error err;

    if (!clickhouse_server_exists() || !stop_install(&err)) {
        print_message("clickhouse-server is not installed\n");
        return 1;
    }
    clickhouse_server_start(1);
    const int failed = cmocka_run_group_tests_name("clickhouse_window", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
