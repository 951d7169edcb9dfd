/* SPDX-License-Identifier: MIT */
/* Runs queries on the views and reads whole rows. */
#include "load/clickhouse/read.h"

#include "base/mem.h"
#include "load/clickhouse/failure.h"
#include "load/clickhouse/schema.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"
#include "load/clickhouse/window.h"
#include "load/rehash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 256 * 1024, LOST_RETRY_SECONDS = 2 };

static const char purpose[] = "read";

static bool read_last_commit(struct clickhouse_destination *dest, uint64_t *out, struct error *err)
{
    return clickhouse_number(&dest->ch, purpose, "SELECT max(seq) FROM etl_ledger", out, err);
}

/* The last commit at which a compaction that has begun has looked: rows that were replaced until
 * then may be gone. A database that an earlier program made has none. */
static bool read_compacted(struct clickhouse_destination *dest, uint64_t *out, struct error *err)
{
    *out = 0;
    return clickhouse_number(&dest->ch, purpose,
                             "SELECT max(upto) FROM etl_compactions_log WHERE kind = 'begun'", out,
                             err) ||
           dest->ch.code == CLICKHOUSE_UNKNOWN_TABLE;
}

/* Whether what a query of the read has just seen is the state in which the read began. Where the
 * server cuts the ledger there, the rows of that state must still be there, too: this is asked
 * after the query, and a compaction says that it begins before it removes anything. */
static bool check_state(struct clickhouse_destination *dest, struct error *err)
{
    const bool cut = clickhouse_is_modern(&dest->ch);
    uint64_t now;

    if (!(cut ? read_compacted(dest, &now, err) : read_last_commit(dest, &now, err)))
        return false;
    if (cut ? now <= dest->read_commit : now == dest->read_commit)
        return true;
    dest->base.read_lost = true;
    clickhouse_report_error(&dest->ch, purpose, err, "%s while this was read: read again",
                            cut ? "replaced rows were removed" : "a window was committed");
    err->retry_after_s = LOST_RETRY_SECONDS;
    return error_mark_transient(err);
}

/* Adds the query with the rehearsed window's own changes in the place of those that are committed.
 */
static void add_rehearsed(struct buf *out, const struct clickhouse_destination *dest,
                          const char *sql)
{
    static const char name[] = " FROM " CLICKHOUSE_CHANGE_COLUMNS " ";
    const char *at = strstr(sql, name);

    if (!at) {
        buf_add_text(out, sql);
        return;
    }
    buf_add(out, sql, (size_t)(at - sql));
    buf_add_text(out, " FROM ");
    clickhouse_add_own_changes(out, clickhouse_is_modern(&dest->ch), dest->tx);
    buf_add_text(out, " AS own ");
    buf_add_text(out, at + sizeof(name) - 1);
}

bool clickhouse_read_values(struct destination *base, const char *sql, const char *const *values,
                            size_t value_count, destination_row *row, void *arg, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    BUF_DONE struct buf rehearsed = BUF_INIT(SQL_MAX);

    if (dest->rehearses && base->report)
        add_rehearsed(&rehearsed, dest, sql);
    return clickhouse_query(&dest->ch, base->reads ? purpose : "read the ledger",
                            rehearsed.len ? buf_text(&rehearsed) : sql, values, value_count, row,
                            arg, err) &&
           (!base->reads || check_state(dest, err));
}

bool clickhouse_begin_read(struct destination *base, int timeout_ms, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);

    dest->ch.heed_stop = true;
    if (!read_last_commit(dest, &dest->read_commit, err))
        return false;
    dest->ch.read_timeout = timeout_ms;
    if (clickhouse_is_modern(&dest->ch))
        dest->ch.read_filter =
            mem_format("{'etl_ledger': 'seq <= %" PRIu64 "'}", dest->read_commit);
    return true;
}

void clickhouse_end_read(struct clickhouse_destination *dest)
{
    dest->ch.read_timeout = 0;
    free(dest->ch.read_filter);
    dest->ch.read_filter = NULL;
}

/* --- whole rows ------------------------------------------------------------------------------ */

struct reading {
    struct clickhouse_destination *dest;
    const struct report *report;
    struct rehash rehash;
    destination_table_row *row;
    void *arg;
};

/* key, fingerprint, then the report's columns */
static bool take_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct reading *reading = arg;
    struct table_row row = {.cells = cells + 2};

    (void)count;
    row.has_key = clickhouse_read_hash(cells[0], &row.key);
    row.has_fingerprint = clickhouse_read_hash(cells[1], &row.fingerprint);
    rehash_row(&reading->rehash, &row);
    return reading->row(reading->arg, &row, err);
}

/* Returns the statement for rows that live in the open window, and whose _id is known: for these
 * the server looks nothing up. NULL: it is not so. */
static char *sql_of_living(struct clickhouse_destination *dest, struct row_range range)
{
    enum { IDS_MAX = 5000 }; /* a statement has room for some more */
    const struct key_set *keys = range.keys;
    struct buf sql = BUF_INIT(SQL_MAX);
    size_t found = 0;

    if (!dest->base.report || !dest->living_read || !range.keys_only || !keys || !keys->count ||
        keys->count > IDS_MAX)
        return NULL;
    MEM_FREE_TEXT char *select =
        clickhouse_sql_read_old(dest->base.report, clickhouse_site(dest), dest->base.window, true);
    buf_add_text(&sql, select);
    for (const struct clickhouse_living *row; found < keys->count; found++) {
        if (!(row = clickhouse_find_living(dest, keys->keys[found])))
            break;
        buf_addf(&sql, "%s%" PRIu64, found ? "," : "", row->id);
    }
    buf_add_char(&sql, ')');
    if (found == keys->count && !sql.full)
        return buf_detach(&sql);
    buf_done(&sql);
    return NULL;
}

bool clickhouse_read_rows(struct destination *base, const struct report *report,
                          struct row_range range, destination_table_row *row, void *arg,
                          struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    struct reading reading = {.dest = dest, .report = report, .row = row, .arg = arg};
    MEM_FREE_TEXT char *sql = sql_of_living(dest, range);

    if (!sql)
        sql = clickhouse_sql_read_rows(report, clickhouse_site(dest), range);
    rehash_init(&reading.rehash, report);
    const bool ok = clickhouse_query(&dest->ch, "read the rows of a table", sql, NULL, 0, take_row,
                                     &reading, err);
    rehash_done(&reading.rehash);
    return ok;
}
