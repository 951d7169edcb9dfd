/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination's tables in a publication, as Supabase's Realtime makes one. */
#include "load/postgres/client.h"

#include "base/mem.h"
#include "tests/support/destination_postgres.h"

#include <stdlib.h>
#include <string.h>

#define IDENTITY "SELECT relreplident FROM pg_class WHERE oid = 'visits'::regclass"
#define COLUMNS                                                                                    \
    "\"UC / MD\" text, \"STATUS\" text, \"DATA_EXECUCAO\" date, \"HORA\" time,"                    \
    " \"DATA_EXTRACAO\" timestamp, \"SAY \"\"HI\"\"\" text"

static const char *const publications[] = {
    "CREATE PUBLICATION p FOR TABLE visits",
    "CREATE PUBLICATION p FOR ALL TABLES",
    "CREATE PUBLICATION p FOR TABLES IN SCHEMA public",
    "CREATE PUBLICATION p FOR TABLE visits WHERE (\"STATUS\" = 'OPEN')",
};

static int end(void **state)
{
    cluster_run("DROP PUBLICATION IF EXISTS p");
    return stage_end(state);
}
#define PUBLISHED_TEST(f) cmocka_unit_test_setup_teardown(f, stage_start, end)

/* Does what a run does after its tables exist. */
static void a_run_works(struct stage *stage)
{
    const struct lease lease = {.run_id = "run-1", .holder = "test", .seconds = 60};

    stage_succeeded(stage, destination_take_lease(stage->dest, &lease, &stage->err));
    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
    stage_succeeded(stage,
                    destination_end_run(stage->dest, &fixture_run, 0, 1772370000, &stage->err));
    destination_release_lease(stage->dest);
}

static void a_table_that_is_published_later_goes_on_being_written(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < COUNT(publications); i++) {
        stage_open(stage, stage->url);
        stage_load_old(stage);
        stage_expect(IDENTITY, "f");
        cluster_run(publications[i]);
        a_run_works(stage);
        cluster_run("DROP PUBLICATION p");
        destination_close(stage->dest);
        stage->dest = NULL;
        cluster_reset();
    }
}

static void a_table_that_is_made_where_all_are_published_is_written(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE PUBLICATION p FOR ALL TABLES");
    stage_open(stage, stage->url);
    stage_load_old(stage);
    a_run_works(stage);
}

/* Makes the table as an older etl-sigos did. */
static void a_table_of_an_older_program_gets_its_identity_when_it_is_published(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < COUNT(publications); i++) {
        stage_open(stage, stage->url);
        stage_load_old(stage);
        cluster_run("ALTER TABLE visits REPLICA IDENTITY DEFAULT");
        stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
        stage_expect(IDENTITY, "d"); /* an unpublished table needs no replica identity */
        cluster_run(publications[i]);
        stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
        stage_expect(IDENTITY, "f");
        a_run_works(stage);
        cluster_run("DROP PUBLICATION p");
        destination_close(stage->dest);
        stage->dest = NULL;
        cluster_reset();
    }
}

static void a_table_that_sends_inserts_only_needs_no_identity(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("ALTER TABLE visits REPLICA IDENTITY DEFAULT;"
                "CREATE PUBLICATION p FOR TABLE visits WITH (publish = 'insert')");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(IDENTITY, "d");
    a_run_works(stage);
}

static void an_adopted_table_gets_an_identity_unless_it_has_one(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE TABLE visits (" COLUMNS ");"
                "INSERT INTO visits VALUES ('1', 'OLD', '2026-03-02')");
    stage_open(stage, stage->url);
    stage_expect(IDENTITY, "f");
    cluster_run("CREATE PUBLICATION p FOR TABLE visits");
    stage_load_old(stage); /* deletes the other program's row */
    a_run_works(stage);
    cluster_run("DROP TABLE visits;"
                "CREATE TABLE visits (" COLUMNS ", id serial PRIMARY KEY)");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect(IDENTITY, "d");
}

static void partitions_get_theirs(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE TABLE visits (" COLUMNS ", _row_key uuid NOT NULL, _row_hash uuid NOT NULL)"
                " PARTITION BY RANGE (\"DATA_EXECUCAO\");"
                "CREATE TABLE visits_0 PARTITION OF visits DEFAULT;"
                "CREATE PUBLICATION p FOR TABLE visits");
    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("CREATE TABLE visits_1 PARTITION OF visits"
                " FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')");
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_expect("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'visits%'"
                 " AND relreplident = 'f'",
                 "2");
    a_run_works(stage);
}

