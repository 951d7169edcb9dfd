/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination while another session locks its tables: no reader waits behind a
 * change of columns or indexes, and the error names the blocking session. */
#include "load/postgres/client.h"

#include "base/mem.h"
#include "run/schema_drift.h"
#include "tests/support/destination_postgres.h"
#include "load/destination_open.h"

#include <stdlib.h>
#include <string.h>

enum { MOMENT_MS = 300 };

static const struct retry_policy at_once = {.tries = 2, .first_ms = 1, .factor = 1, .max_ms = 1};

static PGconn *holder;

static void let_go(void)
{
    PQfinish(holder);
    holder = NULL;
}

static int end(void **state)
{
    let_go();
    cluster_run("DROP PUBLICATION IF EXISTS p");
    return stage_end(state);
}
#define LOCK_TEST(f) cmocka_unit_test_setup_teardown(f, stage_start, end)

/* Opens a session that runs `sql` and leaves its transaction open, as a dashboard may. */
static void hold(const char *sql)
{
    MEM_FREE_TEXT char *url =
        mem_format("host=%s port=%d user=%s dbname=%s application_name=dashboard", cluster.folder,
                   cluster.port, CLUSTER_USER, CLUSTER_DATABASE);
    MEM_FREE_TEXT char *begin = mem_format("BEGIN; %s", sql);
    holder = PQconnectdb(url);
    PGresult *res = PQexec(holder, begin);

    if (PQresultStatus(res) != PGRES_TUPLES_OK && PQresultStatus(res) != PGRES_COMMAND_OK)
        fail_msg("%s", PQerrorMessage(holder));
    PQclear(res);
}

/* Asserts the failure of a statement that began at that time. */
static void expect_soon_and_named(const struct error *err, int64_t began)
{
    MEM_FREE_TEXT char *who = mem_format("process %d (dashboard, user " CLUSTER_USER ", idle in "
                                         "transaction) holds a lock on it: SELECT "
                                         "pg_terminate_backend(%d) ends it",
                                         PQbackendPID(holder), PQbackendPID(holder));

    stage_failed(err, ERROR_DATABASE, true, who);
    /* Much less than the 30 s of waiting for a writer. */
    assert_true(clock_ms() - began < 10 * 1000);
}

static bool add_column(struct stage *stage, bool *added)
{
    return destination_add_column(stage->dest, &fixture_report, "NOVA", &fixture_run, added,
                                  &stage->err);
}

static void a_new_column_waits_for_a_reader_only_for_a_moment(void **state)
{
    struct stage *stage = *state;
    bool added = false;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    hold("SELECT * FROM visits");
    const int64_t before = clock_ms();
    assert_false(add_column(stage, &added));
    assert_in_range(clock_ms() - before, 1000, 4000); /* autovacuum gives way after one second */
    expect_soon_and_named(&stage->err, before);
    /* No session waits. */
    stage_expect("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'"
                 " AND relation = 'visits'::regclass",
                 "0");
    let_go();
    stage_succeeded(stage, add_column(stage, &added));
    assert_true(added);
}

/* Asserts that a migration fails soon while another session holds a lock, and works later. */
static void expect_migration_waits_only_for_a_moment(struct stage *stage, const char *statement)
{
    postgres_of(stage->dest)->timeouts.reshape = MOMENT_MS;
    hold(statement);
    const int64_t before = clock_ms();
    assert_false(destination_migrate(stage->dest, &fixture_report, &stage->err));
    expect_soon_and_named(&stage->err, before);
    let_go();
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
}

static void an_adoption_waits_for_a_reader_only_for_a_moment(void **state)
{
    struct stage *stage = *state;

    cluster_run("CREATE TABLE visits (\"UC / MD\" text, \"STATUS\" text, \"DATA_EXECUCAO\" date,"
                " \"HORA\" time, \"DATA_EXTRACAO\" timestamp, \"SAY \"\"HI\"\"\" text)");
    stage_succeeded(stage, destination_open(stage->url, &stage->dest, &stage->err));
    expect_migration_waits_only_for_a_moment(stage, "SELECT * FROM visits");
}

