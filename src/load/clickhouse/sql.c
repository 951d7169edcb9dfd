/* SPDX-License-Identifier: MIT */
/* Writes the statements about a report's table. */
#include "load/clickhouse/sql.h"

#include "base/buf.h"
#include "base/mem.h"
#include "load/clickhouse/dead.h"
#include "load/clickhouse/text.h"
#include "load/destination_ops.h"

#include <inttypes.h>

enum { SQL_MAX = 1024 * 1024 };

/* Times and texts are texts: equal on all versions. */
const char *clickhouse_sql_type(enum column_type type, struct clickhouse_site site)
{
    switch (type) {
    case COLUMN_DATE:
        return site.modern ? "Nullable(Date32)" : "Nullable(Date)";
    case COLUMN_TIMESTAMP:
        return "Nullable(DateTime('UTC'))";
    case COLUMN_TEXT:
    case COLUMN_TIME:
        break;
    }
    return "Nullable(String)";
}

/* Adds the name of one of the report's tables. */
static void add_table(struct buf *sql, const struct report *report, const char *suffix)
{
    BUF_DONE struct buf name = BUF_INIT(1024);

    buf_addf(&name, "%s%s", report->name, suffix);
    clickhouse_add_name(sql, buf_text(&name));
}

static void add_columns(struct buf *sql, const struct report *report)
{
    for (size_t i = 0; i < report->column_count; i++) {
        buf_add_text(sql, i ? ", " : "");
        clickhouse_add_name(sql, report->columns[i].name);
    }
}

/* Adds the table that has the rows of all parts and shards. */
static void add_rows_from(struct buf *sql, const struct report *report, struct clickhouse_site site)
{
    add_table(sql, report, site.modern || site.cluster ? "_all" : "_rows");
}

char *clickhouse_sql_rows_table(const struct report *report, struct clickhouse_site site)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE IF NOT EXISTS ");
    add_table(&sql, report, "_rows");
    clickhouse_add_on_cluster(&sql, site);
    buf_add_text(&sql, " (");
    for (size_t i = 0; i < report->column_count; i++) {
        clickhouse_add_name(&sql, report->columns[i].name);
        buf_addf(&sql, " %s, ", clickhouse_sql_type(report->columns[i].type, site));
    }
    buf_add_text(&sql, COLUMN_ROW_KEY " UUID, " COLUMN_ROW_HASH " UUID, _day Date, _id UInt64)"
                                      " ENGINE = MergeTree ORDER BY (_day, " COLUMN_ROW_KEY ")");
    return buf_detach(&sql);
}

char *clickhouse_sql_marks_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE IF NOT EXISTS ");
    add_table(&sql, report, "_marks");
    buf_add_text(&sql, " (tx UInt64, n UInt64) ENGINE = MergeTree ORDER BY (tx, n)");
    return buf_detach(&sql);
}

/* Over the shards of a cluster, or the one table once more (add_rows_from). */
char *clickhouse_sql_all_table(const struct report *report, struct clickhouse_site site, bool anew)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    if (!site.modern && !site.cluster)
        return NULL;
    buf_add_text(&sql,
                 anew && site.modern ? "CREATE OR REPLACE TABLE " : "CREATE TABLE IF NOT EXISTS ");
    add_table(&sql, report, "_all");
    buf_add_text(&sql, " AS ");
    add_table(&sql, report, "_rows");
    if (!site.cluster) {
        buf_addf(&sql, " ENGINE = Merge(currentDatabase(), '^%s_rows$')", report->name);
        return buf_detach(&sql);
    }
    buf_add_text(&sql, " ENGINE = Distributed(");
    clickhouse_add_literal(&sql, site.cluster);
    buf_add_text(&sql, ", ");
    clickhouse_add_literal(&sql, site.database);
    buf_addf(&sql, ", '%s_rows', cityHash64(toString(" COLUMN_ROW_KEY ")))", report->name);
    return buf_detach(&sql);
}

