/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination's tables: created, migrated by two processes at once, and adopted from
 * the Python program. */
#include "load/guard.h"
#include "load/history.h"
#include "load/postgres/client.h"
#include "load/postgres/sql.h"
#include "load/reconcile.h"

#include "base/mem.h"
#include "tests/support/destination_postgres.h"
#include "load/destination_open.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COLUMNS_OF_VISITS                                                                          \
    "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)"  \
    " FROM pg_attribute WHERE attrelid = 'visits'::regclass AND attnum > 0"
#define REPORT_COLUMNS                                                                             \
    "UC / MD text, STATUS text, DATA_EXECUCAO date, HORA time without time zone, "                 \
    "DATA_EXTRACAO timestamp without time zone, SAY \"HI\" text"

/* Creation */

static void the_table_is_the_reports_with_two_columns_more(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_expect(COLUMNS_OF_VISITS, REPORT_COLUMNS ", _row_key uuid, _row_hash uuid");
}

/* A snapshot must read an index only: reading the table on every cycle is too slow. */
static void a_snapshot_reads_the_index_alone(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *copy = postgres_sql_snapshot(&fixture_report, fixture_window(1, 9));
    BUF_DONE struct buf explain = BUF_INIT(4096);

    stage_open(stage, stage->url);
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    cluster_run("INSERT INTO visits (\"DATA_EXECUCAO\", _row_key, _row_hash)"
                " SELECT date '2020-01-01' + n / 10, gen_random_uuid(), gen_random_uuid()"
                " FROM generate_series(1, 20000) AS n");
    cluster_run("VACUUM ANALYZE visits");
    char *end = strstr(copy, ") TO STDOUT");
    assert_non_null(end);
    *end = '\0';
    buf_addf(&explain, "EXPLAIN (FORMAT json) %s", copy + strlen("COPY ("));
    MEM_FREE_TEXT char *plan = cluster_query(buf_text(&explain));
    const char *first = strstr(plan, "Index Only Scan");
    assert_non_null(first);
    assert_non_null(strstr(first + 1, "Index Only Scan"));
    assert_null(strstr(plan, "Seq Scan"));
}

static void a_lost_index_comes_back(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("DROP INDEX visits_window");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect("SELECT indnullsnotdistinct FROM pg_index"
                 " WHERE indexrelid = 'visits_window'::regclass AND indisunique",
                 "1");
}

static void our_tables_stand_in_the_schema_of_the_reports(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *url = mem_format("%s&options=-csearch_path%%3Dreports", stage->url);

    cluster_run("DROP SCHEMA IF EXISTS reports CASCADE; CREATE SCHEMA reports");
    stage_open(stage, url);
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    stage_expect("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", "0");
    stage_expect("SELECT count(*) FROM reports.visits", "3");
    stage_expect("SELECT count(*) FROM reports.etl_windows", "1");
    cluster_run("DROP SCHEMA reports CASCADE");
}

