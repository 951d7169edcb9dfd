/* SPDX-License-Identifier: MIT */
/* An empty database in the test's own cluster. */
#include "tests/support/destination_postgres.h"

#include "base/clock.h"
#include "base/mem.h"
#include "load/destination_open.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

static char *contract_url;

static const char *create(int port, const char *database)
{
    cluster_reset();
    contract_url = cluster_url(port, database);
    return contract_url;
}

static const char *create_direct(void)
{
    return create(cluster.port, CLUSTER_DATABASE);
}

static const char *create_session(void)
{
    return create(cluster.pooler_port, "session");
}

static const char *create_transaction(void)
{
    return create(cluster.pooler_port, "transaction");
}

static void remove_database(void)
{
    free(contract_url);
    contract_url = NULL;
}

#define NEWER_SCHEMA "INSERT INTO etl_migrations VALUES (999, 'of the future', now())"

const struct contract_database postgres_directly = {
    .newer_schema = NEWER_SCHEMA,
    .create = create_direct,
    .query = cluster_query,
    .remove = remove_database,
};

const struct contract_database postgres_pooled_sessions = {
    .newer_schema = NEWER_SCHEMA,
    .create = create_session,
    .query = cluster_query,
    .remove = remove_database,
};

const struct contract_database postgres_pooled_transactions = {
    .newer_schema = NEWER_SCHEMA,
    .create = create_transaction,
    .query = cluster_query,
    .remove = remove_database,
};

int stage_start(void **state)
{
    struct stage *stage = mem_alloc(sizeof(*stage));

    cluster_reset();
    stage->url = cluster_url(cluster.port, CLUSTER_DATABASE);
    work_init(&stage->work);
    *state = stage;
    return 0;
}

int stage_end(void **state)
{
    struct stage *stage = *state;

    work_done(&stage->work);
    destination_close(stage->dest);
    free(stage->url);
    free(stage);
    return 0;
}

void stage_succeeded(struct stage *stage, bool ok)
{
    if (!ok)
        fail_msg("%s", stage->err.message);
}

void stage_open(struct stage *stage, const char *url)
{
    stage->dest = fixture_open(url, &stage->err);
    stage_succeeded(stage, stage->dest != NULL);
    stage_succeeded(stage, destination_start_run(stage->dest, &fixture_run, &stage->err));
}

void stage_reopen(struct stage *stage, const char *url)
{
    destination_close(stage->dest);
    stage->dest = NULL;
    stage_succeeded(stage, destination_open(url, &stage->dest, &stage->err));
}

void stage_wait_until(const char *sql)
{
    const int64_t deadline = clock_ms() + 20 * 1000;

    for (;;) {
        MEM_FREE_TEXT char *found = cluster_query(sql);
        if (found && strcmp(found, "1") == 0)
            return;
        assert_true(clock_ms() < deadline);
        poll(NULL, 0, 5);
    }
}

void stage_expect(const char *sql, const char *expected)
{
    MEM_FREE_TEXT char *found = cluster_query(sql);

    if (!expected || !found) {
        assert_ptr_equal(found, expected);
        return;
    }
    assert_string_equal(found, expected);
}

void stage_failed(const struct error *err, enum error_kind kind, bool transient, const char *words)
{
    if (!strstr(err->message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, err->message);
    if (err->kind != kind || err->transient != transient)
        fail_msg("\"%s\" is %s and %s", err->message, error_kind_name(err->kind),
                 err->transient ? "transient" : "permanent");
}

void stage_load_old(struct stage *stage)
{
    stage_succeeded(stage, fixture_first_load(stage->dest, &stage->err));
    stage_expect_old();
}

bool stage_load_new(struct stage *stage)
{
    work_done(&stage->work);
    work_init(&stage->work);
    work_add(&stage->work, ROW_UPDATE, (struct line){"100", "CLOSED", 2, NULL, 1, 11});
    work_add_logged(&stage->work, (struct line){"400", "OPEN", 4, "07:07:07", 4, 40});
    work_remove(&stage->work, 2, 3);
    return fixture_load(stage->dest, fixture_window(1, 9), &stage->work, &stage->err);
}

static void expect_database(const char *rows, const char *changes, const char *windows)
{
    stage_expect(
        "SELECT string_agg(\"UC / MD\" || \"STATUS\", ' ' ORDER BY \"UC / MD\") FROM visits", rows);
    stage_expect("SELECT string_agg(op, ' ' ORDER BY op) FROM etl_changes", changes);
    stage_expect("SELECT count(*) FROM etl_windows", windows);
}

void stage_expect_old(void)
{
    expect_database("100OPEN 200OPEN 300OPEN", NULL, "1");
}

void stage_expect_new(void)
{
    expect_database("100CLOSED 300OPEN 400OPEN", "delete insert update", "2");
}

void stage_recovers(struct stage *stage)
{
    destination_rollback(stage->dest);
    stage_expect_old();
    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
}

void stage_end_connections(void)
{
    cluster_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'etl-sigos'");
}

void stage_arm(enum stage_moment moment, const char *action)
{
    MEM_FREE_TEXT char *sql =
        mem_format("CREATE FUNCTION mischief() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                   " IF NEW.\"UC / MD\" = '400' THEN PERFORM %s; END IF; RETURN NEW; END $$;"
                   "CREATE %s ON visits %s FOR EACH ROW EXECUTE FUNCTION mischief()",
                   action,
                   moment == AT_INSERT ? "TRIGGER mischief BEFORE INSERT"
                                       : "CONSTRAINT TRIGGER mischief AFTER INSERT",
                   moment == AT_INSERT ? "" : "DEFERRABLE INITIALLY DEFERRED");

    cluster_run(sql);
}

void stage_disarm(void)
{
    cluster_run("DROP FUNCTION mischief CASCADE");
}
