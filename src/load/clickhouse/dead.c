/* SPDX-License-Identifier: MIT */
/* Writes the statements about the list of what a compaction removes. */
#include "load/clickhouse/dead.h"

#include "base/buf.h"
#include "base/mem.h"
#include "load/clickhouse/text.h"

#include <inttypes.h>

enum { SQL_MAX = 64 * 1024 };

static const char *global(struct clickhouse_site site)
{
    return site.cluster ? "GLOBAL " : "";
}

/* The writer's tables: nobody commits beside a compaction. */
static char *rows_name(const struct report *report, struct clickhouse_site site)
{
    return mem_format("`%s%s`", report->name, site.cluster ? "_all" : "_rows");
}

static char *list_name(const struct report *report, struct clickhouse_site site)
{
    struct buf name = BUF_INIT(SQL_MAX);

    clickhouse_add_name(&name, site.database);
    buf_addf(&name, ".`%s%s`", report->name, site.cluster ? "_dead_all" : "_dead");
    return buf_detach(&name);
}

char *clickhouse_dead_set(const struct report *report, struct clickhouse_site site)
{
    MEM_FREE_TEXT char *list = list_name(report, site);

    return mem_format("(SELECT _id FROM %s)", list);
}

/* --- the tables ------------------------------------------------------------------------------ */

char *clickhouse_dead_table(const struct report *report, struct clickhouse_site site)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_addf(&sql, "CREATE TABLE IF NOT EXISTS `%s_dead`", report->name);
    clickhouse_add_on_cluster(&sql, site);
    buf_add_text(&sql, " (_id UInt64) ENGINE = MergeTree ORDER BY _id");
    return buf_detach(&sql);
}

char *clickhouse_dead_all(const struct report *report, struct clickhouse_site site)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    if (!site.cluster)
        return NULL;
    buf_addf(&sql, "CREATE TABLE IF NOT EXISTS `%s_dead_all`", report->name);
    clickhouse_add_on_cluster(&sql, site);
    buf_add_text(&sql, " (_id UInt64) ENGINE = Distributed(");
    clickhouse_add_literal(&sql, site.cluster);
    buf_add_text(&sql, ", ");
    clickhouse_add_literal(&sql, site.database);
    buf_addf(&sql, ", '%s_dead', cityHash64(_id))", report->name);
    return buf_detach(&sql);
}

char *clickhouse_dead_drop(const struct report *report, struct clickhouse_site site,
                           const char *suffix)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_addf(&sql, "DROP TABLE IF EXISTS `%s%s`", report->name, suffix);
    clickhouse_add_on_cluster(&sql, site);
    return buf_detach(&sql);
}

/* --- filling the list ------------------------------------------------------------------------ */

char *clickhouse_dead_add_ended(const struct report *report, struct clickhouse_site site,
                                uint64_t upto)
{
    MEM_FREE_TEXT char *list = list_name(report, site);

    return mem_format(
        "INSERT INTO %s (_id) SELECT n FROM `%s_marks` WHERE n >= " CLICKHOUSE_FIRST_ID
        " AND tx IN (SELECT tx FROM etl_ledger WHERE seq <= %" PRIu64
        " AND status = 'loaded' AND tx NOT IN (SELECT tx FROM etl_void))",
        list, report->name, upto);
}

char *clickhouse_dead_add_void(const struct report *report, struct clickhouse_site site)
{
    MEM_FREE_TEXT char *list = list_name(report, site);

    return mem_format("INSERT INTO %s (_id) SELECT tx FROM etl_void", list);
}

char *clickhouse_dead_add_left(const struct report *report, struct clickhouse_site site)
{
    MEM_FREE_TEXT char *list = list_name(report, site);
    MEM_FREE_TEXT char *rows = rows_name(report, site);

    return mem_format("INSERT INTO %s (_id) SELECT _id FROM %s WHERE bitShiftRight(_id, %d) %sIN"
                      " (SELECT _id FROM %s WHERE _id < " CLICKHOUSE_FIRST_ID ")",
                      list, rows, CLICKHOUSE_ROW_BITS, global(site), list);
}

/* A row that a window has marked and whose own window was taken back is listed twice. */
char *clickhouse_dead_count(const struct report *report, struct clickhouse_site site, uint64_t n,
                            uint64_t upto)
{
    MEM_FREE_TEXT char *list = list_name(report, site);
    MEM_FREE_TEXT char *dead = clickhouse_dead_set(report, site);

    return mem_format("INSERT INTO etl_compactions_log (n, report, kind, upto, tx, rows, marks)"
                      " SELECT toUInt64(%" PRIu64 "), '%s', 'counts', toUInt64(%" PRIu64
                      "), tx, sum(rows), sum(marks) FROM"
                      " (SELECT bitShiftRight(_id, %d) AS tx, uniqExact(_id) AS rows, toUInt64(0) "
                      "AS marks FROM %s"
                      " WHERE _id >= " CLICKHOUSE_FIRST_ID " GROUP BY tx UNION ALL"
                      " SELECT tx, toUInt64(0) AS rows, toUInt64(count()) AS marks FROM `%s_marks`"
                      " WHERE n IN %s OR tx IN %s GROUP BY tx) GROUP BY tx",
                      n, report->name, upto, CLICKHOUSE_ROW_BITS, list, report->name, dead, dead);
}

