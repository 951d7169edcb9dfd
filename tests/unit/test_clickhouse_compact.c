/* SPDX-License-Identifier: MIT */
/*
 * Compaction of a real ClickHouse: what nobody sees goes, and nobody sees it go. Not readers that
 * take long, nor those of a program or server that is killed anywhere; and what a disk loses is
 * found as before.
 */
#include "base/mem.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/schema.h"
#include "load/clickhouse/sql.h"
#include "tests/support/clickhouse_compaction.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_sleep.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* --- what goes ------------------------------------------------------------------------------- */

static void dead_rows_go_and_nothing_changes(void **state)
{
    struct click *click = *state;
    struct compaction found = {0};

    compaction_update(click, "CLOSED", 50);
    compaction_expect_rows(click, "5");
    click_succeeded(click,
                    destination_compact(click->dest, &fixture_report, true, &found, &click->err));
    assert_int_equal(found.outcome, COMPACTION_DONE);
    assert_int_equal(found.rows, 2);
    assert_int_equal(found.marks, 2);
    compaction_expect_end(click);
    compaction_expect(click, click->dest, true, COMPACTION_NOTHING);
}

/* Counts of several compactions add up. */
static void windows_load_and_are_compacted_again(void **state)
{
    struct click *click = *state;

    for (uint64_t i = 0; i < 3; i++) {
        compaction_update(click, i < 2 ? "OPEN" : "CLOSED", 50 + 10 * i);
        compaction_run(click);
        compaction_expect_rows(click, "3");
        compaction_expect_repair(click, NULL);
    }
    click_expect(CLICK_ROWS, COMPACTION_ROWS);
    click_expect("SELECT count() FROM etl_changes", "6");
}

static void what_windows_left_behind_goes(void **state)
{
    struct click *click = *state;

    compaction_update(click, "CLOSED", 50);
    work_done(&click->work);
    work_init(&click->work);
    work_add_logged(&click->work, (struct line){"400", "LOST", 4, NULL, 4, 70});
    work_remove(&click->work, 1, 2);
    click_apply(click);
    destination_rollback(click->dest);
    free(clickhouse_server_query(0, "INSERT INTO etl_void (tx) SELECT max(tx) FROM etl_begun"));
    compaction_expect_rows(click, "6");
    compaction_run(click);
    compaction_expect_end(click);
    click_expect("SELECT count() FROM visits_marks", "2");
    click_expect("SELECT count() FROM etl_changes_log", "2");
}

static void what_is_not_committed_yet_stays(void **state)
{
    struct click *click = *state;

    compaction_update(click, "CLOSED", 50);
    work_done(&click->work);
    work_init(&click->work);
    work_remove(&click->work, 3, 0);
    click_apply(click); /* by a writer without a lease */
    struct clickhouse_destination other;
    click_succeeded(click, click_open(&other, &click->err));
    compaction_expect(click, &other.base, true, COMPACTION_DONE);
    clickhouse_disconnect(&other);
    click_expect(CLICK_ROWS, COMPACTION_ROWS);
    click_commit(click);
    click_expect(CLICK_ROWS, "100 CLOSED;200 CLOSED");
    compaction_expect_repair(click, NULL);
}

static void few_dead_rows_are_left_alone(void **state)
{
    struct click *click = *state;

    compaction_update(click, "CLOSED", 50);
    compaction_expect(click, click->dest, false, COMPACTION_NOTHING);
    compaction_expect_rows(click, "5");
}

static void a_database_of_an_earlier_program_gets_the_log(void **state)
{
    struct click *click = *state;
    BUF_DONE struct buf told = BUF_INIT(64);
    uint64_t count = 0;

    free(clickhouse_server_query(0, "DROP TABLE etl_compactions_log"));
    free(clickhouse_server_query(0, "DROP TABLE etl_migrations"));
    free(clickhouse_server_query(0, "CREATE TABLE etl_migrations (version UInt32, name String,"
                                    " applied_at String) ENGINE = MergeTree ORDER BY version"));
    free(clickhouse_server_query(0, "INSERT INTO etl_migrations VALUES (1, '', '')"));
    click_succeeded(click, destination_begin_read(click->dest, 10000, &click->err));
    click_succeeded(click, destination_query(click->dest, "SELECT count() FROM visits",
                                             compaction_take_told, &told, &click->err));
    destination_end_read(click->dest);
    click_succeeded(click, clickhouse_schema_migrate(&click->own, &click->err));
    click_succeeded(click,
                    clickhouse_number(&click->own.ch, "read", "SELECT count() FROM etl_migrations",
                                      &count, &click->err));
    assert_int_equal(count, 2);
    compaction_update(click, "CLOSED", 50);
    compaction_run(click);
    compaction_expect_end(click);
}

