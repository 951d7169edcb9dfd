/* SPDX-License-Identifier: MIT */
/* Adds up the hashes of all rows of both databases. */
#include "run/copy_check.h"

#include "base/mem.h"
#include "base/stop.h"
#include "run/copy_compare.h"
#include "run/copy_journal.h"
#include "run/copy_rows.h"
#include "run/retry.h"

#include <stdlib.h>

enum { READ_MS = 6 * 3600 * 1000, ROW_MAX = 64 * 1024 * 1024 };

/* What is added up of one table of one side. */
struct adding {
    struct destination *dest;
    const struct report *report;
    const struct journal_table *table;
    const struct row_range *range;
    struct buf scratch;
    struct day_digest sum;
};

static bool add_row(void *arg, const struct table_row *row, struct error *err)
{
    struct adding *adding = arg;
    struct copy_row known;

    /* Without a day that can be read it has hashes of zeros: no row of the other side is equal. */
    copy_row_of(adding->report, row, &adding->scratch, &known);
    day_digest_add(&adding->sum, known.contents);
    adding->sum.sum.low += row->key.low;
    adding->sum.sum.high += row->key.high;
    return stop_check(err);
}

/* May be repeated: what it has added counts only if all rows came. */
static bool add_rows(void *arg, struct error *err)
{
    struct adding *adding = arg;
    const struct day_digest before = adding->sum;

    if (destination_read_rows(adding->dest, adding->report, *adding->range, add_row, adding, err))
        return true;
    adding->sum = before;
    return false;
}

/* The first and the last piece have no bounds: a row that no piece of the copy had would show. */
static bool add_table(struct copy_sides *sides, struct destination *dest,
                      const struct report *report, const struct copy_pieces *pieces,
                      struct day_digest *out, struct error *err)
{
    struct adding adding = {.dest = dest, .report = report, .scratch = BUF_INIT(ROW_MAX)};
    bool ok = true;

    for (size_t i = 0; ok && i < pieces->count; i++) {
        struct row_range range = copy_piece_range(pieces->items[i]);
        if (!pieces->items[i].undated && i == 0)
            range.has_first = false;
        if (i + 2 == pieces->count)
            range.has_last = false;
        if (!range.has_first && !range.has_last) { /* one piece has all days, and so all rows */
            range.undated_too = true;
            i++;
        }
        adding.range = &range;
        ok = copy_keep_leases(sides, err) &&
             retry_until_done(&retry_database, add_rows, &adding, err);
    }
    buf_done(&adding.scratch);
    *out = adding.sum;
    return ok;
}

static struct copied_table *add_result(struct copy_sides *sides, const char *name)
{
    struct copy_outcome *out = sides->out;

    out->tables = mem_grow(out->tables, out->count + 1, sizeof(*out->tables));
    out->tables[out->count] = (struct copied_table){.name = name};
    return &out->tables[out->count++];
}

static bool check_report(struct copy_sides *sides, const struct report *report, struct error *err)
{
    struct copied_table *result = add_result(sides, report->name);
    struct copy_pieces pieces = {0};

    const bool ok = copy_pieces_of(sides, report, &pieces, err) &&
                    add_table(sides, sides->from, report, &pieces, &result->from, err) &&
                    add_table(sides, sides->to, report, &pieces, &result->to, err);
    copy_pieces_done(&pieces);
    return ok;
}

/* --- the log -----------------------------------------------------------------------------------
 */

static bool add_entry(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct adding *adding = arg;
    const struct cell *row = cells + journal_grows(adding->table);

    (void)count;
    if (!copy_journal_is_copy(adding->table, row))
        day_digest_add(&adding->sum, journal_row_hash(adding->table, row));
    return stop_check(err);
}

static bool read_entries(void *arg, struct destination *dest, struct error *err)
{
    struct adding *adding = arg;
    MEM_FREE_TEXT char *sql = journal_select(adding->table, dest->ops->dialect);

    adding->sum = (struct day_digest){0};
    return destination_query(dest, sql, add_entry, adding, err);
}

static bool add_entries(void *arg, struct error *err)
{
    struct adding *adding = arg;

    return destination_read(adding->dest, READ_MS, read_entries, adding, err);
}

static bool add_log(struct copy_sides *sides, struct destination *dest,
                    const struct journal_table *table, struct day_digest *out, struct error *err)
{
    struct adding adding = {.dest = dest, .table = table};

    const bool ok = copy_keep_leases(sides, err) &&
                    retry_until_done(&retry_database, add_entries, &adding, err);
    *out = adding.sum;
    return ok;
}

static bool check_log(struct copy_sides *sides, const struct journal_table *table,
                      struct error *err)
{
    struct copied_table *result = add_result(sides, table->name);

    return add_log(sides, sides->from, table, &result->from, err) &&
           add_log(sides, sides->to, table, &result->to, err);
}

bool copy_check(struct copy_sides *sides, struct error *err)
{
    struct copy_outcome *out = sides->out;
    bool ok = true;

    for (size_t i = 0; ok && i < sides->part_count; i++)
        ok = check_report(sides, &sides->parts[i].drift.grown.report, err);
    for (int i = 0; ok && i < JOURNAL_TABLE_COUNT; i++)
        ok = check_log(sides, &journal_tables[i], err);
    for (size_t i = 0; ok && i < out->count; i++)
        out->differs |= !day_digest_equal(&out->tables[i].from, &out->tables[i].to);
    return ok || error_context(err, "compare both databases");
}
