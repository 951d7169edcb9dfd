/* SPDX-License-Identifier: MIT */
/*
 * Compactions of a real ClickHouse that lose a statement or its answer, whose server is killed, or
 * whose disk loses parts: what is seen stays what it is, what is lost is found, and the next one
 * ends what was begun.
 */
#include "tests/support/clickhouse_compaction.h"
#include "tests/support/clickhouse_server.h"

#include <stdlib.h>
#include <string.h>

/* --- what a disk loses ----------------------------------------------------------------------- */

static void what_is_lost_before_is_not_compacted(void **state)
{
    struct click *click = *state;
    struct compaction found;

    compaction_update(click, "CLOSED", 50);
    clickhouse_server_lose_part("visits_rows", "STATUS = 'CLOSED'");
    assert_false(destination_compact(click->dest, &fixture_report, true, &found, &click->err));
    assert_non_null(strstr(click->err.message, "etl-sigos check"));
    compaction_expect_repair(click, "of 2 rows there are 0");
    click_expect(CLICK_ROWS, CLICK_FIRST_ROWS);
}

static void what_is_lost_afterwards_is_found(void **state)
{
    struct click *click = *state;

    compaction_update(click, "CLOSED", 50);
    compaction_run(click);
    clickhouse_server_lose_part("visits_rows", "STATUS = 'CLOSED'");
    compaction_expect_repair(click, "of 2 rows there are 0");
    click_expect(CLICK_ROWS, "300 OPEN"); /* what it had replaced is gone */
    compaction_expect_repair(click, NULL);
}

static void an_old_row_that_is_lost_afterwards_is_found(void **state)
{
    struct click *click = *state;

    compaction_update(click, "CLOSED", 50);
    compaction_run(click);
    clickhouse_server_lose_part("visits_rows", "STATUS = 'OPEN'");
    compaction_expect_repair(click, "of 1 rows there are 0");
    compaction_expect_repair(click, NULL);
}

/* --- statements that are lost ---------------------------------------------------------------- */

/* Of a compaction, those that write and one query of each stage; a text of each that no other one
 * has before it. Queries are asked again by themselves. */
static const char *const statements[] = {
    "kind = 'begun' AND n NOT",
    "DROP TABLE IF EXISTS `visits_dead`",
    "CREATE TABLE IF NOT EXISTS `visits_dead`",
    "SELECT n FROM `visits_marks`",
    "SELECT tx FROM etl_void",
    "WHERE bitShiftRight(_id, 24) IN (SELECT _id",
    "'counts', toUInt64",
    "SELECT query_id",
    "'begun', toUInt64",
    "FROM `visits_rows` WHERE _id IN",
    "ALTER TABLE `visits_rows` DELETE",
    "ALTER TABLE `visits_marks` DELETE",
    "'done', toUInt64",
};

static void each_may_be_lost(void **state, enum proxy_fault fault)
{
    int failures = 0;

    for (size_t i = 0; i < COUNT(statements); i++) {
        if (i)
            compaction_start_anew(state);
        struct click *click = *state;
        compaction_update(click, "CLOSED", 50);
        const bool ok = compaction_run_through(click, fault, statements[i]);
        if (!ok && !click->err.transient)
            fail_msg("%s: %s", statements[i], click->err.message);
        failures += !ok;
        click_expect(CLICK_ROWS, COMPACTION_ROWS);
        click_expect("SELECT count() FROM visits", "3");
        compaction_expect_repair(click, NULL);
        struct compaction found;
        click_succeeded(
            click, destination_compact(click->dest, &fixture_report, true, &found, &click->err));
        compaction_expect_end(click);
    }
    assert_true(failures > 5); /* a query is asked again, a statement is not */
    print_message("%d of %zu compactions failed and were ended\n", failures, COUNT(statements));
}

static void each_statement_may_never_arrive(void **state)
{
    each_may_be_lost(state, PROXY_CUT_BEFORE);
}

static void each_answer_may_be_lost(void **state)
{
    each_may_be_lost(state, PROXY_CUT_AFTER);
}

/* Stops a compaction at a statement, loses the rows of the window, and ends the compaction. */
static void stop_and_lose(struct click *click, const char *text)
{
    compaction_update(click, "CLOSED", 50);
    assert_false(compaction_run_through(click, PROXY_CUT_BEFORE, text));
    clickhouse_server_lose_part("visits_rows", "STATUS = 'CLOSED'");
    compaction_expect_repair(click, "of 2 rows there are 0");
    click_expect(CLICK_ROWS, "300 OPEN");
    compaction_expect_repair(click, NULL);
    compaction_expect(click, click->dest, true, COMPACTION_DONE);
    click_expect(CLICK_ROWS, "300 OPEN");
    compaction_expect_rows(click, "1");
    compaction_expect_repair(click, NULL);
}

static void what_is_lost_within_a_compaction_is_found(void **state)
{
    stop_and_lose(*state, "ALTER TABLE `visits_rows` DELETE");
    compaction_start_anew(state);
    stop_and_lose(*state, "ALTER TABLE `visits_marks` DELETE");
}

static void a_list_that_is_lost_is_made_anew(void **state)
{
    struct click *click = *state;

    compaction_update(click, "CLOSED", 50);
    assert_false(
        compaction_run_through(click, PROXY_CUT_BEFORE, "ALTER TABLE `visits_marks` DELETE"));
    free(clickhouse_server_query(0, "TRUNCATE TABLE visits_dead"));
    compaction_expect_repair(click, NULL);
    compaction_run(click);
    compaction_expect_end(click);
}

static void a_server_that_is_killed_goes_on(void **state)
{
    struct click *click = *state;

    compaction_update(click, "CLOSED", 50);
    assert_false(
        compaction_run_through(click, PROXY_CUT_AFTER, "ALTER TABLE `visits_rows` DELETE"));
    clickhouse_server_kill(0);
    clickhouse_server_up(0);
    click_expect(CLICK_ROWS, COMPACTION_ROWS);
    compaction_expect_repair(click, NULL);
    compaction_run(click);
    compaction_expect_end(click);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        CLICK_TEST(what_is_lost_before_is_not_compacted),
        CLICK_TEST(what_is_lost_afterwards_is_found),
        CLICK_TEST(an_old_row_that_is_lost_afterwards_is_found),
        CLICK_TEST(each_statement_may_never_arrive),
        CLICK_TEST(each_answer_may_be_lost),
        CLICK_TEST(what_is_lost_within_a_compaction_is_found),
        CLICK_TEST(a_list_that_is_lost_is_made_anew),
        CLICK_TEST(a_server_that_is_killed_goes_on),
    };

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    if (!click_begin_tests(1))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_compact_lost", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
