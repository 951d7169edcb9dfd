/* SPDX-License-Identifier: MIT */
/* The contract's SQL in ClickHouse's words: a person who edits a table edits REPORT_rows there. */
#include "tests/support/destination_clickhouse.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/clickhouse/text.h"
#include "tests/support/clickhouse_server.h"

#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 64 * 1024 };

static char *url;
static size_t server_count; /* two are the shards of a cluster */

static const char *create(void)
{
    clickhouse_server_reset();
    url = clickhouse_server_cluster_url();
    return url;
}

static void remove_database(void)
{
    free(url);
    url = NULL;
}

/* What begins so is written so. `ends`: the statement ends there. What names visits_rows or kept is
 * for each shard. */
static const struct translation {
    const char *from, *to;
    bool ends, is_change;
    const char *where; /* added if the statement has no WHERE */
} translations[] = {
    {"UPDATE etl_lease SET token = token + 1",
     "INSERT INTO etl_lease_log (token, run, kind, holder, taken_at, seconds)"
     " SELECT token, run, 'release', '', '', 0 FROM etl_lease_log WHERE kind = 'claim'",
     true, false, NULL},
    {"UPDATE etl_lease SET expires_at = 1",
     "ALTER TABLE etl_lease_log UPDATE at = toDateTime(1), seconds = 0 WHERE 1", true, true, NULL},
    {"UPDATE visits SET", "ALTER TABLE visits_rows UPDATE", false, true, " WHERE 1"},
    {"DELETE FROM visits WHERE", "ALTER TABLE visits_rows DELETE WHERE", false, true, NULL},
    {"DELETE FROM visits", "TRUNCATE TABLE visits_rows", true, false, NULL},
    {"ALTER TABLE visits ADD COLUMN prioridade TEXT",
     "ALTER TABLE visits_rows ADD COLUMN prioridade Nullable(String)", true, false, NULL},
    {"ALTER TABLE visits ", "ALTER TABLE visits_rows ", false, false, NULL},
    {"DROP TABLE IF EXISTS kept", "DROP TABLE IF EXISTS kept /* of visits_rows */", true, false,
     NULL},
    {"CREATE TABLE kept AS SELECT * FROM visits",
     "CREATE TABLE kept ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM visits_rows", true,
     false, NULL},
    {"INSERT INTO visits SELECT * FROM kept", "INSERT INTO visits_rows SELECT * FROM kept", true,
     false, NULL},
};

/* An assignment does not make a date of a text by itself. */
static const char *const casts[][2] = {
    {"\"DATA_EXECUCAO\" = '", "\"DATA_EXECUCAO\" = toDate('"},
    {"\"DATA_EXTRACAO\" = '", "\"DATA_EXTRACAO\" = toDateTime('"}};

/* Returns how many bytes it has added of a text that must be a date. */
static size_t add_cast(struct buf *out, const char *sql)
{
    for (size_t i = 0; i < 2; i++) {
        const size_t len = strlen(casts[i][0]);
        if (strncmp(sql, casts[i][0], len) != 0)
            continue;
        const size_t text = strcspn(sql + len, "'") + 1;
        buf_addf(out, "%s%.*s%s)", casts[i][1], (int)text, sql + len, i ? ", 'UTC'" : "");
        return len + text;
    }
    return 0;
}

/* A quote within a name is doubled in SQL and escaped in ClickHouse. */
static void add_sql(struct buf *out, const char *sql, bool is_change)
{
    char open = '\0';

    for (; *sql; sql++) {
        const size_t cast = is_change && !open ? add_cast(out, sql) : 0;
        if (cast) {
            sql += cast - 1;
            continue;
        }
        if (open == '"' && sql[0] == '"' && sql[1] == '"') {
            buf_add_text(out, "\\\"");
            sql++;
            continue;
        }
        if (!open && (*sql == '"' || *sql == '\''))
            open = *sql;
        else if (open == *sql)
            open = '\0';
        buf_add_char(out, *sql);
    }
}

static const struct translation *find_translation(const char *sql)
{
    for (size_t i = 0; i < sizeof(translations) / sizeof(*translations); i++) {
        const size_t len = strlen(translations[i].from);
        if (strncmp(sql, translations[i].from, len) == 0 && !(translations[i].ends && sql[len]))
            return &translations[i];
    }
    return NULL;
}

/* Runs what a person does to the tables themselves, on each server that has them. */
static void edit(const struct translation *t, const char *sql)
{
    BUF_DONE struct buf text = BUF_INIT(SQL_MAX);
    const size_t servers = strstr(t->to, "visits_rows") ? server_count : 1;

    buf_add_text(&text, t->to);
    add_sql(&text, sql + strlen(t->from), t->is_change);
    if (t->where && !strstr(sql, " WHERE "))
        buf_add_text(&text, t->where);
    for (size_t i = 0; i < servers; i++)
        if (t->is_change)
            clickhouse_server_change_on(i, buf_text(&text));
        else
            free(clickhouse_server_query(i, buf_text(&text)));
}

static char *query(const char *sql)
{
    BUF_DONE struct buf text = BUF_INIT(SQL_MAX);
    const struct translation *t = find_translation(sql);
    struct cell cell;

    if (t) {
        edit(t, sql);
        return NULL;
    }
    add_sql(&text, sql, false);
    char *field = clickhouse_server_query(0, buf_text(&text));
    if (field)
        clickhouse_split(field, strlen(field), &cell, 1);
    return field;
}

/* The key is part of the table's order, which no statement changes; a date column holds dates. */
static bool can(const char *sql)
{
    static const char *const cannot[] = {"SET _row_key", "'12026-", " BC'", "'infinity'"};

    for (size_t i = 0; i < sizeof(cannot) / sizeof(*cannot); i++)
        if (strstr(sql, cannot[i]))
            return false;
    return true;
}

static struct contract_database contract = {
    .newer_schema = "INSERT INTO etl_migrations VALUES (999, 'of the future', '')",
    .slow = "SELECT count(*) FROM system.numbers",
    .many = "SELECT number + 1, concat('row ', toString(number + 1)) FROM system.numbers"
            " LIMIT 100000",
    .without_locks = true,
    .hides_columns = true,
    .can = can,
    .create = create,
    .query = query,
    .remove = remove_database,
};

const struct contract_database *clickhouse_contract(size_t servers)
{
    server_count = servers;
    contract.loses_reads = !clickhouse_server_is_modern();
    contract.first_day = date_from_civil(1970, 1, 2);
    contract.last_day = date_from_civil(2105, 12, 31);
    return &contract;
}
