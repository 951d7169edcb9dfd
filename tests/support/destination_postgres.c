/* SPDX-License-Identifier: MIT */
/* An empty database in the test's own cluster. */
#include "tests/support/destination_postgres.h"

#include "base/mem.h"

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
    stage->dest = scene_open(url, &stage->err);
    stage_succeeded(stage, stage->dest != NULL);
    stage_succeeded(stage, destination_start_run(stage->dest, &scene_run, &stage->err));
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