char *clickhouse_sql_drop(const struct report *report, const char *suffix)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DROP TABLE IF EXISTS ");
    add_table(&sql, report, suffix);
    return buf_detach(&sql);
}

char *clickhouse_sql_add_column(const struct report *report, struct clickhouse_site site,
                                const char *name)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "ALTER TABLE ");
    add_table(&sql, report, "_rows");
    clickhouse_add_on_cluster(&sql, site);
    buf_add_text(&sql, site.modern ? " ADD COLUMN IF NOT EXISTS " : " ADD COLUMN ");
    clickhouse_add_name(&sql, name);
    buf_addf(&sql, " %s", clickhouse_sql_type(COLUMN_TEXT, site));
    return buf_detach(&sql);
}

static void add_marked(struct buf *sql, const struct report *report)
{
    buf_add_text(sql, "(SELECT n FROM ");
    add_table(sql, report, "_marks");
    buf_add_text(sql, " WHERE tx IN " CLICKHOUSE_COMMITTED ")");
}

/* Whether a row lives: its window is committed, and no committed window has ended it. Both are
 * looked up in one set, which shards get from the server that has the ledger. Where a set is
 * evaluated once however often it is written, two IN are twice as fast; an old server evaluates
 * each, so there it stands once, in a lambda. */
static void add_living(struct buf *sql, const struct report *report, struct clickhouse_site site)
{
    const char *global = site.cluster ? "GLOBAL " : "";

    if (!site.modern) {
        buf_addf(sql, "arrayMap(x -> x %sIN ", global);
        add_marked(sql, report);
        buf_addf(sql, ", [bitShiftRight(_id, %d), _id]) = [1, 0]", CLICKHOUSE_ROW_BITS);
        return;
    }
    buf_addf(sql, "bitShiftRight(_id, %d) %sIN ", CLICKHOUSE_ROW_BITS, global);
    add_marked(sql, report);
    buf_addf(sql, " AND _id %sNOT IN ", global);
    add_marked(sql, report);
}

char *clickhouse_sql_view(const struct report *report, struct clickhouse_site site, bool anew)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql,
                 anew && site.modern ? "CREATE OR REPLACE VIEW " : "CREATE VIEW IF NOT EXISTS ");
    clickhouse_add_name(&sql, report->name);
    buf_add_text(&sql, " AS SELECT ");
    add_columns(&sql, report);
    buf_add_text(&sql, ", " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH " FROM ");
    add_rows_from(&sql, report, site);
    buf_add_text(&sql, " WHERE ");
    add_living(&sql, report, site);
    return buf_detach(&sql);
}

/* Adds a condition on the days first..last; a number that is no day of Date would be another one.
 */
static void add_days(struct buf *sql, int32_t first, int32_t last, bool undated_too)
{
    enum { FIRST = 1, LAST = UINT16_MAX };

    first = first < FIRST ? FIRST : first;
    last = last > LAST ? LAST : last;
    if (last < first)
        buf_add_text(sql, "(0");
    else
        buf_addf(sql, "((_day >= toDate(%" PRId32 ") AND _day <= toDate(%" PRId32 "))", first,
                 last);
    buf_add_text(sql, undated_too ? " OR _day = toDate(0))" : ")");
}

static void add_window(struct buf *sql, const char *where, struct window window)
{
    buf_addf(sql, " %s ", where);
    add_days(sql, window.own_first, window.own_last, true);
    buf_add_text(sql, " AND ");
}

/* Adds the table that the writer reads: nobody else commits in its days, so it needs no care about
 * what is read first. */
static void add_writers_from(struct buf *sql, const struct report *report,
                             struct clickhouse_site site)
{
    add_table(sql, report, site.cluster ? "_all" : "_rows");
}

char *clickhouse_sql_snapshot(const struct report *report, struct clickhouse_site site,
                              struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    site.modern = false; /* in one set the lookup is as fast, because few rows are read */
    buf_add_text(&sql, "SELECT " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", _day, _id FROM ");
    add_writers_from(&sql, report, site);
    add_window(&sql, "WHERE", window);
    add_living(&sql, report, site);
    buf_add_text(&sql, " FORMAT RowBinary");
    return buf_detach(&sql);
}

