/* SPDX-License-Identifier: MIT */
/*
 * Checks what kind of relation a report's table is (table, view, partition, parent), and whether
 * rows can be kept in it.
 *
 * A table that is partitioned by the window's date is accepted: PostgreSQL makes a unique index
 * over all partitions only if the partition key is part of it. A table with children is refused: a
 * read of it includes the rows of the children, which its own index does not keep unique, and to
 * read without them would write again rows that a person has moved there. A table that inherits
 * from another is accepted.
 */
#include "load/postgres/shape.h"

#include "base/mem.h"
#include "load/postgres/sql.h"

/* Returns what is wrong with the table $1, whose window's date is the column $2, and what to do; or
 * NULL. */
static const char sql[] =
    "SELECT CASE"
    "  WHEN c.relkind = 'v' THEN 'is a view, no table'"
    "  WHEN c.relkind = 'm' THEN 'is a materialized view, no table'"
    "  WHEN c.relkind = 'f' THEN 'is a foreign table, which PostgreSQL cannot index'"
    "  WHEN c.relkind NOT IN ('r', 'p') THEN 'is there but no table'"
    "  WHEN c.relispartition THEN"
    "    format('is a partition of %s: PostgreSQL adds no columns to it alone; ALTER TABLE %s"
    " DETACH PARTITION %s makes it a table', i.parent, i.parent, c.oid::regclass)"
    "  WHEN c.relkind = 'r' AND h.child IS NOT NULL THEN"
    "    format('has tables that inherit from it (%s), and what it holds cannot be told from what"
    " they hold: ALTER TABLE %s NO INHERIT %s makes it a table of its own', h.children, h.child,"
    " c.oid::regclass)"
    "  WHEN k.definition IS NOT NULL THEN"
    "    format('is partitioned by %s, but PostgreSQL keeps rows unique over partitions only by the"
    " partition key, and the key that etl-sigos has is (%I, " COLUMN_ROW_KEY
    "): partition it by %I alone', k.definition, $2::text, $2::text)"
    "  WHEN f.partition IS NOT NULL THEN"
    "    format('has a partition that is a foreign table, %s, which PostgreSQL cannot index: detach"
    " it', f.partition)"
    "  END"
    "  FROM pg_class AS c,"
    " LATERAL (SELECT min(inhparent::regclass::text) FROM pg_inherits WHERE inhrelid = c.oid)"
    "   AS i (parent),"
    " LATERAL (SELECT min(inhrelid::regclass::text), string_agg(inhrelid::regclass::text, ', ')"
    "            FROM pg_inherits WHERE inhparent = c.oid) AS h (child, children),"
    " LATERAL (SELECT min(pg_get_partkeydef(p.partrelid)) FROM pg_partition_tree(c.oid) AS t"
    "            JOIN pg_partitioned_table AS p ON p.partrelid = t.relid"
    "           CROSS JOIN unnest(p.partattrs::int2[]) AS n (number)"
    "            LEFT JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = n.number"
    "           WHERE a.attname IS NULL OR a.attname NOT IN ($2, '" COLUMN_ROW_KEY "'))"
    "   AS k (definition),"
    " LATERAL (SELECT min(t.relid::text) FROM pg_partition_tree(c.oid) AS t"
    "            JOIN pg_class AS p ON p.oid = t.relid AND p.relkind = 'f') AS f (partition)"
    " WHERE c.oid = to_regclass($1)";

bool postgres_check_shape(struct postgres_destination *dest, const struct report *report,
                          struct error *err)
{
    static const char purpose[] = "look at a report's table";
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, table);
    parameter_text(&p, report->columns[report->window_date].name);
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, sql, &p, err);
    if (!res)
        return false;
    if (PQntuples(res) == 0 || PQgetisnull(res, 0, 0))
        return true;
    return postgres_report_error(
        dest, purpose, err,
        "%s %s; it was left as it is: mend that, rename it, or choose another "
        "schema",
        report->name, PQgetvalue(res, 0, 0));
}
