/* SPDX-License-Identifier: MIT */
/* What the pages ask of a database is answered alike by PostgreSQL and SQLite. */
#include "pages/csv.h"
#include "pages/filters.h"
#include "pages/query_table.h"
#include "tests/support/destination_postgres.h"
#include "tests/support/destination_sqlite.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 65536 };

/* Five services; days are typed dates in PostgreSQL and texts in SQLite. Their weeks begin on
 * 07/09, 14/09, 28/09 and 05/10/2026. */
static void add_services(struct buf *sql, const char *date)
{
    buf_addf(sql,
             "WITH t(dia, semana, mes, regional, equipe, quando, taxa) AS (VALUES "
             "(%s '2026-09-10', %s '2026-09-07', %s '2026-09-01', 'SUL', 'A', 'x', 0.25), "
             "(%s '2026-09-16', %s '2026-09-14', %s '2026-09-01', 'SUL', 'B''s', 'x', 0.5), "
             "(%s '2026-09-30', %s '2026-09-28', %s '2026-09-01', 'NORTE', 'C', 'x', NULL), "
             "(%s '2026-10-01', %s '2026-09-28', %s '2026-10-01', 'SUL', 'A', 'x', 1.0), "
             "(%s '2026-10-05', %s '2026-10-05', %s '2026-10-01', 'SUL', 'A', 'x', 0.0)) ",
             date, date, date, date, date, date, date, date, date, date, date, date, date, date,
             date);
}

static void read_filters(const char *const (*pairs)[2], size_t count, struct arena *arena,
                         struct filters *out)
{
    struct request_value values[8];
    struct filters_problem problem;

    for (size_t i = 0; i < count; i++)
        values[i] = (struct request_value){pairs[i][0], pairs[i][1]};
    const struct request request = {.values = values, .value_count = count};
    if (!filters_read(&request, FILTERS_OF_ROWS, 20783, arena, out, &problem))
        fail_msg("%s", problem.message);
}

static void expect_days(struct destination *dest, const char *date, const char *const (*pairs)[2],
                        size_t count, const struct filter_columns *columns, const char *expected)
{
    BUF_DONE struct buf sql = BUF_INIT(TEXT_MAX);
    BUF_DONE struct buf days = BUF_INIT(TEXT_MAX);
    struct arena arena = {0};
    struct sql_values values = {.arena = &arena};
    struct query_table table;
    struct filters filters;
    struct error err;

    read_filters(pairs, count, &arena, &filters);
    add_services(&sql, date);
    buf_add_text(&sql, "SELECT dia FROM t WHERE 1 = 1");
    assert_int_equal(filters_where(&sql, &values, &filters, columns), 0);
    buf_add_text(&sql, " ORDER BY dia");
    if (!query_table_read(dest, buf_text(&sql), &values, 10, &arena, &table, &err))
        fail_msg("%s", err.message);
    for (size_t row = 0; row < table.rows; row++)
        buf_addf(&days, "%s ", query_table_text(&table, row, 0) + strlen("2026-"));
    assert_string_equal(buf_text(&days), expected);
    arena_done(&arena);
}

static void expect_filtered(struct destination *dest, const char *date)
{
    static const struct filter_columns by_day = {
        .date = "dia", .regional = "regional", .equipe = "equipe"};
    static const struct filter_columns by_week = {.date = "semana", .grain = GRAIN_WEEK};
    static const struct filter_columns by_month = {.date = "mes", .grain = GRAIN_MONTH};
    static const char *const september[][2] = {{"de", "10/09/2026"}, {"ate", "2026-09-30"}};
    static const char *const teams[][2] = {
        {"equipe", "B's"}, {"equipe", "A"}, {"regional", "SUL"}, {"mes", "2026-09"}};
    static const char *const wednesday[][2] = {{"dia", "2026-09-16"}};
    static const char *const odd[][2] = {{"regional", "SUL' OR '1'='1"}};

    expect_days(dest, date, NULL, 0, &by_day, "09-10 09-16 09-30 10-01 10-05 ");
    expect_days(dest, date, september, 2, &by_day, "09-10 09-16 09-30 ");
    expect_days(dest, date, teams, 4, &by_day, "09-10 09-16 ");
    expect_days(dest, date, wednesday, 1, &by_week, "09-16 ");
    expect_days(dest, date, september, 2, &by_month, "09-10 09-16 09-30 ");
    expect_days(dest, date, odd, 1, &by_day, "");
}

static void expect_csv(struct destination *dest, const char *date)
{
    static const struct view_column columns[] = {
        {"dia", KIND_DATE}, {"equipe", KIND_TEXT}, {"taxa", KIND_RATIO}};
    BUF_DONE struct buf sql = BUF_INIT(TEXT_MAX);
    char text[1024] = "";
    struct error err;
    FILE *file;

    add_services(&sql, date);
    buf_add_text(&sql, "SELECT dia, equipe, taxa FROM t WHERE mes < '2026-10-01' ORDER BY dia");
    if (!csv_write(dest, buf_text(&sql), NULL, columns, COUNT(columns), false, &file, &err))
        fail_msg("%s", err.message);
    assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, "\xEF\xBB\xBF"
                              "dia;equipe;taxa\r\n10/09/2026;A;0,25\r\n16/09/2026;B's;0,5\r\n"
                              "30/09/2026;C;\r\n");
}

static void sqlite_answers_the_pages(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    expect_filtered(bench->dest, "");
    expect_csv(bench->dest, "");
}

static void postgres_answers_the_pages(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    expect_filtered(stage->dest, "date");
    expect_csv(stage->dest, "date");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(sqlite_answers_the_pages),
        STAGE_TEST(postgres_answers_the_pages),
    };

    cluster_start();
    const int failed = cmocka_run_group_tests_name("pages_databases", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