/* Adds the columns of the key, and NULL in the place of each other one. */
static void add_key_columns(struct buf *sql, const struct report *report)
{
    for (size_t i = 0; i < report->column_count; i++) {
        bool wanted = false;
        for (size_t k = 0; k < report->key_count; k++)
            wanted |= report->key[k] == i;
        buf_add_text(sql, i ? ", " : "");
        if (wanted)
            clickhouse_add_name(sql, report->columns[i].name);
        else
            buf_add_text(sql, "NULL");
    }
}

/* A statement has room for some thousands of keys. */
static void add_keys(struct buf *sql, const struct key_set *keys)
{
    enum { KEYS_MAX = 4000 };

    if (!keys || !keys->count || keys->count > KEYS_MAX)
        return;
    buf_add_text(sql, COLUMN_ROW_KEY " IN (");
    for (size_t i = 0; i < keys->count; i++) {
        buf_add_text(sql, i ? ",'" : "'");
        clickhouse_add_hash(sql, keys->keys[i]);
        buf_add_char(sql, '\'');
    }
    buf_add_text(sql, ") AND ");
}

char *clickhouse_sql_read_rows(const struct report *report, struct clickhouse_site site,
                               struct row_range range)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", ");
    if (range.keys_only)
        add_key_columns(&sql, report);
    else
        add_columns(&sql, report);
    buf_add_text(&sql, " FROM ");
    add_rows_from(&sql, report, site);
    buf_add_text(&sql, " WHERE ");
    if (range.has_first || range.has_last) {
        add_days(&sql, range.has_first ? range.first : INT32_MIN,
                 range.has_last ? range.last : INT32_MAX, range.undated_too);
        buf_add_text(&sql, " AND ");
    }
    add_keys(&sql, range.keys);
    add_living(&sql, report, site);
    return buf_detach(&sql);
}

/* PREWHERE reads the other columns only where rows are that are wanted. */
char *clickhouse_sql_read_old(const struct report *report, struct clickhouse_site site,
                              struct window window, bool keys_only)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql,
                 keys_only ? "SELECT " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", " : "SELECT _id, ");
    if (keys_only)
        add_key_columns(&sql, report);
    else
        add_columns(&sql, report);
    buf_add_text(&sql, " FROM ");
    add_writers_from(&sql, report, site);
    add_window(&sql, "PREWHERE", window);
    buf_add_text(&sql, "_id IN (");
    return buf_detach(&sql);
}

char *clickhouse_sql_insert_rows(const struct report *report, struct clickhouse_site site)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO ");
    add_writers_from(&sql, report, site);
    buf_add_text(&sql, " (");
    add_columns(&sql, report);
    buf_add_text(&sql, ", " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", _day, _id) FORMAT Native");
    return buf_detach(&sql);
}

char *clickhouse_sql_insert_marks(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO ");
    add_table(&sql, report, "_marks");
    buf_add_text(&sql, " (tx, n) FORMAT TabSeparated");
    return buf_detach(&sql);
}

/* Adds a SELECT of some of these columns by tx; the others are 0. */
static void add_sums(struct buf *sql, const char *tx, const char *const columns[6])
{
    static const char *const names[] = {"rows",     "is_rows", "marks",
                                        "is_marks", "changes", "is_changes"};

    buf_addf(sql, "SELECT %s AS tx", tx);
    for (int i = 0; i < 6; i++)
        buf_addf(sql, ", toInt64(%s) AS %s", columns[i] ? columns[i] : "0", names[i]);
    buf_add_text(sql, " FROM ");
}