/* --- readers --------------------------------------------------------------------------------- */

static void *ask(void *sql)
{
    return clickhouse_server_query(0, sql);
}

static void begin_reader(pthread_t *reader, const char *sql)
{
    assert_int_equal(pthread_create(reader, NULL, ask, (void *)(uintptr_t)sql), 0);
    while (!clickhouse_is_asleep())
        ;
}

static char *end_reader(pthread_t reader)
{
    void *answer;

    assert_int_equal(pthread_join(reader, &answer), 0);
    assert_non_null(answer);
    return answer;
}

static void expect_end(pthread_t reader, const char *expected)
{
    MEM_FREE_TEXT char *answer = end_reader(reader);

    assert_string_equal(answer, expected);
}

static char *sleepy(const struct click *click, enum clickhouse_place place)
{
    const struct clickhouse_site site = {.modern = clickhouse_server_is_modern(),
                                         .cluster = click->own.ch.address.cluster};
    MEM_FREE_TEXT char *view = clickhouse_sql_view(&fixture_report, site, false);

    return clickhouse_sleepy(view, place);
}

/* A reader that began before the window was committed needs the rows that it replaces. */
static void a_reader_from_before_sees_one_whole_state(void **state)
{
    for (int place = 0; place < SLEEP_PLACES; place++) {
        MEM_FREE_TEXT char *sql = sleepy(*state, (enum clickhouse_place)place);
        pthread_t reader;
        if (place)
            compaction_start_anew(state);
        begin_reader(&reader, sql);
        compaction_update(*state, "CLOSED", 50);
        compaction_run(*state);
        MEM_FREE_TEXT char *answer = end_reader(reader);
        if (strcmp(answer, "31") != 0 && strcmp(answer, "32") != 0)
            fail_msg("%s with a sleep at place %d", answer, place);
        compaction_expect_end(*state);
    }
}

static void nothing_goes_before_readers_have_ended(void **state)
{
    MEM_FREE_TEXT char *sql = sleepy(*state, SLEEP_FIRST);
    struct click *click = *state;
    pthread_t reader;

    compaction_update(click, "CLOSED", 50);
    click->own.ch.timeouts.readers = 100;
    begin_reader(&reader, sql);
    compaction_expect(click, click->dest, true, COMPACTION_WAITS);
    compaction_expect_rows(click, "5");
    click_expect("SELECT count() FROM etl_compactions_log WHERE kind = 'begun'", "0");
    expect_end(reader, "32");
    compaction_run(click);
    compaction_expect_end(click);
}

/* A reader that took its parts before the rows went may read the marks when they are gone. */
static void marks_stay_until_readers_have_ended(void **state)
{
    MEM_FREE_TEXT char *sql = sleepy(*state, SLEEP_LAST_SET);
    struct click *click = *state;
    pthread_t reader;

    compaction_update(click, "CLOSED", 50);
    assert_false(
        compaction_run_through(click, PROXY_CUT_BEFORE, "ALTER TABLE `visits_marks` DELETE"));
    click->own.ch.timeouts.readers = 100;
    begin_reader(&reader, sql);
    compaction_expect(click, click->dest, true, COMPACTION_WAITS);
    click_expect(COMPACTION_DEATHS, "2");
    compaction_expect_repair(click, NULL);
    compaction_update(click, "CLOSED", 60); /* a window between */
    expect_end(reader, "32");
    compaction_run(click);
    click_expect(COMPACTION_DEATHS, "2"); /* of that window */
    compaction_expect_repair(click, NULL);
    compaction_run(click);
    click_expect(COMPACTION_DEATHS, "0");
    compaction_expect_repair(click, NULL);
}

struct pinned {
    struct click *click;
    int tries;
    struct buf seen;
};

