/* SPDX-License-Identifier: MIT */
/* The shapes of tables in PostgreSQL: indexes recognized by their columns, partitions, and
 * inheritance. */
#include "load/postgres/client.h"
#include "load/postgres/sql.h"

#include "base/mem.h"
#include "tests/support/destination_postgres.h"
#include "load/destination_open.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "\"UC / MD\" text, \"STATUS\" text, \"DATA_EXECUCAO\" date, \"HORA\" time,"                    \
    " \"DATA_EXTRACAO\" timestamp, \"SAY \"\"HI\"\"\" text"
#define KEYS ", _row_key uuid NOT NULL, _row_hash uuid NOT NULL"
#define COUNT_INDEXES(table)                                                                       \
    "SELECT count(*) FROM pg_index WHERE indisunique AND indnullsnotdistinct"                      \
    " AND indrelid = '" table "'::regclass"

/* Indexes */

static void a_table_beside_one_that_was_renamed_gets_its_index(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("ALTER TABLE visits RENAME TO old_visits");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(COUNT_INDEXES("visits"), "1");
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(COUNT_INDEXES("visits"), "1"); /* no further index each time */
    cluster_run("ALTER TABLE visits RENAME TO older_visits");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(COUNT_INDEXES("visits"), "1");
    stage_expect(COUNT_INDEXES("old_visits"), "1");
}

static void a_table_is_adopted_beside_one_that_was_renamed(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE TABLE visits (" COLUMNS ")");
    stage_open(stage, stage->url);
    cluster_run("ALTER TABLE visits RENAME TO old_visits; CREATE TABLE visits (" COLUMNS ")");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect("SELECT count(*) FROM pg_index WHERE indrelid = 'visits'::regclass", "2");
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
}

static void an_index_of_another_name_will_do(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("ALTER INDEX visits_window RENAME TO mine");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(COUNT_INDEXES("visits"), "1");
}

static void an_index_that_only_has_the_name_will_not_do(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("DROP INDEX visits_window; CREATE INDEX visits_window ON visits (\"STATUS\")");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(COUNT_INDEXES("visits"), "1");
}

static void a_relation_of_any_kind_may_have_the_name(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE VIEW visits_window AS SELECT 1 AS a");
    stage_open(stage, stage->url);
    stage_expect(COUNT_INDEXES("visits"), "1");
    stage_load_old(stage);
}

static void an_index_that_is_not_valid_is_none(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("UPDATE pg_index SET indisvalid = false"
                " WHERE indexrelid = 'visits_window'::regclass");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(COUNT_INDEXES("visits") " AND indisvalid", "1");
}

/* Renamed etl_* tables keep the names of their indexes. The program does not repair that: its error
 * names the index that is in the way. */
static void names_that_renamed_etl_tables_have_kept_are_told(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("ALTER TABLE etl_migrations RENAME TO a; ALTER TABLE etl_runs RENAME TO b;"
                "ALTER TABLE etl_windows RENAME TO c");
    assert_false(destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "an index that a renamed table has kept");
}

/* Partitions */

/* Inserts, updates and deletes rows, and adds a column. */
static void expect_every_change_works(struct stage *stage)
{
    bool added = false;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_succeeded(stage, destination_add_column(stage->dest, &fixture_report, "NOVA",
                                                  &fixture_run, &added, &stage->err));
    assert_true(added);
    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
    stage_reopen(stage, stage->url);
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
}

/* Makes the table with a partition for each of the three rows. All have the same ctid then. */
static void make_partitions(const char *more)
{
    MEM_FREE_TEXT char *sql =
        mem_format("CREATE TABLE visits (" COLUMNS "%s) PARTITION BY RANGE (\"DATA_EXECUCAO\");"
                   "CREATE TABLE visits_1 PARTITION OF visits"
                   " FOR VALUES FROM ('2026-01-01') TO ('2026-03-03');"
                   "CREATE TABLE visits_2 PARTITION OF visits"
                   " FOR VALUES FROM ('2026-03-03') TO ('2026-06-01');"
                   "CREATE TABLE visits_0 PARTITION OF visits DEFAULT",
                   more);

    cluster_run(sql);
}