/* Adds what there is, without what a compaction that is under way removes. */
static void add_there(struct buf *sql, const struct report *report, struct clickhouse_site site,
                      bool is_compacted)
{
    MEM_FREE_TEXT char *tx = mem_format("bitShiftRight(_id, %d)", CLICKHOUSE_ROW_BITS);
    MEM_FREE_TEXT char *dead = is_compacted ? clickhouse_dead_set(report, site) : NULL;

    buf_add_text(sql, " UNION ALL ");
    add_sums(sql, tx, (const char *const[6]){[1] = "count()"});
    add_rows_from(sql, report, site);
    if (dead)
        buf_addf(sql, " WHERE _id %sNOT IN %s", site.cluster ? "GLOBAL " : "", dead);
    buf_add_text(sql, " GROUP BY tx UNION ALL ");
    add_sums(sql, "tx", (const char *const[6]){[3] = "count()"});
    add_table(sql, report, "_marks");
    if (dead)
        buf_addf(sql, " WHERE n NOT IN %s AND tx NOT IN %s", dead, dead);
    buf_add_text(sql, " GROUP BY tx UNION ALL ");
    add_sums(sql, "tx", (const char *const[6]){[5] = "count()"});
    buf_add_text(sql, "etl_changes_log WHERE report = ");
    clickhouse_add_literal(sql, report->name);
    buf_add_text(sql, " GROUP BY tx");
}

/* Sums what the ledger says and what there is, by window. */
char *clickhouse_sql_damage(const struct report *report, struct clickhouse_site site,
                            bool is_compacted)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT tx, sum(rows), sum(is_rows), sum(marks), sum(is_marks),"
                       " sum(changes), sum(is_changes) FROM (");
    add_sums(&sql, "tx",
             (const char *const[6]){"wrote[1]", NULL, "wrote[2] + (wrote[1] > 0)", NULL, "wrote[3]",
                                    NULL});
    buf_add_text(&sql, "etl_ledger WHERE status = 'loaded' AND report = ");
    clickhouse_add_literal(&sql, report->name);
    buf_add_text(&sql, " UNION ALL ");
    add_sums(&sql, "tx", (const char *const[6]){"-toInt64(rows)", NULL, "-toInt64(marks)"});
    buf_add_text(&sql, "(SELECT tx, rows, marks FROM etl_compactions_log WHERE kind = 'counts'"
                       " AND n IN (SELECT n FROM etl_compactions_log WHERE kind = 'begun'"
                       " AND report = ");
    clickhouse_add_literal(&sql, report->name);
    buf_add_text(&sql, "))");
    add_there(&sql, report, site, is_compacted);
    buf_add_text(&sql, ") WHERE tx IN " CLICKHOUSE_COMMITTED
                       " GROUP BY tx HAVING sum(rows) != sum(is_rows) OR sum(marks) !="
                       " sum(is_marks) OR sum(changes) != sum(is_changes) ORDER BY tx");
    return buf_detach(&sql);
}

/* Adds a SELECT of keys that live more than once. */
static void add_doubles(struct buf *sql, const struct report *report, struct clickhouse_site site,
                        const char *columns)
{
    buf_addf(sql, "(SELECT %s FROM ", columns);
    add_rows_from(sql, report, site);
    buf_add_text(sql, " WHERE ");
    add_living(sql, report, site);
    buf_add_text(sql, " GROUP BY " COLUMN_ROW_KEY " HAVING count() > 1)");
}

char *clickhouse_sql_end_doubles(const struct report *report, struct clickhouse_site site,
                                 uint64_t tx)
{
    const char *global = site.cluster ? "GLOBAL " : "";
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO ");
    add_table(&sql, report, "_marks");
    buf_addf(&sql, " (tx, n) SELECT toUInt64(%" PRIu64 "), _id FROM ", tx);
    add_rows_from(&sql, report, site);
    buf_add_text(&sql, " WHERE ");
    add_living(&sql, report, site);
    buf_addf(&sql, " AND " COLUMN_ROW_KEY " %sIN ", global);
    add_doubles(&sql, report, site, COLUMN_ROW_KEY);
    buf_addf(&sql, " AND _id %sNOT IN ", global);
    add_doubles(&sql, report, site, "max(_id)");
    return buf_detach(&sql);
}