static void a_lost_index_waits_for_a_writer_only_for_a_moment(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("DROP INDEX visits_window");
    expect_migration_waits_only_for_a_moment(stage, "DELETE FROM visits");
}

static void a_replica_identity_waits_for_a_reader_only_for_a_moment(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    cluster_run("ALTER TABLE visits REPLICA IDENTITY DEFAULT; CREATE PUBLICATION p FOR ALL TABLES");
    expect_migration_waits_only_for_a_moment(stage, "SELECT * FROM visits");
}

static void whose_process_may_not_be_seen_is_named_all_the_same(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *url =
        mem_format("postgres://clerk:clerk@localhost:%d/" CLUSTER_DATABASE "?sslrootcert=%s",
                   cluster.port, cluster.root);
    bool added = false;

    stage_open(stage, stage->url);
    cluster_run("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'clerk';"
                "GRANT USAGE ON SCHEMA public TO clerk; ALTER TABLE visits OWNER TO clerk;"
                "GRANT SELECT, INSERT ON etl_columns TO clerk");
    stage_reopen(stage, url);
    postgres_of(stage->dest)->timeouts.reshape = MOMENT_MS;
    hold("SELECT * FROM visits");
    assert_false(add_column(stage, &added));
    MEM_FREE_TEXT char *who = mem_format("process %d (dashboard", PQbackendPID(holder));
    stage_failed(&stage->err, ERROR_DATABASE, true, who);
    let_go();
    destination_close(stage->dest);
    stage->dest = NULL;
    cluster_run("REASSIGN OWNED BY clerk TO " CLUSTER_USER
                "; DROP OWNED BY clerk; DROP ROLE clerk");
}

static void a_window_is_not_lost_for_a_column_that_has_to_wait(void **state)
{
    struct stage *stage = *state;
    struct report report = fixture_report;
    struct report_summary summary = {0};
    struct schema_drift drift, later;
    bool wanted, grown;

    report.new_columns = NEW_COLUMNS_ADD;
    stage_open(stage, stage->url);
    postgres_of(stage->dest)->timeouts.reshape = MOMENT_MS;
    batch_note_unknown(&stage->work.batch, "a.csv", "NOVA");
    batch_note_unknown(&stage->work.batch, "a.csv", "OUTRA");
    hold("SELECT * FROM visits");
    schema_drift_init(&drift, &report, &summary);
    drift.retry = &at_once;
    stage_succeeded(stage, schema_drift_add(&drift, stage->dest, &fixture_run, &stage->work.batch,
                                            &grown, &stage->err));
    assert_false(grown);
    stage_succeeded(stage, schema_drift_judge(&drift, &stage->work.batch, &wanted, &stage->err));
    assert_false(wanted); /* no later window of this run waits for the lock */
    schema_drift_tell(&drift, &stage->work.batch);
    assert_int_equal(drift.grown.report.column_count, report.column_count);
    stage_load_old(stage);
    let_go();
    schema_drift_init(&later, &report, &summary);
    stage_succeeded(stage, schema_drift_add(&later, stage->dest, &fixture_run, &stage->work.batch,
                                            &grown, &stage->err));
    assert_true(grown);
    stage_expect("SELECT string_agg(name, ' ' ORDER BY name) FROM etl_columns", "NOVA OUTRA");
    schema_drift_done(&drift);
    schema_drift_done(&later);
    for (size_t i = 0; i < summary.column_count; i++)
        free(summary.columns[i]);
    free(summary.columns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOCK_TEST(a_new_column_waits_for_a_reader_only_for_a_moment),
        LOCK_TEST(an_adoption_waits_for_a_reader_only_for_a_moment),
        LOCK_TEST(a_lost_index_waits_for_a_writer_only_for_a_moment),
        LOCK_TEST(a_replica_identity_waits_for_a_reader_only_for_a_moment),
        LOCK_TEST(whose_process_may_not_be_seen_is_named_all_the_same),
        LOCK_TEST(a_window_is_not_lost_for_a_column_that_has_to_wait),
    };

    cluster_start();
    const int failed = cmocka_run_group_tests_name("destination_postgres_locks", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
