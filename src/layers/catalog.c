/* SPDX-License-Identifier: MIT */
/* Reads and writes what the database has of the layers. */
#include "layers/catalog.h"

#include "base/mem.h"
#include "load/migration.h"
#include "load/sql_text.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

MIGRATION_EMBED(layer_etl_camadas, "sql/layers/etl_camadas.sql");
MIGRATION_EMBED(layer_clickhouse_etl_camadas, "sql/layers/clickhouse/etl_camadas.sql");

enum { SQL_MAX = 16 * 1024 };

static bool take_true(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)cells;
    (void)count;
    (void)err;
    *(bool *)arg = true;
    return true;
}

bool catalog_exists(struct destination *dest, bool *out, struct error *err)
{
    static const char *const sql[] = {
        [DIALECT_POSTGRES] = "SELECT 1 FROM pg_class WHERE oid = to_regclass('etl_camadas')",
        [DIALECT_SQLITE] = "SELECT 1 FROM sqlite_master WHERE name = 'etl_camadas'",
        [DIALECT_CLICKHOUSE] = ("SELECT 1 FROM system.tables WHERE database = currentDatabase()"
                                " AND name = 'etl_camadas'"),
    };

    *out = false;
    return destination_query(dest, sql[dest->ops->dialect], take_true, out, err);
}

static bool take_entry(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct catalog *catalog = arg;

    (void)count;
    (void)err;
    catalog->entries = mem_grow(catalog->entries, catalog->count + 1, sizeof(*catalog->entries));
    struct catalog_entry *entry = &catalog->entries[catalog->count++];
    entry->name = mem_copy_n(cells[0].text, cells[0].len);
    snprintf(entry->sha256, sizeof(entry->sha256), "%.*s", (int)cells[1].len, cells[1].text);
    return true;
}

bool catalog_read(struct destination *dest, struct catalog *out, struct error *err)
{
    bool there;

    if (!catalog_exists(dest, &there, err))
        return false;
    if (!there)
        return destination_execute(dest, "etl_camadas",
                                   dest->ops->dialect == DIALECT_CLICKHOUSE
                                       ? layer_clickhouse_etl_camadas
                                       : layer_etl_camadas,
                                   err);
    return destination_query(dest, "SELECT nome, sha256 FROM etl_camadas", take_entry, out, err);
}

void catalog_done(struct catalog *catalog)
{
    for (size_t i = 0; i < catalog->count; i++)
        free(catalog->entries[i].name);
    free(catalog->entries);
    *catalog = (struct catalog){0};
}

const char *catalog_sha256(const struct catalog *catalog, const char *name)
{
    for (size_t i = 0; i < catalog->count; i++)
        if (strcmp(catalog->entries[i].name, name) == 0)
            return catalog->entries[i].sha256;
    return NULL;
}

void catalog_hash(const char *text, char out[CATALOG_SHA256_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;

    EVP_Digest(text, strlen(text), digest, &size, EVP_sha256(), NULL);
    for (unsigned int i = 0; i < size && i < 32; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
}

/* Appends to the log behind the view etl_camadas; '' says that a layer is gone. Only the holder of
 * the lease writes, so the next number is its own. */
static bool append(struct destination *dest, const char *name, const char *sha256,
                   struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_addf(&sql,
             "INSERT INTO etl_camadas_log (n, nome, sha256)"
             " SELECT (SELECT max(n) FROM etl_camadas_log) + 1, '%s', '%s' FROM system.one",
             name, sha256);
    return destination_execute(dest, "note a layer", buf_text(&sql), err);
}

bool catalog_note(struct destination *dest, const char *name, const char *text, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    char sha256[CATALOG_SHA256_SIZE];

    catalog_hash(text, sha256);
    if (dest->ops->dialect == DIALECT_CLICKHOUSE)
        return append(dest, name, sha256, err);
    buf_add_text(&sql, "INSERT INTO etl_camadas (nome, sha256) VALUES (");
    sql_add_literal(&sql, name);
    buf_addf(&sql, ", '%s') ON CONFLICT (nome) DO UPDATE SET sha256 = excluded.sha256", sha256);
    return destination_execute(dest, "note a layer", buf_text(&sql), err);
}

bool catalog_forget(struct destination *dest, const char *name, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    if (dest->ops->dialect == DIALECT_CLICKHOUSE)
        return append(dest, name, "", err);
    buf_add_text(&sql, "DELETE FROM etl_camadas WHERE nome = ");
    sql_add_literal(&sql, name);
    return destination_execute(dest, "forget a layer", buf_text(&sql), err);
}

static bool take_name(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct dependents *dependents = arg;

    (void)count;
    (void)err;
    dependents->names =
        mem_grow(dependents->names, dependents->count + 1, sizeof(*dependents->names));
    dependents->names[dependents->count++] = mem_copy_n(cells[0].text, cells[0].len);
    return true;
}

/* Names of other schemas are shown with them: they are nobody's of ours. */
static const char dependents_sql[] =
    "SELECT DISTINCT CASE WHEN pg_table_is_visible(r.ev_class) THEN c.relname::text"
    "                     ELSE r.ev_class::regclass::text END"
    "  FROM pg_depend AS d"
    "  JOIN pg_rewrite AS r ON r.oid = d.objid"
    "  JOIN pg_class AS c ON c.oid = r.ev_class"
    " WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass"
    "   AND d.refobjid = to_regclass($1) AND r.ev_class <> d.refobjid";

bool catalog_dependents(struct destination *dest, const char *name, struct dependents *out,
                        struct error *err)
{
    return dest->ops->dialect != DIALECT_POSTGRES ||
           destination_query_values(dest, dependents_sql, &name, 1, take_name, out, err);
}

void dependents_done(struct dependents *dependents)
{
    for (size_t i = 0; i < dependents->count; i++)
        free(dependents->names[i]);
    free(dependents->names);
    *dependents = (struct dependents){0};
}