/* A role that may write rows needs no right to create tables. */
static void a_user_who_owns_nothing_may_load(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *url =
        mem_format("postgres://clerk:clerk@localhost:%d/" CLUSTER_DATABASE "?sslrootcert=%s",
                   cluster.port, cluster.root);

    stage_open(stage, stage->url);
    destination_close(stage->dest);
    cluster_run("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'clerk';"
                "GRANT USAGE ON SCHEMA public TO clerk;"
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk");
    stage->dest = fixture_open(url, &stage->err);
    stage_succeeded(stage, stage->dest != NULL);
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    work_add(&stage->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    stage_succeeded(stage,
                    fixture_load(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
    destination_close(stage->dest);
    stage->dest = NULL;
    cluster_run("DROP OWNED BY clerk; DROP ROLE clerk");
}

static void two_processes_may_migrate_at_once(void **state)
{
    struct stage *stage = *state;
    pid_t pids[4];
    int status;

    for (size_t i = 0; i < COUNT(pids); i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            struct error err;
            struct destination *own = fixture_open(stage->url, &err);
            if (!own)
                print_error("%s\n", err.message);
            destination_close(own);
            _exit(own ? 0 : 1);
        }
    }
    for (size_t i = 0; i < COUNT(pids); i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    stage_expect("SELECT count(*) - max(version) FROM etl_migrations", "0");
    stage_expect("SELECT count(*) FROM visits", "0");
}

static void a_window_in_work_does_not_keep_others_from_looking(void **state)
{
    struct stage *stage = *state;
    struct error err;

    stage_open(stage, stage->url);
    assert_true(destination_begin(stage->dest, &fixture_report, fixture_window(1, 9), &stage->err));
    const int64_t before = clock_ms();
    struct destination *other = fixture_open(stage->url, &err);
    assert_non_null(other);
    /* Much less than the time to wait for another writer. */
    assert_true(clock_ms() - before < 5000);
    destination_close(other);
}

/* Refusal */

static void expect_refused(struct stage *stage, const char *sql, const char *words)
{
    cluster_run(sql);
    MEM_FREE_TEXT char *before = cluster_query(COLUMNS_OF_VISITS);
    assert_true(destination_open(stage->url, &stage->dest, &stage->err));
    assert_false(destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, words);
    stage_expect(COLUMNS_OF_VISITS, before);
    stage_expect("SELECT to_regclass('etl_migrations')", NULL);
    cluster_run("ALTER TABLE visits RENAME TO old_visits"); /* the refusal left no lock */
    assert_true(destination_migrate(stage->dest, &fixture_report, &stage->err));
}

static void a_table_with_other_columns_is_refused_and_left_as_it_is(void **state)
{
    expect_refused(*state, "CREATE TABLE visits (\"UC / MD\" text, \"STATUS\" text)",
                   "\"DATA_EXECUCAO\", \"HORA\", \"DATA_EXTRACAO\", \"SAY \"HI\"\"");
}

static void a_table_with_other_types_is_refused_and_left_as_it_is(void **state)
{
    expect_refused(*state,
                   "CREATE TABLE visits (\"UC / MD\" bigint, \"STATUS\" varchar(10),"
                   " \"DATA_EXECUCAO\" text, \"HORA\" time, \"DATA_EXTRACAO\" timestamp,"
                   " \"SAY \"\"HI\"\"\" text)",
                   "\"UC / MD\" (is bigint), \"DATA_EXECUCAO\" (is text); it was left as it is");
}

static void a_view_is_no_table(void **state)
{
    expect_refused(*state, "CREATE VIEW visits AS SELECT 1 AS a", "visits is a view, no table");
}

/* Adoption */

/* Makes a table as the Python program left it: the rows of a boundary day twice, a row that the
 * portal no longer has, repeated undated rows, and a day of a later window. */
static void fill_as_another_program(void)
{
    cluster_run("CREATE TABLE visits (\"UC / MD\" text, \"STATUS\" text, \"DATA_EXECUCAO\" date,"
                " \"HORA\" time, \"DATA_EXTRACAO\" timestamp, \"SAY \"\"HI\"\"\" text);"
                "INSERT INTO visits VALUES"
                " ('100', 'OPEN', '2026-03-02', '08:00', '2026-01-01 00:00', ''),"
                " ('100', 'OPEN', '2026-03-02', '08:00', '2026-01-01 00:00', ''),"
                " ('150', 'GONE', '2026-03-02', NULL, '2026-01-01 00:00', ''),"
                " ('200', 'OLD', '2026-03-03', NULL, '2026-01-01 00:00', ''),"
                " ('300', 'OPEN', NULL, NULL, '2026-01-01 00:00', ''),"
                " ('300', 'OPEN', NULL, NULL, '2026-01-01 00:00', ''),"
                " ('900', 'OPEN', '2026-03-12', NULL, '2026-01-01 00:00', '')");
}

/* Ends a cycle: removes the undated rows that no export showed. */
static void remove_undated(struct stage *stage, const struct snapshot *shown)
{
    const struct window none = {.first = march(1),
                                .last = march(19),
                                .own_first = 0,
                                .own_last = -1,
                                .complete = true,
                                .ends_cycle = true};
    struct snapshot held = {0};
    struct work work;

    work_init(&work);
    stage_succeeded(stage, destination_begin(stage->dest, &fixture_report, none, &stage->err));
    stage_succeeded(stage, destination_snapshot(stage->dest, &held, &stage->err));
    reconcile_undated(&held, shown, &(const struct open_lines){0}, NULL, NULL, "run", &work.plan);
    stage_succeeded(
        stage, destination_apply(stage->dest, &fixture_run, &work.batch, &work.plan, &stage->err));
    stage_succeeded(stage, fixture_commit(stage->dest, none, &stage->err));
    snapshot_done(&held);
    work_done(&work);
}

static void an_adopted_table_keeps_its_rows_and_columns(void **state)
{
    struct stage *stage = *state;

    fill_as_another_program();
    stage_open(stage, stage->url);
    stage_expect(COLUMNS_OF_VISITS, REPORT_COLUMNS ", _row_key uuid, _row_hash uuid");
    stage_expect("SELECT count(*) FROM visits", "7");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect("SELECT count(*) FROM visits WHERE _row_key IS NULL", "7");
}

/* Reads the table as a rehearsal does. */
static void a_table_of_another_program_can_be_seen_as_it_is(void **state)
{
    struct stage *stage = *state;
    enum destination_state found;
    size_t rows = 0;

    fill_as_another_program();
    stage_succeeded(stage, destination_open_existing(stage->url, DESTINATION_REHEARSE, &stage->dest,
                                                     &stage->err));
    stage_succeeded(stage, destination_inspect(stage->dest, NULL, &found, &stage->err));
    assert_int_equal(found, DESTINATION_EMPTY);
    stage_succeeded(stage, destination_inspect(stage->dest, &fixture_report, &found, &stage->err));
    assert_int_equal(found, DESTINATION_UNADOPTED);
    stage_succeeded(stage, history_count_rows(stage->dest, &fixture_report, fixture_window(1, 9),
                                              &rows, &stage->err));
    assert_int_equal(rows, 4);
    stage_expect(COLUMNS_OF_VISITS, REPORT_COLUMNS);
    stage_expect("SELECT to_regclass('etl_migrations')", NULL);
}

static void a_window_takes_its_days_over_without_a_gap(void **state)
{
    struct stage *stage = *state;
    struct snapshot held = {0};

    fill_as_another_program();
    stage_open(stage, stage->url);
    work_add(&stage->work, ROW_INSERT, (struct line){"100", "OPEN", 2, "08:00:00", 1, 10});
    work_add(&stage->work, ROW_INSERT, (struct line){"200", "OPEN", 3, NULL, 2, 20});
    assert_true(destination_begin(stage->dest, &fixture_report, fixture_window(1, 9), &stage->err));
    assert_true(destination_snapshot(stage->dest, &held, &stage->err));
    assert_int_equal(held.count, 0);
    assert_int_equal(held.legacy_rows, 4);
    stage_succeeded(stage, destination_apply(stage->dest, &fixture_run, &stage->work.batch,
                                             &stage->work.plan, &stage->err));
    stage_expect("SELECT count(*) FROM visits", "7");
    stage_succeeded(stage, fixture_commit(stage->dest, fixture_window(1, 9), &stage->err));
    stage_expect("SELECT string_agg(\"UC / MD\" || \"STATUS\", ' ' ORDER BY 1) FROM visits"
                 " WHERE \"DATA_EXECUCAO\" < '2026-03-10'",
                 "100OPEN 200OPEN");
    stage_expect("SELECT count(*) FROM visits WHERE \"DATA_EXECUCAO\" IS NULL", "2");
    stage_expect("SELECT count(*) FROM visits WHERE \"DATA_EXECUCAO\" = '2026-03-12'", "1");
    stage_expect("SELECT count(*) FROM etl_changes", "0"); /* adoption is no change of the portal */
    snapshot_done(&held);
}

static void after_a_full_cycle_an_adopted_table_is_the_truth(void **state)
{
    struct stage *stage = *state;
    struct snapshot shown = {0};
    struct work later;

    fill_as_another_program();
    stage_open(stage, stage->url);
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    work_init(&later);
    work_add(&later, ROW_INSERT, (struct line){"910", "OPEN", 12, NULL, 9, 90});
    stage_succeeded(stage, fixture_load(stage->dest, fixture_window(10, 18), &later, &stage->err));
    stage_expect("SELECT count(*) FROM visits WHERE \"UC / MD\" = '300'", "3");
    snapshot_add(&shown, (struct stored_row){.key = fixture_hash(3), .undated = true});
    remove_undated(stage, &shown);
    stage_expect("SELECT string_agg(\"UC / MD\", ' ' ORDER BY \"UC / MD\") FROM visits",
                 "100 200 300 910");
    stage_expect("SELECT count(*) FROM visits WHERE _row_key IS NULL OR _row_hash IS NULL", "0");
    snapshot_done(&shown);
    work_done(&later);
}

static void rows_that_the_other_program_goes_on_writing_are_taken_over_too(void **state)
{
    struct stage *stage = *state;

    fill_as_another_program();
    stage_open(stage, stage->url);
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    cluster_run("DELETE FROM visits WHERE \"DATA_EXECUCAO\" >= '2026-03-03';"
                "INSERT INTO visits (\"UC / MD\", \"DATA_EXECUCAO\")"
                " VALUES ('200', '2026-03-03'), ('999', '2026-03-04')");
    work_add(&stage->work, ROW_INSERT, (struct line){"200", "OPEN", 3, NULL, 2, 20});
    stage_succeeded(stage,
                    fixture_load(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
    stage_expect("SELECT string_agg(\"UC / MD\", ' ' ORDER BY \"UC / MD\") FROM visits"
                 " WHERE \"DATA_EXECUCAO\" IS NOT NULL",
                 "100 200");
}

static void a_file_that_covers_no_whole_days_does_not_stand_beside_legacy_rows(void **state)
{
    struct stage *stage = *state;
    struct window window = fixture_window(1, 9);

    window.complete = false;
    fill_as_another_program();
    stage_open(stage, stage->url);
    work_add(&stage->work, ROW_INSERT, (struct line){"100", "OPEN", 2, "08:00:00", 1, 10});
    assert_false(fixture_apply(stage->dest, window, &stage->work, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "4 rows of these days");
    destination_rollback(stage->dest);
    stage_expect("SELECT count(*) FROM visits", "7");
}

/* The guard compares the number of legacy rows with the limits. */
static void legacy_rows_are_guarded(void **state)
{
    static const struct {
        size_t legacy_rows, dated, inserted, unchanged, deleted;
        bool passes;
    } cases[] = {
        {100, 0, 100, 0, 0, true},   {100, 0, 150, 0, 0, true},   {100, 0, 80, 0, 0, true},
        {100, 0, 79, 0, 0, false},   {100, 0, 0, 0, 0, false},    {1, 0, 0, 0, 0, false},
        {100, 50, 100, 50, 0, true}, {100, 50, 10, 50, 0, false}, {50, 50, 40, 40, 10, true},
        {50, 50, 40, 39, 11, false}, {8, 0, 1, 0, 0, true}, /* so few deletes are below the limit */
    };
    const struct limits limits = {.max_delete_ratio = 0.2, .min_deletes = 10};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct snapshot held = {.legacy_rows = cases[i].legacy_rows, .dated = cases[i].dated};
        struct plan plan = {0};
        struct error err;
        plan.counts.inserted = cases[i].inserted;
        plan.counts.unchanged = cases[i].unchanged;
        plan.counts.deleted = plan.missing = cases[i].deleted;
        if (guard_check_deletes(&plan, &held, &limits, &err) != cases[i].passes)
            fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(the_table_is_the_reports_with_two_columns_more),
        STAGE_TEST(a_snapshot_reads_the_index_alone),
        STAGE_TEST(a_lost_index_comes_back),
        STAGE_TEST(our_tables_stand_in_the_schema_of_the_reports),
        STAGE_TEST(a_user_who_owns_nothing_may_load),
        STAGE_TEST(two_processes_may_migrate_at_once),
        STAGE_TEST(a_window_in_work_does_not_keep_others_from_looking),
        STAGE_TEST(a_table_with_other_columns_is_refused_and_left_as_it_is),
        STAGE_TEST(a_table_with_other_types_is_refused_and_left_as_it_is),
        STAGE_TEST(a_view_is_no_table),
        STAGE_TEST(an_adopted_table_keeps_its_rows_and_columns),
        STAGE_TEST(a_table_of_another_program_can_be_seen_as_it_is),
        STAGE_TEST(a_window_takes_its_days_over_without_a_gap),
        STAGE_TEST(after_a_full_cycle_an_adopted_table_is_the_truth),
        STAGE_TEST(rows_that_the_other_program_goes_on_writing_are_taken_over_too),
        STAGE_TEST(a_file_that_covers_no_whole_days_does_not_stand_beside_legacy_rows),
        cmocka_unit_test(legacy_rows_are_guarded),
    };

    cluster_start();
    const int failed = cmocka_run_group_tests_name("destination_postgres_table", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