/* Errors that name what a person must mend */

static void a_failure_names_the_statement_that_mends_it(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("ALTER TABLE visits REPLICA IDENTITY NOTHING; CREATE PUBLICATION p FOR ALL TABLES");
    assert_false(stage_load_new(stage)); /* the table was published during the run */
    stage_failed(&stage->err, ERROR_DATABASE, false, "ALTER TABLE visits REPLICA IDENTITY FULL;");
    cluster_run("ALTER TABLE visits REPLICA IDENTITY FULL");
    stage_recovers(stage);
}

static void a_publication_of_some_columns_is_named_and_how_to_mend_it(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("CREATE PUBLICATION p FOR TABLE visits (\"STATUS\")");
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false, "ALTER PUBLICATION p DROP TABLE visits;");
    cluster_run("ALTER PUBLICATION p DROP TABLE visits; ALTER PUBLICATION p ADD TABLE visits");
    stage_recovers(stage);
}

static void a_filter_that_a_primary_key_does_not_serve_is_named_and_how_to_mend_it(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE TABLE visits (" COLUMNS ", id serial PRIMARY KEY)");
    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("CREATE PUBLICATION p FOR TABLE visits WHERE (\"STATUS\" = 'OPEN')");
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false, "ALTER TABLE visits REPLICA IDENTITY FULL;");
    cluster_run("ALTER TABLE visits REPLICA IDENTITY FULL");
    stage_recovers(stage);
}

static void our_own_tables_are_told_of_too(void **state)
{
    const struct lease lease = {.run_id = "run-1", .holder = "test", .seconds = 60};
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("ALTER TABLE etl_lease REPLICA IDENTITY NOTHING;"
                "CREATE PUBLICATION p FOR ALL TABLES");
    assert_false(destination_take_lease(stage->dest, &lease, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "ALTER TABLE ... REPLICA IDENTITY FULL");
}

struct advice {
    size_t count;
    char text[1024];
};

static bool keep_advice(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct advice *advice = arg;

    (void)count;
    (void)err;
    const struct cell mend = cells[1];
    if (strstr(mend.text, "ROW LEVEL SECURITY"))
        return true;
    assert_in_range(mend.len, 1, sizeof(advice->text) - 1);
    memcpy(advice->text, mend.text, mend.len + 1);
    advice->count++;
    return true;
}

static void who_does_not_own_the_table_is_told_who_does(void **state)
{
    struct stage *stage = *state;
    struct advice advice = {0};
    MEM_FREE_TEXT char *url =
        mem_format("postgres://clerk:clerk@localhost:%d/" CLUSTER_DATABASE "?sslrootcert=%s",
                   cluster.port, cluster.root);

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("ALTER TABLE visits REPLICA IDENTITY DEFAULT;"
                "DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'clerk';"
                "GRANT USAGE ON SCHEMA public TO clerk;"
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk;"
                "CREATE PUBLICATION p FOR TABLES IN SCHEMA public");
    stage_reopen(stage, url);
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_succeeded(stage, destination_advise(stage->dest, keep_advice, &advice, &stage->err));
    assert_int_equal(advice.count, 1);
    assert_string_equal(advice.text, "ALTER TABLE visits REPLICA IDENTITY FULL; -- as etl, who owns"
                                     " it: clerk may not");
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false, advice.text);
    destination_close(stage->dest);
    stage->dest = NULL;
    cluster_run("DROP OWNED BY clerk; DROP ROLE clerk");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PUBLISHED_TEST(a_table_that_is_published_later_goes_on_being_written),
        PUBLISHED_TEST(a_table_that_is_made_where_all_are_published_is_written),
        PUBLISHED_TEST(a_table_of_an_older_program_gets_its_identity_when_it_is_published),
        PUBLISHED_TEST(a_table_that_sends_inserts_only_needs_no_identity),
        PUBLISHED_TEST(an_adopted_table_gets_an_identity_unless_it_has_one),
        PUBLISHED_TEST(partitions_get_theirs),
        PUBLISHED_TEST(a_failure_names_the_statement_that_mends_it),
        PUBLISHED_TEST(a_publication_of_some_columns_is_named_and_how_to_mend_it),
        PUBLISHED_TEST(a_filter_that_a_primary_key_does_not_serve_is_named_and_how_to_mend_it),
        PUBLISHED_TEST(our_own_tables_are_told_of_too),
        PUBLISHED_TEST(who_does_not_own_the_table_is_told_who_does),
    };

    cluster_start();
    const int failed =
        cmocka_run_group_tests_name("destination_postgres_published", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