static void a_table_that_is_partitioned_by_the_windows_date_is_as_good_as_any(void **state)
{
    make_partitions(KEYS);
    expect_every_change_works(*state);
}

static void a_partitioned_table_is_adopted(void **state)
{
    make_partitions("");
    cluster_run("INSERT INTO visits VALUES ('1', 'OLD', '2026-03-02'), ('2', 'OLD', '2026-03-04')");
    expect_every_change_works(*state);
}

static void a_table_with_partitions_of_partitions_works_too(void **state)
{
    cluster_run(
        "CREATE TABLE visits (" COLUMNS KEYS ") PARTITION BY RANGE (\"DATA_EXECUCAO\");"
        "CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO"
        " ('2027-01-01') PARTITION BY HASH (_row_key);"
        "CREATE TABLE visits_1a PARTITION OF visits_1 FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
        "CREATE TABLE visits_1b PARTITION OF visits_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
        "CREATE TABLE visits_0 PARTITION OF visits DEFAULT");
    expect_every_change_works(*state);
}

static void a_day_without_a_partition_is_told_so(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE TABLE visits (" COLUMNS KEYS ") PARTITION BY RANGE (\"DATA_EXECUCAO\")");
    stage_open(stage, stage->url);
    assert_false(fixture_first_load(stage->dest, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "has no partition for its day: make one");
}

/* In a plain table a changed row is still found by its ctid. */
static void an_update_does_not_read_the_table(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *update = postgres_sql_update(&fixture_report, ROWS_DATED);
    MEM_FREE_TEXT char *arrays =
        mem_format("PREPARE u AS %s; SET plan_cache_mode = force_generic_plan", update);

    stage_open(stage, stage->url);
    cluster_run("INSERT INTO visits (\"DATA_EXECUCAO\", _row_key, _row_hash)"
                " SELECT date '2020-01-01' + n / 10, gen_random_uuid(), gen_random_uuid()"
                " FROM generate_series(1, 20000) AS n; ANALYZE visits");
    cluster_run(arrays);
    MEM_FREE_TEXT char *plan = cluster_query(
        "EXPLAIN (FORMAT json) EXECUTE u ('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')");
    cluster_run("DEALLOCATE u; RESET plan_cache_mode");
    assert_non_null(strstr(plan, "Tid Scan"));
    assert_null(strstr(plan, "Seq Scan"));
}

/* Refused shapes */

static void expect_refused(struct stage *stage, const char *sql, const char *words)
{
    enum destination_state found;

    cluster_run(sql);
    stage_succeeded(stage, destination_open(stage->url, &stage->dest, &stage->err));
    assert_false(destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, words);
    assert_false(destination_inspect(stage->dest, &fixture_report, &found, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, words);
    stage_expect("SELECT to_regclass('etl_migrations')", NULL);
    destination_close(stage->dest);
    stage->dest = NULL;
    cluster_reset();
}

static void what_is_no_table_is_refused_by_its_kind(void **state)
{
    expect_refused(*state, "CREATE VIEW visits AS SELECT 1 AS a", "visits is a view, no table");
    expect_refused(*state, "CREATE MATERIALIZED VIEW visits AS SELECT 1 AS a",
                   "visits is a materialized view");
    expect_refused(*state, "CREATE SEQUENCE visits", "visits is there but no table");
    expect_refused(*state, "CREATE TYPE visits AS (a text)", "visits is there but no table");
    expect_refused(*state,
                   "CREATE FOREIGN DATA WRAPPER nowhere;"
                   "CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;"
                   "CREATE FOREIGN TABLE visits (" COLUMNS ") SERVER nowhere",
                   "visits is a foreign table");
    expect_refused(*state,
                   "CREATE TABLE visits (" COLUMNS ") PARTITION BY RANGE (\"DATA_EXECUCAO\");"
                   "CREATE FOREIGN TABLE away PARTITION OF visits DEFAULT SERVER nowhere",
                   "has a partition that is a foreign table, away");
    cluster_run("DROP FOREIGN DATA WRAPPER nowhere CASCADE");
}

static void a_table_that_is_partitioned_by_something_else_is_refused(void **state)
{
    expect_refused(*state, "CREATE TABLE visits (" COLUMNS ") PARTITION BY LIST (\"STATUS\")",
                   "is partitioned by LIST (\"STATUS\")");
    expect_refused(*state,
                   "CREATE TABLE visits (" COLUMNS
                   ") PARTITION BY RANGE (date_part('year', \"DATA_EXECUCAO\"))",
                   "partition it by \"DATA_EXECUCAO\" alone");
    expect_refused(*state,
                   "CREATE TABLE visits (" COLUMNS
                   ") PARTITION BY RANGE (\"DATA_EXECUCAO\", \"UC / MD\")",
                   "the key that etl-sigos has is (\"DATA_EXECUCAO\", _row_key)");
    expect_refused(*state,
                   "CREATE TABLE visits (" COLUMNS ") PARTITION BY RANGE (\"DATA_EXECUCAO\");"
                   "CREATE TABLE visits_0 PARTITION OF visits DEFAULT PARTITION BY HASH"
                   " (\"UC / MD\")",
                   "is partitioned by HASH (\"UC / MD\")");
}

static void a_partition_is_refused_and_its_parent_is_named(void **state)
{
    expect_refused(*state,
                   "CREATE TABLE everything (" COLUMNS ") PARTITION BY RANGE (\"DATA_EXECUCAO\");"
                   "CREATE TABLE visits PARTITION OF everything DEFAULT",
                   "ALTER TABLE everything DETACH PARTITION visits");
}

static void a_parent_is_refused_and_its_children_are_named(void **state)
{
    struct stage *stage = *state;

    expect_refused(stage,
                   "CREATE TABLE visits (" COLUMNS ");"
                   "CREATE TABLE \"Old\" () INHERITS (visits)",
                   "ALTER TABLE \"Old\" NO INHERIT visits");
    stage_open(stage, stage->url); /* a table that becomes a parent later is refused too */
    cluster_run("CREATE TABLE archive () INHERITS (visits)");
    assert_false(destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "ALTER TABLE archive NO INHERIT visits");
    cluster_run("ALTER TABLE archive NO INHERIT visits");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
}

static void a_child_is_like_any_other_table(void **state)
{
    cluster_run("CREATE TABLE everything (" COLUMNS ");"
                "CREATE TABLE visits () INHERITS (everything)");
    expect_every_change_works(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_table_beside_one_that_was_renamed_gets_its_index),
        STAGE_TEST(a_table_is_adopted_beside_one_that_was_renamed),
        STAGE_TEST(an_index_of_another_name_will_do),
        STAGE_TEST(an_index_that_only_has_the_name_will_not_do),
        STAGE_TEST(a_relation_of_any_kind_may_have_the_name),
        STAGE_TEST(an_index_that_is_not_valid_is_none),
        STAGE_TEST(names_that_renamed_etl_tables_have_kept_are_told),
        STAGE_TEST(a_table_that_is_partitioned_by_the_windows_date_is_as_good_as_any),
        STAGE_TEST(a_partitioned_table_is_adopted),
        STAGE_TEST(a_table_with_partitions_of_partitions_works_too),
        STAGE_TEST(a_day_without_a_partition_is_told_so),
        STAGE_TEST(an_update_does_not_read_the_table),
        STAGE_TEST(what_is_no_table_is_refused_by_its_kind),
        STAGE_TEST(a_table_that_is_partitioned_by_something_else_is_refused),
        STAGE_TEST(a_partition_is_refused_and_its_parent_is_named),
        STAGE_TEST(a_parent_is_refused_and_its_children_are_named),
        STAGE_TEST(a_child_is_like_any_other_table),
    };

    cluster_start();
    const int failed = cmocka_run_group_tests_name("destination_postgres_shape", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
