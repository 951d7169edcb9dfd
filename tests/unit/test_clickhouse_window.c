/* SPDX-License-Identifier: MIT */
/* Windows in a real ClickHouse: nothing of them is seen before the commit, all of it after. */
#include "load/clickhouse/lease.h"
#include "load/clickhouse/window.h"

#include "base/date.h"
#include "base/mem.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* One row of each kind changes. */
static void change_all_kinds(struct click *click)
{
    work_add(&click->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    work_add_logged(&click->work, (struct line){"400", "OPEN", 4, "07:07:07", 4, 40});
    work_remove(&click->work, 2, 3);
}

#define AFTER "100 CLOSED;300 OPEN;400 OPEN"

static void expect_before(void)
{
    click_expect(CLICK_ROWS, CLICK_FIRST_ROWS);
    click_expect("SELECT count() FROM etl_changes", "0");
    click_expect("SELECT count() FROM etl_windows", "1");
}

static void expect_after(void)
{
    click_expect(CLICK_ROWS, AFTER);
    click_expect("SELECT count() FROM etl_changes", "3");
    click_expect("SELECT count() FROM etl_windows", "2");
}

static void a_window_is_invisible_until_it_is_committed(void **state)
{
    struct click *click = *state;

    change_all_kinds(click);
    click_apply(click);
    expect_before();
    click_commit(click);
    expect_after();
}

static void what_was_rolled_back_never_comes(void **state)
{
    struct click *click = *state;

    change_all_kinds(click);
    click_apply(click);
    destination_rollback(click->dest);
    expect_before();
    click_apply(click);
    click_commit(click);
    expect_after();
}

static void the_log_says_what_changed(void **state)
{
    struct click *click = *state;

    change_all_kinds(click);
    click_apply(click);
    click_commit(click);
    click_expect("SELECT after FROM etl_changes WHERE op = 'update'",
                 "{\"STATUS\":\"CLOSED\",\"HORA\":null}");
    click_expect(
        "SELECT before FROM etl_changes WHERE op = 'update'",
        "{\"STATUS\":\"OPEN\",\"HORA\":\"08:00:00\",\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\"}");
    click_expect("SELECT key FROM etl_changes WHERE op = 'delete'",
                 "{\"UC / MD\":\"200\",\"DATA_EXECUCAO\":\"2026-03-03\"}");
    click_expect("SELECT count() FROM etl_change_columns WHERE op = 'update'", "2");
    click_expect(
        "SELECT before FROM etl_change_columns WHERE op = 'update' AND column_name = 'HORA'",
        "08:00:00");
    click_expect(
        "SELECT after FROM etl_change_columns WHERE op = 'update' AND column_name = 'HORA'",
        "NULL");
    click_expect("SELECT count() FROM etl_change_columns WHERE op = 'insert' AND before IS NULL",
                 "6");
    click_expect("SELECT count() FROM etl_change_columns WHERE op = 'delete' AND after IS NULL",
                 "6");
    click_expect(
        "SELECT count() FROM etl_changes AS c ANY INNER JOIN (SELECT _row_key AS row_key FROM "
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
    struct click *click = *state;
    struct snapshot held = {0};

    click_succeeded(
        click, destination_begin(click->dest, &fixture_report, fixture_window(1, 2), &click->err));
    click_succeeded(click, destination_snapshot(click->dest, &held, &click->err));
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
    struct click *click = *state;
    static const char given[] = "tab\t line\n \\ 'x' \"y\" [,] \\N é";

    work_add_logged(&click->work, (struct line){given, "OPEN", 4, NULL, 4, 40});
    click_apply(click);
    click_commit(click);
    MEM_FREE_TEXT char *row = clickhouse_server_query(
        0, "SELECT `UC / MD` FROM visits WHERE DATA_EXECUCAO = '2026-03-04'");
    MEM_FREE_TEXT char *logged = clickhouse_server_query(
        0, "SELECT after FROM etl_change_columns WHERE column_name = 'UC / MD'");
    assert_non_null(row);
    assert_non_null(logged);
    assert_string_equal(row, logged);
    assert_int_equal(strlen(row), strlen(odd) + 2); /* 'x' is escaped, too */
    work_done(&click->work);
    work_init(&click->work);
    work_remove(&click->work, 4, 4); /* it is read back, whole */
    click_apply(click);
    click_commit(click);
    click_expect(
        "SELECT before = (SELECT after FROM etl_changes WHERE op = 'insert') FROM etl_changes"
        " WHERE op = 'delete'",
        "1");
}

static void a_row_that_is_not_there_cannot_end(void **state)
{
    struct click *click = *state;

    work_remove(&click->work, 77, 2);
    assert_false(fixture_apply(click->dest, fixture_window(1, 9), &click->work, &click->err));
    assert_int_equal(click->err.kind, ERROR_DATABASE);
    assert_non_null(strstr(click->err.message, "the row to delete is not in the window of visits"));
    destination_rollback(click->dest);
    expect_before();
}

/* Adds a row with such a day and such a time of its export. */
static void add_row(struct click *click, const char *day, const char *extracted)
{
    const struct cell cells[] = {
        {"1", 1}, {"OPEN", 4}, {day, strlen(day)}, {NULL, 0}, {extracted, strlen(extracted)},
        {"", 0}};
    struct row *row;

    work_done(&click->work);
    work_init(&click->work);
    work_add(&click->work, ROW_INSERT, (struct line){"1", "OPEN", 4, NULL, 4, 40});
    batch_done(&click->work.batch);
    batch_init(&click->work.batch, COUNT(cells), 1 << 20);
    row = batch_add_cells(&click->work.batch, cells);
    row->key = fixture_hash(4);
    row->fingerprint = fixture_hash(40);
    assert_true(date_parse_iso(day, strlen(day), &row->date));
}

/* Each export has another time, so it is no column that changed; `before` says since when. */
static void the_time_of_the_export_is_no_change(void **state)
{
    struct click *click = *state;

    add_row(click, "2026-03-04", "2026-03-20 08:30:00");
    click_apply(click);
    click_commit(click);
    add_row(click, "2026-03-04", "2026-03-21 09:00:00");
    click->work.plan.actions[0] = ROW_UPDATE;
    click_apply(click);
    click_commit(click);
    click_expect("SELECT before FROM etl_changes", "{\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\"}");
    click_expect("SELECT count() FROM etl_change_columns", "0");
}

static void take_days(struct click *click, struct clickhouse_destination *dest, const char *run,
                      const char *name)
{
    const struct lease lease = {.run_id = run, .holder = run, .seconds = 60, .name = name};

    click_succeeded(click,
                    clickhouse_take_lease(&dest->base, &lease, &dest->base.token, &click->err));
    dest->base.lease = lease;
    dest->base.has_undated = true;
}

/* Two runs that share a cycle may be shown the same row without a date, and each finds none. */
static void of_runs_that_share_a_cycle_one_writes_undated_rows_at_a_time(void **state)
{
    struct click *click = *state;
    struct clickhouse_destination other;
    struct snapshot held = {0};

    click_succeeded(click, click_open(&other, &click->err));
    take_days(click, &click->own, "run-1", "visits 2026-03-01 2026-03-09");
    take_days(click, &other, "run-2", "visits 2026-03-10 2026-03-12");
    other.patience_ms = 0;
    work_add(&click->work, ROW_INSERT, (struct line){"900", "OPEN", 0, NULL, 9, 90});
    click_apply(click);
    assert_false(
        destination_begin(&other.base, &fixture_report, fixture_window(10, 12), &click->err));
    assert_int_equal(click->err.kind, ERROR_DATABASE);
    assert_true(click->err.transient);
    assert_non_null(strstr(click->err.message, "rows without a date: another run holds"));
    other.base.has_undated = false; /* others need not wait */
    click_succeeded(click, destination_begin(&other.base, &fixture_report, fixture_window(10, 12),
                                             &click->err));
    destination_rollback(&other.base);
    other.base.has_undated = true;
    click_commit(click);
    click_succeeded(click, destination_begin(&other.base, &fixture_report, fixture_window(10, 12),
                                             &click->err));
    click_succeeded(click, destination_snapshot(&other.base, &held, &click->err));
    assert_int_equal(held.count, 2); /* the fixture's and the new one */
    destination_rollback(&other.base);
    click_expect("SELECT count() FROM etl_lease WHERE run_id IS NOT NULL", "2");
    snapshot_done(&held);
    clickhouse_disconnect(&other);
}

static void a_run_that_lost_the_lease_of_undated_rows_commits_nothing(void **state)
{
    struct click *click = *state;
    const struct ledger_entry entry = fixture_entry(fixture_window(1, 9));

    take_days(click, &click->own, "run-1", "visits 2026-03-01 2026-03-09");
    work_add(&click->work, ROW_INSERT, (struct line){"900", "OPEN", 0, NULL, 9, 90});
    click_apply(click);
    free(clickhouse_server_query(0, "INSERT INTO etl_lease_log (token, run, kind, name) SELECT"
                                    " max(token), 'run-1', 'release', '' FROM etl_lease_log"));
    assert_false(destination_commit(click->dest, &entry, &click->err));
    assert_int_equal(click->err.kind, ERROR_LOCKED);
    destination_rollback(click->dest);
    expect_before();
}

static struct window one_day(int32_t day)
{
    return (struct window){
        .first = day, .last = day, .own_first = day, .own_last = day, .complete = true};
}

static void a_day_that_a_type_cannot_hold_is_refused(void **state)
{
    static const struct {
        const char *day, *extracted, *words;
    } cases[] = {
        {"2106-01-01", "2026-03-20 08:30:00",
         "DATA_EXECUCAO of visits: ClickHouse cannot keep 2106-01-01"},
        {"1970-01-01", "2026-03-20 08:30:00",
         "DATA_EXECUCAO of visits: ClickHouse cannot keep 1970-01-01"},
        {"2026-03-04", "1899-12-30 00:00:00",
         "DATA_EXTRACAO of visits: ClickHouse cannot keep 1899-12-30 00:00:00"},
        {"2026-03-04", "2106-01-01 00:00:00", "only days from 1970-01-02 to 2105-12-31"},
    };
    struct click *click = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        add_row(click, cases[i].day, cases[i].extracted);
        const int32_t day = click->work.batch.rows[0].date;
        const struct window window = one_day(day);
        assert_false(fixture_apply(click->dest, window, &click->work, &click->err));
        if (!strstr(click->err.message, cases[i].words))
            fail_msg("%s", click->err.message);
        destination_rollback(click->dest);
    }
    expect_before();
    add_row(click, "2105-12-31", "2105-12-31 23:59:59"); /* the last that can be kept */
    const int32_t last = click->work.batch.rows[0].date;
    const struct window window = one_day(last);
    click_succeeded(click, fixture_load(click->dest, window, &click->work, &click->err));
    click_expect("SELECT toString(DATA_EXTRACAO) FROM visits WHERE DATA_EXECUCAO = '2105-12-31'",
                 "2105-12-31 23:59:59");
}

static void a_run_that_lost_its_lease_commits_nothing(void **state)
{
    const struct lease dead = {"run-1", "host-a:1", 0, NULL, NULL},
                       next = {"run-2", "host-b:2", 60, NULL, NULL};
    struct clickhouse_destination other;
    struct click *click = *state;
    const struct ledger_entry entry = fixture_entry(fixture_window(1, 9));

    click_succeeded(click,
                    clickhouse_take_lease(click->dest, &dead, &click->dest->token, &click->err));
    click->dest->lease = dead;
    change_all_kinds(click);
    click_apply(click);
    click_succeeded(click, click_open(&other, &click->err));
    click_succeeded(click,
                    clickhouse_take_lease(&other.base, &next, &other.base.token, &click->err));
    assert_false(destination_commit(click->dest, &entry, &click->err));
    assert_int_equal(click->err.kind, ERROR_LOCKED);
    destination_rollback(click->dest);
    expect_before();
    clickhouse_disconnect(&other);
}

/* Nothing was begun that the other could take back: the commit itself must ask. */
static void a_run_that_lost_its_lease_notes_not_even_an_unchanged_window(void **state)
{
    const struct lease dead = {"run-1", "host-a:1", 0, NULL, NULL},
                       next = {"run-2", "host-b:2", 60, NULL, NULL};
    const struct ledger_entry entry = fixture_entry(fixture_window(1, 9));
    struct clickhouse_destination other;
    struct click *click = *state;

    click_succeeded(click,
                    clickhouse_take_lease(click->dest, &dead, &click->dest->token, &click->err));
    click->dest->lease = dead;
    click_succeeded(
        click, destination_begin(click->dest, &fixture_report, fixture_window(1, 9), &click->err));
    click_succeeded(click, click_open(&other, &click->err));
    click_succeeded(click,
                    clickhouse_take_lease(&other.base, &next, &other.base.token, &click->err));
    assert_false(destination_commit(click->dest, &entry, &click->err));
    assert_int_equal(click->err.kind, ERROR_LOCKED);
    destination_rollback(click->dest);
    expect_before();
    clickhouse_disconnect(&other);
}

/* Applies the work in a process of its own, which is killed before or after its commit. */
static void kill_a_process(struct click *click, bool after_commit)
{
    int status;
    const pid_t pid = fork();

    if (pid == 0) {
        struct clickhouse_destination own;
        struct error err;
        if (!click_open(&own, &err) ||
            !fixture_apply(&own.base, fixture_window(1, 9), &click->work, &err) ||
            (after_commit && !fixture_commit(&own.base, fixture_window(1, 9), &err)))
            _exit(1);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
}

static void a_killed_process_leaves_the_old_window_or_the_new(void **state)
{
    struct click *click = *state;

    change_all_kinds(click);
    kill_a_process(click, false);
    expect_before();
    kill_a_process(click, true);
    expect_after();
}

static void a_killed_server_has_the_old_window_or_the_new(void **state)
{
    struct click *click = *state;

    change_all_kinds(click);
    click_apply(click);
    click_succeeded(click, clickhouse_sender_wait(&click->own.sender, &click->err));
    clickhouse_server_kill(0);
    clickhouse_server_up(0);
    expect_before();
    click_commit(click);
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

    if (!click_open(&own, &err))
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

static void load_version(struct click *click, int version, enum row_action action)
{
    char status[16];

    snprintf(status, sizeof(status), "V%d", version);
    work_done(&click->work);
    work_init(&click->work);
    for (uint64_t i = 0; i < 300; i++)
        work_add(
            &click->work, action,
            (struct line){"1", status, 1 + (int)i % 9, NULL, 1000 + i, 1000 + (uint64_t)version});
    click_apply(click);
    click_commit(click);
}

static void readers_without_pause_see_whole_windows_only(void **state)
{
    enum { READERS = 2, WINDOWS = 40 };
    struct click *click = *state;
    pid_t pids[READERS];
    int gate[2], began[2];
    char byte;

    for (uint64_t i = 1; i <= 3; i++)
        work_remove(&click->work, i, i < 3 ? 1 + (int)i : 0);
    click_apply(click);
    click_commit(click);
    load_version(click, 0, ROW_INSERT);
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
        load_version(click, version, ROW_UPDATE);
    close(gate[1]);
    close(gate[0]);
    for (int i = 0; i < READERS; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLICK_TEST(a_window_is_invisible_until_it_is_committed),
        CLICK_TEST(what_was_rolled_back_never_comes),
        CLICK_TEST(the_log_says_what_changed),
        CLICK_TEST(a_snapshot_has_the_rows_of_its_days_and_the_undated_ones),
        CLICK_TEST(any_text_comes_back_from_rows_and_log),
        CLICK_TEST(a_row_that_is_not_there_cannot_end),
        CLICK_TEST(of_runs_that_share_a_cycle_one_writes_undated_rows_at_a_time),
        CLICK_TEST(a_run_that_lost_the_lease_of_undated_rows_commits_nothing),
        CLICK_TEST(the_time_of_the_export_is_no_change),
        CLICK_TEST(a_day_that_a_type_cannot_hold_is_refused),
        CLICK_TEST(a_run_that_lost_its_lease_commits_nothing),
        CLICK_TEST(a_run_that_lost_its_lease_notes_not_even_an_unchanged_window),
        CLICK_TEST(a_killed_process_leaves_the_old_window_or_the_new),
        CLICK_TEST(a_killed_server_has_the_old_window_or_the_new),
        CLICK_TEST(readers_without_pause_see_whole_windows_only),
    };

    if (!click_begin_tests(1))
        return 1;
    int failed = cmocka_run_group_tests_name("clickhouse_window", tests, NULL, NULL);
    clickhouse_server_stop();
    if (!clickhouse_server_is_modern()) { /* the engine knows no other servers */
        clickhouse_server_start(2);
        failed += cmocka_run_group_tests_name("clickhouse_window_on_shards", tests, NULL, NULL);
        clickhouse_server_stop();
    }
    return failed;
}
