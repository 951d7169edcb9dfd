/* SPDX-License-Identifier: MIT */
/* Statements that are lost on the way to a real ClickHouse, or whose answers are, and shards that
 * are down: a window is there once and whole, or not at all. */
#include "load/clickhouse/lease.h"

#include "base/mem.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"
#include "tests/support/proxy.h"

#include <stdlib.h>
#include <string.h>

/* Of each window that changes rows; a text of each statement that no other one has before it. */
static const char *const statements[] = {
    "max(token)",
    "_row_hash",
    "etl_begun",
    "visits_rows",
    "visits_marks",
    "etl_changes_log",
    "etl_rejects",
    "INSERT INTO etl_ledger",
    "count() FROM etl_ledger",
};

#define AFTER "100 CLOSED;300 OPEN;400 OPEN"

static void change_all_kinds(struct click *click)
{
    work_add(&click->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    work_add_logged(&click->work, (struct line){"400", "OPEN", 4, "07:07:07", 4, 40});
    work_remove(&click->work, 2, 3);
    batch_reject(&click->work.batch, "a.csv", 7, "no date", "x", 1)->id = fixture_hash(9);
}

static bool load_once(struct click *click, struct destination *dest)
{
    const struct ledger_entry entry = fixture_entry(fixture_window(1, 9));
    struct snapshot held = {0};

    const bool ok =
        destination_begin(dest, &fixture_report, fixture_window(1, 9), &click->err) &&
        destination_snapshot(dest, &held, &click->err) &&
        destination_apply(dest, &fixture_run, &click->work.batch, &click->work.plan, &click->err) &&
        destination_reject(dest, &fixture_run, &click->work.batch, &click->err) &&
        destination_commit(dest, &entry, &click->err);
    snapshot_done(&held);
    if (!ok)
        destination_rollback(dest);
    return ok;
}

static void expect_loaded(void)
{
    click_expect(CLICK_ROWS, AFTER);
    click_expect("SELECT count() FROM visits", "3");
    click_expect("SELECT count() FROM etl_changes", "3");
    click_expect("SELECT count() FROM etl_rejects", "1");
    click_expect("SELECT count() FROM etl_windows", "2");
}

static void go_through(struct clickhouse_destination *dest, int port)
{
    free(dest->ch.address.origin);
    dest->ch.address.origin = mem_format("http://127.0.0.1:%d", port);
}

/* Opens the database, takes the lease, and goes on through a proxy. */
static void open_through(struct click *click, struct clickhouse_destination *dest, int port)
{
    static const struct lease lease = {"run-1", "host-a:1", 60, NULL, NULL};

    click_succeeded(click, click_open(dest, &click->err));
    click_succeeded(click, destination_take_lease(&dest->base, &lease, &click->err));
    go_through(dest, port);
}

/* A run tries a window again after a transient failure (run/retry.h). */
static void expect_a_window_survives(struct click *click, enum proxy_fault fault, const char *text)
{
    struct clickhouse_destination dest;
    struct proxy proxy = proxy_start(clickhouse_server_port(0), fault, text, strlen(text));
    int tries = 1;

    open_through(click, &dest, proxy.port);
    while (!load_once(click, &dest.base) && tries++ < 2)
        if (!click->err.transient)
            fail_msg("%s: %s", text, click->err.message);
    if (tries > 2)
        fail_msg("%s: twice: %s", text, click->err.message);
    expect_loaded();
    clickhouse_disconnect(&dest);
    proxy_stop(&proxy);
}

static void each_statement_may_be_lost(void **state, enum proxy_fault fault)
{
    struct click *click = *state;

    for (size_t i = 0; i < COUNT(statements); i++) {
        void *again = click;
        if (i) {
            click_end(&again);
            assert_int_equal(click_start(&again), 0);
            click = *state = again;
        }
        change_all_kinds(click);
        expect_a_window_survives(click, fault, statements[i]);
    }
}

static void each_statement_may_never_arrive(void **state)
{
    each_statement_may_be_lost(state, PROXY_CUT_BEFORE);
}

static void each_answer_may_be_lost(void **state)
{
    each_statement_may_be_lost(state, PROXY_CUT_AFTER);
}

/* What became of the commit is asked before the next window, because the server was not there. */
static void a_commit_is_settled_once_the_server_is_there_again(void **state)
{
    struct click *click = *state;
    struct clickhouse_destination dest;
    struct proxy proxy = proxy_start(clickhouse_server_port(0), PROXY_CUT_FOR_GOOD,
                                     "INSERT INTO etl_ledger", strlen("INSERT INTO etl_ledger"));

    change_all_kinds(click);
    open_through(click, &dest, proxy.port);
    assert_false(load_once(click, &dest.base));
    assert_true(click->err.transient);
    assert_int_not_equal(dest.unsettled, 0);
    go_through(&dest, clickhouse_server_port(0));
    click_succeeded(
        click, destination_begin(&dest.base, &fixture_report, fixture_window(1, 9), &click->err));
    assert_int_equal(dest.unsettled, 0);
    destination_rollback(&dest.base);
    expect_loaded(); /* it had arrived */
    clickhouse_disconnect(&dest);
    proxy_stop(&proxy);
}

/* Nothing can be there twice, so a query is simply asked again. */
static void a_query_survives_a_connection_that_ends(void **state)
{
    static const char text[] = "SELECT count() FROM visits";
    struct click *click = *state;
    struct clickhouse_destination dest;
    struct proxy proxy =
        proxy_start(clickhouse_server_port(0), PROXY_CUT_BEFORE, text, sizeof(text) - 1);
    uint64_t count = 0;

    open_through(click, &dest, proxy.port);
    click_succeeded(click, clickhouse_number(&dest.ch, "read", "SELECT 1", &count, &click->err));
    click_succeeded(click, clickhouse_number(&dest.ch, "read", text, &count, &click->err));
    assert_int_equal(count, 3);
    clickhouse_disconnect(&dest);
    proxy_stop(&proxy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLICK_TEST(each_statement_may_never_arrive),
        CLICK_TEST(each_answer_may_be_lost),
        CLICK_TEST(a_query_survives_a_connection_that_ends),
        CLICK_TEST(a_commit_is_settled_once_the_server_is_there_again),
    };

    if (!click_begin_tests(1))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_lost", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
