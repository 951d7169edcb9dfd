/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination: the contract, directly and through a pooler in both of its modes, and
 * windows larger than the contract's. */
#include "tests/support/destination_postgres.h"

#include <stdlib.h>
#include <string.h>

/* More rows than one read or send takes, and exactly twice as many as one read takes. */
enum { MANY = 2000, SOME = 300 };

static void load(struct stage *stage)
{
    stage_succeeded(stage,
                    fixture_load(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
    work_done(&stage->work);
    work_init(&stage->work);
}

static int many_day(uint64_t number)
{
    return 1 + (int)(number % 9);
}

static struct line many_line(uint64_t number, const char *status, uint64_t print)
{
    return (struct line){"700", status, many_day(number), NULL, 1000 + number, print};
}

static void fill(struct stage *stage)
{
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    for (uint64_t i = 0; i < MANY + SOME; i++)
        work_add(&stage->work, ROW_INSERT, many_line(i, "OPEN", i));
    load(stage);
    stage_expect("SELECT count(*) FROM visits", "2303");
}

static void rows_of_every_kind_change_in_one_window(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    fill(stage);
    for (uint64_t i = 0; i < MANY - 1; i++)
        work_add(&stage->work, ROW_UPDATE, many_line(i, "CLOSED\t\\", 5000 + i));
    work_add(&stage->work, ROW_SAME, many_line(MANY - 1, "OPEN", MANY - 1));
    work_add(&stage->work, ROW_UPDATE, (struct line){"300", "CLOSED\t\\", 0, NULL, 3, 31});
    for (uint64_t i = MANY; i < MANY + SOME; i++)
        work_remove(&stage->work, 1000 + i, many_day(i));
    for (uint64_t i = 0; i < SOME; i++)
        work_add_logged(&stage->work, (struct line){"800", "NEW", 3, NULL, 9000 + i, i});
    load(stage);
    stage_expect("SELECT count(*) FROM visits", "2303");
    stage_expect("SELECT count(*) FROM visits WHERE \"STATUS\" = E'CLOSED\\t\\\\'", "2000");
    stage_expect("SELECT string_agg(op || n, ' ' ORDER BY first) FROM"
                 " (SELECT op, count(*) AS n, min(id) AS first FROM etl_changes GROUP BY op) AS c",
                 "delete300 update2000 insert300");
    stage_expect(
        "SELECT count(*) FROM etl_changes AS c JOIN visits AS v ON v._row_key = c.row_key"
        " WHERE c.op = 'update' AND (c.before - 'DATA_EXTRACAO')::text = '{\"STATUS\": \"OPEN\"}'"
        " AND c.after ->> 'STATUS' = v.\"STATUS\""
        " AND c.window_date IS NOT DISTINCT FROM v.\"DATA_EXECUCAO\"",
        "2000");
    stage_expect("SELECT count(*) FROM etl_changes AS c JOIN visits AS v ON v._row_key = c.row_key"
                 " WHERE c.op = 'insert' AND c.after ->> 'UC / MD' = '800'",
                 "300");
}

static void one_missing_row_among_many_is_found(void **state)
{
    static const uint64_t missing[] = {0, 999, 1000, MANY - 1};
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    fill(stage);
    for (size_t m = 0; m < COUNT(missing); m++) {
        for (uint64_t i = 0; i < MANY; i++)
            work_add(&stage->work, ROW_UPDATE,
                     many_line(i == missing[m] ? 8000 : i, "CLOSED", 5000 + i));
        assert_false(fixture_apply(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
        stage_failed(&stage->err, ERROR_DATABASE, false, "the row to update is not there");
        destination_rollback(stage->dest);
        work_done(&stage->work);
        work_init(&stage->work);
    }
    stage_expect("SELECT count(*) FROM visits WHERE \"STATUS\" = 'CLOSED'", "0");
    stage_expect("SELECT count(*) FROM etl_changes", "0");
}

static bool count_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    int *rows = arg;

    (void)err;
    assert_int_equal(count, 1);
    assert_int_equal(cells[0].len, strlen("2026-03-01T09:00:00-03:00"));
    *rows += memcmp(cells[0].text, "2026-03-01T09:00:00-03:00", cells[0].len) == 0;
    return true;
}

/* A rehearsal loads a window, reads it back, and rolls it back. */
static void what_a_window_wrote_can_be_read_within_it(void **state)
{
    static const char starts[] = "SELECT started_at FROM etl_runs ORDER BY id";
    const struct run second = {.id = "run-2", .mode = "full", .started_at = 1772366400};
    struct stage *stage = *state;
    int rows = 0;

    stage_open(stage, stage->url);
    assert_true(destination_begin(stage->dest, &fixture_report, fixture_window(1, 9), &stage->err));
    stage_succeeded(stage, destination_start_run(stage->dest, &second, &stage->err));
    stage_succeeded(stage, destination_query(stage->dest, starts, count_row, &rows, &stage->err));
    assert_int_equal(rows, 2);
    destination_rollback(stage->dest);
    stage_expect("SELECT count(*) FROM etl_runs", "1");
}

/* A pooler gives the connection to another client, so no setting or table of the run may stay on
 * it. */
static void a_pooled_connection_is_left_as_it_was(void **state)
{
    struct stage *stage = *state;
    char *url = cluster_url(cluster.pooler_port, "transaction");

    stage_open(stage, url);
    free(url);
    fill(stage);
    work_remove(&stage->work, 1, 2);
    load(stage);
    stage_expect("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'", "0");
    stage_expect("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", "0");
    stage_expect("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(rows_of_every_kind_change_in_one_window),
        STAGE_TEST(one_missing_row_among_many_is_found),
        STAGE_TEST(what_a_window_wrote_can_be_read_within_it),
        STAGE_TEST(a_pooled_connection_is_left_as_it_was),
    };

    cluster_start();
    const int failed = destination_contract_run(&postgres_directly) +
                       destination_contract_run(&postgres_pooled_sessions) +
                       destination_contract_run(&postgres_pooled_transactions) +
                       cmocka_run_group_tests_name("destination_postgres", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