/* The first time a window is loaded and compacted within the read. */
static bool read_pinned(void *arg, struct destination *dest, struct error *err)
{
    struct pinned *pinned = arg;
    static const char sql[] = "SELECT concat(toString(count()), ' ', max(STATUS)) FROM visits";

    buf_reset(&pinned->seen);
    if (!destination_query(dest, sql, compaction_take_told, &pinned->seen, err))
        return false;
    if (pinned->tries++ == 0) {
        compaction_update(pinned->click, "ZZZ", 50);
        compaction_run(pinned->click);
    }
    return destination_query(dest, sql, compaction_take_told, &pinned->seen, err);
}

static void a_read_of_several_queries_is_begun_again(void **state)
{
    struct pinned pinned = {.click = *state, .seen = BUF_INIT(256)};
    struct clickhouse_destination dest;
    struct error err;

    click_succeeded(*state, click_open(&dest, &pinned.click->err));
    if (!destination_read(&dest.base, 10000, read_pinned, &pinned, &err))
        fail_msg("%s", err.message);
    assert_int_equal(pinned.tries, 2);
    assert_string_equal(buf_text(&pinned.seen), "3 ZZZ\n3 ZZZ\n");
    buf_done(&pinned.seen);
    clickhouse_disconnect(&dest);
}

/* --- shards ---------------------------------------------------------------------------------- */

static void a_shard_that_is_down_delays_it(void **state)
{
    struct click *click = *state;
    struct compaction found;

    compaction_update(click, "CLOSED", 50);
    clickhouse_server_kill(1);
    assert_false(destination_compact(click->dest, &fixture_report, true, &found, &click->err));
    assert_true(click->err.transient);
    clickhouse_server_up(1);
    compaction_run(click);
    compaction_expect_end(click);
}

static void rows_go_from_every_shard(void **state)
{
    struct click *click = *state;

    work_done(&click->work);
    work_init(&click->work);
    for (uint64_t i = 0; i < 200; i++)
        work_add(&click->work, ROW_INSERT, (struct line){"1", "OPEN", 4, NULL, 1000 + i, 100 + i});
    click_apply(click);
    click_commit(click);
    for (size_t i = 0; i < click->work.batch.row_count; i++) {
        click->work.plan.actions[i] = ROW_UPDATE;
        click->work.batch.rows[i].fingerprint = fixture_hash(1000 + i);
    }
    click_apply(click);
    click_commit(click);
    compaction_expect_rows(click, "403");
    compaction_run(click);
    compaction_expect_rows(click, "203");
    click_expect("SELECT count() FROM visits", "203");
    compaction_expect_repair(click, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest alone[] = {
        CLICK_TEST(dead_rows_go_and_nothing_changes),
        CLICK_TEST(windows_load_and_are_compacted_again),
        CLICK_TEST(what_windows_left_behind_goes),
        CLICK_TEST(what_is_not_committed_yet_stays),
        CLICK_TEST(few_dead_rows_are_left_alone),
        CLICK_TEST(a_database_of_an_earlier_program_gets_the_log),
        CLICK_TEST(a_reader_from_before_sees_one_whole_state),
        CLICK_TEST(nothing_goes_before_readers_have_ended),
        CLICK_TEST(marks_stay_until_readers_have_ended),
        CLICK_TEST(a_read_of_several_queries_is_begun_again),
    };
    const struct CMUnitTest of_shards[] = {
        CLICK_TEST(dead_rows_go_and_nothing_changes),
        CLICK_TEST(what_windows_left_behind_goes),
        CLICK_TEST(rows_go_from_every_shard),
        CLICK_TEST(a_shard_that_is_down_delays_it),
        CLICK_TEST(nothing_goes_before_readers_have_ended),
    };

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    if (!click_begin_tests(1))
        return 1;
    int failed = cmocka_run_group_tests_name("clickhouse_compact", alone, NULL, NULL);
    clickhouse_server_stop();
    if (!clickhouse_server_is_modern()) { /* the engine knows no other servers */
        clickhouse_server_start(2);
        failed += cmocka_run_group_tests_name("clickhouse_compact_shards", of_shards, NULL, NULL);
        clickhouse_server_stop();
    }
    return failed;
}
