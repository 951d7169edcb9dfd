/* SPDX-License-Identifier: MIT */
/*
 * Makes a report's table, checks it, or adopts it from another program.
 *
 * A table that another program made and filled is adopted: it gets the technical columns, empty.
 * (The Python program's tables have the same columns without these.) Its rows are legacy rows until
 * the first complete window of their day replaces them, in that window's transaction, so that no
 * reader sees the day empty. The guard counts legacy rows (plan.h), so that a bad export cannot
 * empty a day by adoption either. Legacy rows without a date belong to no window: at the end of a
 * full cycle they get a random key, which no export has, and are decided like other undated rows.
 * So a day equals the portal after its first complete window, and the table after the first full
 * cycle.
 */
#include "load/postgres/table.h"

#include "base/mem.h"
#include "load/postgres/identity.h"
#include "load/postgres/index.h"
#include "load/postgres/sql.h"

#include <string.h>

/*
 * Returns what is wrong with the table $1, whose window's date is the column $2, and what to do; or
 * NULL.
 *
 * A table that is partitioned by the window's date is accepted: PostgreSQL makes a unique index
 * over all partitions only if the partition key is part of it. A table with children is refused: a
 * read of it includes the rows of the children, which its own index does not keep unique, and to
 * read without them would write again rows that a person has moved there. A table that inherits
 * from another is accepted.
 */
static const char what_is_wrong[] =
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

/* Refuses a table in which rows cannot be kept: a view, a foreign table, a partition, a parent of
 * other tables, a table that is partitioned by other columns than the window's date. ERROR_DATABASE
 * names it and says what to do. True if there is no table. */
static bool check_shape(struct postgres_destination *dest, const struct report *report,
                        struct error *err)
{
    static const char purpose[] = "look at a report's table";
    MEM_FREE_TEXT char *table = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, table);
    parameter_text(&p, report->columns[report->window_date].name);
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, what_is_wrong, &p, err);
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

static const char examine_purpose[] = "look at a report's table";

/* What the table has of the columns and indexes that are needed. */
struct findings {
    bool exists;
    bool has_key, has_hash, has_index;
    /* whether it is published without a replica identity: postgres/identity.c */
    bool lacks_identity;
    struct buf
        wrong; /* Columns that are missing or of another type; only the beginning of a long list. */
};

static PGresult *read_columns(struct postgres_destination *dest, const struct report *report,
                              struct error *err)
{
    MEM_FREE_TEXT char *name = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, name);
    return postgres_query(dest, examine_purpose,
                          "SELECT a.attname, format_type(a.atttypid, NULL)"
                          "  FROM pg_class AS c"
                          "  LEFT JOIN pg_attribute AS a"
                          "    ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                          " WHERE c.oid = to_regclass($1)",
                          &p, err);
}

/* Returns the type of a column, or NULL if there is no such column. */
static const char *type_of(const PGresult *columns, const char *name)
{
    for (int row = 0; row < PQntuples(columns); row++)
        if (strcmp(PQgetvalue(columns, row, 0), name) == 0)
            return PQgetvalue(columns, row, 1);
    return NULL;
}

static bool type_fits(enum column_type type, const char *found)
{
    static const char *const names[] = {
        [COLUMN_TEXT] = "text",
        [COLUMN_DATE] = "date",
        [COLUMN_TIME] = "time without time zone",
        [COLUMN_TIMESTAMP] = "timestamp without time zone",
    };

    return strcmp(found, names[type]) == 0 ||
           (type == COLUMN_TEXT && strcmp(found, "character varying") == 0);
}

static void note_wrong(struct buf *wrong, const char *name, const char *found)
{
    buf_addf(wrong, "%s\"%s\"", wrong->len ? ", " : "", name);
    if (found)
        buf_addf(wrong, " (is %s)", found);
}

/* Whether the technical column is there; adds it to out->wrong if it is of another type. */
static bool find_hash(struct findings *out, const PGresult *columns, const char *name)
{
    const char *type = type_of(columns, name);

    if (type && strcmp(type, "uuid") != 0)
        note_wrong(&out->wrong, name, type);
    return type != NULL;
}

static bool examine_columns(struct postgres_destination *dest, const struct report *report,
                            struct findings *out, struct error *err)
{
    RESULT_CLEAR PGresult *columns = read_columns(dest, report, err);

    if (!columns)
        return false;
    out->exists = PQntuples(columns) > 0;
    if (!out->exists)
        return true;
    for (size_t i = 0; i < report->column_count; i++) {
        const char *type = type_of(columns, report->columns[i].name);
        if (!type || !type_fits(report->columns[i].type, type))
            note_wrong(&out->wrong, report->columns[i].name, type);
    }
    out->has_key = find_hash(out, columns, COLUMN_ROW_KEY);
    out->has_hash = find_hash(out, columns, COLUMN_ROW_HASH);
    if (out->has_key != out->has_hash)
        note_wrong(&out->wrong, out->has_key ? COLUMN_ROW_HASH : COLUMN_ROW_KEY, NULL);
    return true;
}

static bool check_table(struct postgres_destination *dest, const struct report *report,
                        const struct findings *found, struct error *err)
{
    if (found->wrong.len)
        return postgres_report_error(
            dest, examine_purpose, err,
            "table %s is there, but these columns are missing or of another "
            "type: %s%s; it was left as it is: rename it, or choose another "
            "schema",
            report->name, buf_text(&found->wrong), found->wrong.full ? ", …" : "");
    return true;
}

static bool make_table(struct postgres_destination *dest, const struct report *report,
                       struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_create_table(report);

    return postgres_run(dest, "make a report's table", sql, err);
}

static bool adopt_table(struct postgres_destination *dest, const struct report *report,
                        struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_adopt_table(report);

    return postgres_run(dest, "adopt a report's table", sql, err) &&
           postgres_make_legacy_index(dest, report, err);
}

static bool examine(struct postgres_destination *dest, const struct report *report,
                    struct findings *out, struct error *err)
{
    struct findings found = {.wrong = BUF_INIT(512)};

    bool ok = check_shape(dest, report, err) && examine_columns(dest, report, &found, err) &&
              check_table(dest, report, &found, err) &&
              postgres_has_index(dest, report, &found.has_index, err) &&
              postgres_lacks_identity(dest, report, &found.lacks_identity, err);
    buf_done(&found.wrong);
    *out = found;
    return ok || error_context(err, "%s", report->name);
}

bool postgres_find_table(struct postgres_destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err)
{
    struct findings found;

    if (!examine(dest, report, &found, err))
        return false;
    *out = !found.exists   ? DESTINATION_EMPTY
           : found.has_key ? DESTINATION_READY
                           : DESTINATION_UNADOPTED;
    return true;
}

bool postgres_table_is_ready(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err)
{
    struct findings found;

    if (!examine(dest, report, &found, err))
        return false;
    *out = found.exists && found.has_key && found.has_index && !found.lacks_identity;
    return true;
}

bool postgres_migrate_table(struct postgres_destination *dest, const struct report *report,
                            struct error *err)
{
    struct findings found;

    if (!examine(dest, report, &found, err))
        return false;
    bool ok = found.exists ? found.has_key || adopt_table(dest, report, err)
                           : make_table(dest, report, err);
    const bool is_new = !found.exists || !found.has_key;
    ok = ok && (found.has_index || postgres_make_index(dest, report, err)) &&
         (!(is_new || found.lacks_identity) || postgres_give_identity(dest, report, err));
    return ok || error_context(err, "%s", report->name);
}
