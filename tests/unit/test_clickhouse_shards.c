/* SPDX-License-Identifier: MIT */
/* Two real ClickHouse servers as the shards of a cluster, one of which goes down. */
#include "base/mem.h"
#include "load/destination_open.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 200 };

static void add_rows(struct click *click, enum row_action action, const char *status,
                     uint64_t print)
{
    work_done(&click->work);
    work_init(&click->work);
    for (uint64_t i = 0; i < ROWS; i++)
        work_add(&click->work, action,
                 (struct line){"1", status, 1 + (int)i % 9, NULL, 1000 + i, print + i});
}

static void load_rows(struct click *click, enum row_action action, const char *status,
                      uint64_t print)
{
    add_rows(click, action, status, print);
    click_apply(click);
    click_commit(click);
}

static long count_on(size_t server)
{
    MEM_FREE_TEXT char *count = clickhouse_server_query(server, "SELECT count() FROM visits_rows");

    return strtol(count, NULL, 10);
}

static void rows_are_spread_by_their_keys(void **state)
{
    load_rows(*state, ROW_INSERT, "OPEN", 1);
    const long here = count_on(0), there = count_on(1);
    assert_int_equal(here + there, ROWS + 3); /* with those of the first load */
    assert_in_range(here, ROWS / 4, ROWS * 3 / 4);
    click_expect("SELECT count() FROM visits", "203");
}

static void a_shard_that_is_down_fails_the_window_and_the_next_try_heals_it(void **state)
{
    struct click *click = *state;

    load_rows(click, ROW_INSERT, "OPEN", 1);
    add_rows(click, ROW_UPDATE, "CLOSED", 1000);
    click_succeeded(
        click, destination_begin(click->dest, &fixture_report, fixture_window(1, 9), &click->err));
    struct snapshot held = {0};
    click_succeeded(click, destination_snapshot(click->dest, &held, &click->err));
    assert_int_equal(held.count, ROWS + 3);
    snapshot_done(&held);
    clickhouse_server_kill(1);
    assert_false(destination_apply(click->dest, &fixture_run, &click->work.batch, &click->work.plan,
                                   &click->err));
    assert_true(click->err.transient);
    assert_non_null(strstr(click->err.message, "shard"));
    destination_rollback(click->dest);
    clickhouse_server_up(1);
    click_expect("SELECT count() FROM visits WHERE STATUS = 'OPEN'", "203");
    click_apply(click);
    click_commit(click);
    click_expect("SELECT count() FROM visits WHERE STATUS = 'CLOSED'", "200");
    click_expect("SELECT count() FROM visits", "203");
    click_expect("SELECT count() FROM etl_changes", "200");
}

/* Half an answer would be worse than none. */
static void a_reader_gets_an_error_and_never_a_half(void **state)
{
    struct click *click = *state;
    uint64_t count = 0;

    load_rows(click, ROW_INSERT, "OPEN", 1);
    clickhouse_server_kill(1);
    for (int i = 0; i < 3; i++)
        assert_false(clickhouse_number(&click->own.ch, "count", "SELECT count() FROM visits",
                                       &count, &click->err));
    assert_true(click->err.transient);
    clickhouse_server_up(1);
    click_succeeded(click, clickhouse_number(&click->own.ch, "count", "SELECT count() FROM visits",
                                             &count, &click->err));
    assert_int_equal(count, ROWS + 3);
}

static void a_shard_that_never_was_is_told(void **state)
{
    struct destination *dest = NULL;
    struct click *click = *state;
    MEM_FREE_TEXT char *url =
        clickhouse_server_url(0, "sigos", "?cluster=sigos&shards=127.0.0.1:1");
    struct report other = fixture_report;

    other.name = "others";
    click_succeeded(click, destination_open(url, &dest, &click->err));
    assert_false(destination_migrate(dest, &other, &click->err));
    assert_non_null(strstr(click->err.message, "shard http://127.0.0.1:1"));
    destination_close(dest);
}

/* Without Keeper a cluster cannot make tables on its shards, so the address must name them. */
static void a_cluster_without_keeper_is_told_what_the_address_lacks(void **state)
{
    struct destination *dest = NULL;
    struct click *click = *state;
    MEM_FREE_TEXT char *url = clickhouse_server_url(0, "sigos", "?cluster=sigos");
    struct report other = fixture_report;

    other.name = "others";
    click_succeeded(click, destination_open(url, &dest, &click->err));
    assert_false(destination_migrate(dest, &other, &click->err));
    assert_non_null(strstr(click->err.message, "shards=HOST:PORT"));
    destination_close(dest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLICK_TEST(rows_are_spread_by_their_keys),
        CLICK_TEST(a_shard_that_is_down_fails_the_window_and_the_next_try_heals_it),
        CLICK_TEST(a_reader_gets_an_error_and_never_a_half),
        CLICK_TEST(a_shard_that_never_was_is_told),
        CLICK_TEST(a_cluster_without_keeper_is_told_what_the_address_lacks),
    };

    if (!click_begin_tests(2))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_shards", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
