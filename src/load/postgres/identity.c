/* SPDX-License-Identifier: MIT */
/*
 * Finds and sets replica identities. PostgreSQL refuses to update and delete rows of a table whose
 * updates and deletes a publication sends, unless the table says how a subscriber finds the old
 * row. Supabase's Realtime is such a publication. The unique index of etl-sigos cannot be the
 * identity, because the window's date in it may be NULL; so the identity is FULL, the whole old
 * row.
 *
 * PostgreSQL writes the old row to its log (WAL) only if wal_level is logical, and only for rows
 * that are updated or deleted, which are few; otherwise FULL costs nothing. So a table gets it when
 * it is made or adopted, before it is published. An older table gets it once it is published,
 * because the change takes a lock. A primary key or an index that a person chose is left alone. The
 * etl_* tables have primary keys.
 */
#include "load/postgres/identity.h"

#include "base/mem.h"
#include "load/postgres/sql.h"

#include <stdlib.h>

/* Conditions on the table c (a row of pg_class) and the publication p. A partition is also
 * published by a publication of the table above it. */
#define SELF_AND_ABOVE                                                                             \
    "(SELECT c.oid UNION SELECT b.relid FROM pg_partition_ancestors(c.oid) AS b (relid))"
#define SENDS_CHANGES                                                                              \
    "(p.pubupdate OR p.pubdelete) AND (p.puballtables"                                             \
    " OR EXISTS (SELECT FROM pg_publication_rel AS r WHERE r.prpubid = p.oid"                      \
    "            AND r.prrelid IN " SELF_AND_ABOVE ")"                                             \
    " OR EXISTS (SELECT FROM pg_publication_namespace AS n JOIN pg_class AS s"                     \
    "            ON s.relnamespace = n.pnnspid WHERE n.pnpubid = p.oid"                            \
    "            AND s.oid IN " SELF_AND_ABOVE "))"
#define IS_PUBLISHED                                                                               \
    "c.relpersistence = 'p' AND EXISTS (SELECT FROM pg_publication AS p WHERE " SENDS_CHANGES ")"
#define HAS_NO_IDENTITY                                                                            \
    "c.relreplident <> 'f' AND NOT EXISTS (SELECT FROM pg_index AS i"                              \
    " WHERE i.indrelid = c.oid AND i.indisvalid AND ((c.relreplident = 'd' AND i.indisprimary)"    \
    "       OR (c.relreplident = 'i' AND i.indisreplident)))"
#define IS_OURS "pg_has_role(c.relowner, 'USAGE')"

/* The tables that hold the rows of the table $1: the table, or its partitions. */
#define HOLDS_ROWS_OF_1                                                                            \
    "c.relkind = 'r' AND (c.oid = to_regclass($1)"                                                 \
    " OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass($1)) AS t))"

/* Tables that etl-sigos writes, in the current schema. */
#define IS_WRITTEN                                                                                 \
    "c.relkind = 'r' AND c.relnamespace = to_regnamespace(quote_ident(current_schema()))"          \
    " AND (c.relname LIKE 'etl\\_%' OR EXISTS (SELECT FROM pg_attribute AS a"                      \
    "      WHERE a.attrelid = c.oid AND a.attname = '" COLUMN_ROW_KEY "'))"

#define BY_WHOM                                                                                    \
    "CASE WHEN " IS_OURS " THEN '' ELSE format(' -- as %s, who owns it: %s may not',"              \
    " c.relowner::regrole, current_user) END"

/* A publication of some columns must include the columns of the identity, which with FULL are
 * all. */
#define WRONG(tables)                                                                              \
    "SELECT format('%s is in a publication that sends updates and deletes, but has no replica"     \
    " identity to send them by: PostgreSQL refuses both', c.oid::regclass),"                       \
    "       format('ALTER TABLE %s REPLICA IDENTITY FULL;', c.oid::regclass) || " BY_WHOM          \
    "  FROM pg_class AS c WHERE " tables " AND " HAS_NO_IDENTITY " AND " IS_PUBLISHED              \
    " UNION ALL "                                                                                  \
    "SELECT format('the publication %I sends updates and deletes of some columns of %s only, "     \
    "which"                                                                                        \
    " PostgreSQL refuses', p.pubname, l.prrelid::regclass),"                                       \
    "       format('ALTER PUBLICATION %I DROP TABLE %s; ALTER PUBLICATION %I ADD TABLE %s;',"      \
    "              p.pubname, l.prrelid::regclass, p.pubname, l.prrelid::regclass)"                \
    "  FROM pg_class AS c JOIN pg_publication_rel AS l ON l.prrelid IN " SELF_AND_ABOVE            \
    "  JOIN pg_publication AS p ON p.oid = l.prpubid"                                              \
    " WHERE " tables " AND l.prattrs IS NOT NULL AND (p.pubupdate OR p.pubdelete)"                 \
    "   AND (c.relreplident = 'f' OR " HAS_NO_IDENTITY ")"

/* A publication's row filter may use columns that are not in a primary key. Only a failure tells
 * whether it does, so this is no advice. */
#define FILTERED(tables)                                                                           \
    "SELECT format('the publication %I filters rows by columns that are no part of the replica"    \
    " identity of %s', p.pubname, c.oid::regclass),"                                               \
    "       format('ALTER TABLE %s REPLICA IDENTITY FULL;', c.oid::regclass) || " BY_WHOM          \
    "  FROM pg_class AS c JOIN pg_publication_rel AS l ON l.prrelid IN " SELF_AND_ABOVE            \
    "  JOIN pg_publication AS p ON p.oid = l.prpubid"                                              \
    " WHERE " tables " AND l.prqual IS NOT NULL AND (p.pubupdate OR p.pubdelete)"                  \
    "   AND c.relreplident <> 'f'"

const char postgres_identity_wrong[] =
    WRONG(HOLDS_ROWS_OF_1) " UNION ALL " FILTERED(HOLDS_ROWS_OF_1);
const char postgres_identity_advice[] = WRONG(IS_WRITTEN);

static PGresult *query_about_table(struct postgres_destination *dest, const struct report *report,
                                   const char *sql, struct error *err)
{
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, table);
    return postgres_query(dest, "look for a replica identity", sql, &p, err);
}

bool postgres_lacks_identity(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err)
{
    RESULT_CLEAR PGresult *res =
        query_about_table(dest, report,
                          "SELECT FROM pg_class AS c WHERE " HOLDS_ROWS_OF_1 " AND " HAS_NO_IDENTITY
                          " AND " IS_OURS " AND " IS_PUBLISHED " LIMIT 1",
                          err);

    if (res)
        *out = PQntuples(res) > 0;
    return res != NULL;
}

bool postgres_give_identity(struct postgres_destination *dest, const struct report *report,
                            struct error *err)
{
    RESULT_CLEAR PGresult *res = query_about_table(
        dest, report,
        "SELECT string_agg(format('ALTER TABLE %s REPLICA IDENTITY FULL', c.oid::regclass), ';')"
        "  FROM pg_class AS c WHERE " HOLDS_ROWS_OF_1 " AND " HAS_NO_IDENTITY " AND " IS_OURS,
        err);

    if (!res)
        return false;
    return PQgetisnull(res, 0, 0) ||
           postgres_run(dest, "set a replica identity", PQgetvalue(res, 0, 0), err);
}