char *clickhouse_dead_lacking(const struct report *report, struct clickhouse_site site, uint64_t n)
{
    MEM_FREE_TEXT char *list = list_name(report, site);

    return mem_format(
        "SELECT count() FROM (SELECT tx, sum(noted) AS noted_rows, sum(listed) AS listed_rows FROM"
        " (SELECT tx, rows AS noted, toUInt64(0) AS listed FROM etl_compactions_log WHERE n = "
        "%" PRIu64 " AND kind = 'counts' UNION ALL"
        " SELECT bitShiftRight(_id, %d) AS tx, toUInt64(0) AS noted, uniqExact(_id) AS listed"
        " FROM %s WHERE _id >= " CLICKHOUSE_FIRST_ID " GROUP BY tx)"
        " WHERE tx NOT IN (SELECT tx FROM etl_void) GROUP BY tx) WHERE listed_rows < noted_rows",
        n, CLICKHOUSE_ROW_BITS, list);
}

/* --- removing -------------------------------------------------------------------------------- */

/* The table of what remains, and what is looked up in the list. */
static const struct {
    const char *suffix; /* of the report's name; NULL: etl_changes_log */
    const char *columns[2];
} remains[REMAINS_COUNT] = {
    [REMAINS_ROWS] = {"_rows", {"_id", NULL}},
    [REMAINS_MARKS] = {"_marks", {"n", "tx"}},
    [REMAINS_CHANGES] = {NULL, {"tx", NULL}},
};

static char *remains_name(const struct report *report, enum clickhouse_remains what)
{
    return remains[what].suffix ? mem_format("%s%s", report->name, remains[what].suffix)
                                : mem_copy("etl_changes_log");
}

static void add_listed(struct buf *sql, const struct report *report, struct clickhouse_site site,
                       enum clickhouse_remains what, const char *in)
{
    MEM_FREE_TEXT char *dead = clickhouse_dead_set(report, site);

    buf_add_text(sql, " WHERE ");
    for (int i = 0; i < 2 && remains[what].columns[i]; i++)
        buf_addf(sql, "%s%s %s %s", i ? " OR " : "", remains[what].columns[i], in, dead);
}

char *clickhouse_dead_remains(const struct report *report, struct clickhouse_site site,
                              enum clickhouse_remains what)
{
    struct buf sql = BUF_INIT(SQL_MAX);
    MEM_FREE_TEXT char *name =
        what == REMAINS_ROWS ? rows_name(report, site) : remains_name(report, what);

    buf_addf(&sql, "SELECT count() FROM %s", name);
    add_listed(&sql, report, site, what, site.cluster && what == REMAINS_ROWS ? "GLOBAL IN" : "IN");
    return buf_detach(&sql);
}

char *clickhouse_dead_remove(const struct report *report, struct clickhouse_site site,
                             enum clickhouse_remains what)
{
    struct buf sql = BUF_INIT(SQL_MAX);
    MEM_FREE_TEXT char *name = remains_name(report, what);

    buf_addf(&sql, "ALTER TABLE `%s`", name);
    if (what == REMAINS_ROWS)
        clickhouse_add_on_cluster(&sql, site);
    buf_add_text(&sql, " DELETE");
    add_listed(&sql, report, site, what, "IN");
    return buf_detach(&sql);
}

char *clickhouse_dead_pending(const struct report *report, enum clickhouse_remains what)
{
    MEM_FREE_TEXT char *name = remains_name(report, what);

    return mem_format("SELECT count() FROM system.mutations WHERE database = currentDatabase()"
                      " AND table = '%s' AND NOT is_done",
                      name);
}

/* --- looking --------------------------------------------------------------------------------- */

char *clickhouse_dead_expected(const struct report *report, struct clickhouse_site site)
{
    MEM_FREE_TEXT char *rows = rows_name(report, site);

    return mem_format("SELECT sum(c) FROM (SELECT count() AS c FROM `%s_marks`"
                      " WHERE n >= " CLICKHOUSE_FIRST_ID " UNION ALL SELECT count() AS c FROM %s"
                      " WHERE bitShiftRight(_id, %d) %sIN (SELECT tx FROM etl_void))",
                      report->name, rows, CLICKHOUSE_ROW_BITS, global(site));
}

char *clickhouse_dead_rows(const struct report *report, struct clickhouse_site site)
{
    MEM_FREE_TEXT char *rows = rows_name(report, site);

    return mem_format("SELECT count() FROM %s", rows);
}
