/* SPDX-License-Identifier: MIT */
/* A disk that lies: parts of tables are removed behind the back of a real ClickHouse. */
#include "base/mem.h"
#include "load/clickhouse/repair.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"

#include <string.h>

/* What was told, a line each. */
static bool take_told(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)err;
    assert_int_equal(count, 2);
    buf_addf(arg, "%.*s; %.*s\n", (int)cells[0].len, cells[0].text, (int)cells[1].len,
             cells[1].text);
    return true;
}

static void expect_told(struct click *click, const char *const *words)
{
    BUF_DONE struct buf told = BUF_INIT(64 * 1024);

    click_succeeded(
        click, destination_repair(click->dest, &fixture_report, take_told, &told, &click->err));
    if (!words[0] && told.len)
        fail_msg("%s", buf_text(&told));
    for (size_t i = 0; words[i]; i++)
        if (!strstr(buf_text(&told), words[i]))
            fail_msg("\"%s\" is not in \"%s\"", words[i], buf_text(&told));
}

static void expect_nothing(struct click *click)
{
    expect_told(click, (const char *const[]){NULL});
}

static void update(struct click *click, const char *status, uint64_t print)
{
    work_done(&click->work);
    work_init(&click->work);
    work_add(&click->work, ROW_UPDATE, (struct line){"100", status, 2, NULL, 1, print});
    work_add(&click->work, ROW_UPDATE, (struct line){"200", status, 3, NULL, 2, print + 1});
    click_apply(click);
    click_commit(click);
}

static void what_is_whole_is_left_alone(void **state)
{
    struct click *click = *state;

    expect_nothing(click);
    update(click, "CLOSED", 50);
    click_apply(click); /* a window that was rolled back has lost nothing */
    destination_rollback(click->dest);
    expect_nothing(click);
    click_expect(CLICK_ROWS, "100 CLOSED;200 CLOSED;300 OPEN");
}

/* Loses a part of a table that the second window wrote; it is named, taken back, and loads again.
 */
static void lose(struct click *click, const char *table, const char *condition, const char *words)
{
    const char *const told[] = {words, "the window of visits from 2026-03-01 to 2026-03-10",
                                "run-1", "etl-sigos full --from 2026-03-01", NULL};

    update(click, "CLOSED", 50);
    clickhouse_server_lose_part(table, condition);
    expect_told(click, told);
    click_expect(CLICK_ROWS, CLICK_FIRST_ROWS);
    click_expect("SELECT count() FROM visits", "3");
    click_expect("SELECT count() FROM etl_changes", "0");
    expect_nothing(click);
    update(click, "CLOSED", 50);
    click_expect(CLICK_ROWS, "100 CLOSED;200 CLOSED;300 OPEN");
    click_expect("SELECT count() FROM etl_changes", "2");
    expect_nothing(click);
}

static void lost_rows_are_found(void **state)
{
    lose(*state, "visits_rows", "STATUS = 'CLOSED'", "of 2 rows there are 0");
}

static void lost_marks_are_found(void **state)
{
    lose(*state, "visits_marks", "n > 17592186044416", "of 3 marks there are 0");
}

static void lost_changes_are_found(void **state)
{
    lose(*state, "etl_changes_log", "tx > 0", "of 2 changes there are 0");
}

/* The second of three windows is lost: the row of the first would live again beside the third's. */
static void the_newest_row_of_a_key_stays(void **state)
{
    struct click *click = *state;

    update(click, "SECOND", 50);
    update(click, "THIRD", 60);
    clickhouse_server_lose_part("visits_rows", "STATUS = 'SECOND'");
    expect_told(click, (const char *const[]){"of 2 rows there are 0", NULL});
    click_expect(CLICK_ROWS, "100 THIRD;200 THIRD;300 OPEN");
    click_expect("SELECT count() FROM visits", "3");
    click_expect("SELECT count() FROM etl_windows WHERE own_last > '2026-04-01'", "0");
    expect_nothing(click);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLICK_TEST(what_is_whole_is_left_alone),   CLICK_TEST(lost_rows_are_found),
        CLICK_TEST(lost_marks_are_found),          CLICK_TEST(lost_changes_are_found),
        CLICK_TEST(the_newest_row_of_a_key_stays),
    };

    if (!click_begin_tests(1))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_repair", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
