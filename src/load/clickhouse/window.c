/* SPDX-License-Identifier: MIT */
/* Gives a window its number, reads what lives in its days, and commits by one row. */
#include "load/clickhouse/window.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"
#include "load/ledger_fields.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 256 * 1024 };

/* --- numbers --------------------------------------------------------------------------------- */

static bool next_number(struct clickhouse_destination *dest, const char *purpose, uint64_t *tx,
                        struct error *err)
{
    uint64_t token = (uint64_t)dest->base.token;

    if (!token && !dest->reserved && !clickhouse_reserve_token(dest, &dest->reserved, err))
        return false;
    token = token ? token : dest->reserved;
    if (token != dest->token) {
        dest->token = token;
        dest->number = 0;
    }
    if (token >> CLICKHOUSE_WINDOW_BITS || ++dest->number >> CLICKHOUSE_WINDOW_BITS)
        return clickhouse_report_error(&dest->ch, purpose, err,
                                       "there are no numbers left for windows");
    *tx = token << CLICKHOUSE_WINDOW_BITS | dest->number;
    return true;
}

static void forget_window(struct clickhouse_destination *dest)
{
    free(dest->living);
    dest->living = NULL;
    dest->living_count = 0;
    dest->living_read = false;
    dest->tx = dest->births = dest->deaths = dest->changes = 0;
}

bool clickhouse_begin(struct destination *base, const struct report *report, struct window window,
                      struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);

    (void)report;
    (void)window; /* kept by destination.c */
    forget_window(dest);
    dest->ch.heed_stop = true;
    clock_format_zoned(clock_now(), dest->begun_at);
    return next_number(dest, "begin a window", &dest->tx, err);
}

void clickhouse_rollback(struct destination *base)
{
    forget_window(clickhouse_of(base));
}

/* --- the snapshot ---------------------------------------------------------------------------- */

struct reading {
    struct clickhouse_destination *dest;
    struct snapshot *out; /* NULL: only what lives is wanted */
};

static bool take_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct reading *reading = arg;
    struct clickhouse_destination *dest = reading->dest;
    struct stored_row row = {0};

    (void)count;
    if (!clickhouse_read_hash(cells[0], &row.key) ||
        !clickhouse_read_hash(cells[1], &row.fingerprint))
        return clickhouse_report_error(&dest->ch, "read a window", err,
                                       "a row of %s has a " COLUMN_ROW_KEY " or a " COLUMN_ROW_HASH
                                       " that etl-sigos did not write",
                                       dest->base.report->name);
    row.date = (int32_t)strtol(cells[2].text, NULL, 10);
    row.undated = row.date == 0;
    if (reading->out)
        snapshot_add(reading->out, row);
    dest->living = mem_grow(dest->living, dest->living_count + 1, sizeof(*dest->living));
    dest->living[dest->living_count++] =
        (struct clickhouse_living){.key = row.key, .id = strtoull(cells[3].text, NULL, 10)};
    return true;
}

static int by_key(const void *left, const void *right)
{
    const struct clickhouse_living *a = left, *b = right;

    return hash128_compare(&a->key, &b->key);
}

static bool read_living(struct clickhouse_destination *dest, struct snapshot *out,
                        struct error *err)
{
    struct reading reading = {.dest = dest, .out = out};
    MEM_FREE_TEXT char *sql =
        clickhouse_sql_snapshot(dest->base.report, clickhouse_site(dest), dest->base.window);

    dest->living_count = 0;
    if (!clickhouse_query(&dest->ch, "read a window", sql, NULL, 0, take_row, &reading, err))
        return false;
    if (dest->living_count)
        qsort(dest->living, dest->living_count, sizeof(*dest->living), by_key);
    dest->living_read = true;
    return true;
}

bool clickhouse_know_living(struct clickhouse_destination *dest, struct error *err)
{
    return dest->living_read || read_living(dest, NULL, err);
}

struct clickhouse_living *clickhouse_find_living(const struct clickhouse_destination *dest,
                                                 struct hash128 key)
{
    const struct clickhouse_living wanted = {.key = key};

    return dest->living_count
               ? bsearch(&wanted, dest->living, dest->living_count, sizeof(wanted), by_key)
               : NULL;
}

bool clickhouse_snapshot(struct destination *base, struct snapshot *out, struct error *err)
{
    const size_t count = out->count, dated = out->dated;

    if (read_living(clickhouse_of(base), out, err))
        return true;
    out->count = count;
    out->dated = dated;
    return false;
}

/* --- the ledger ------------------------------------------------------------------------------ */

static void add_field(struct buf *sql, const struct ledger_field *field)
{
    char stamp[CLOCK_STAMP_SIZE];

    switch (field->type) {
    case LEDGER_TEXT:
        if (field->text)
            clickhouse_add_literal(sql, field->text);
        else
            buf_add_text(sql, "NULL");
        break;
    case LEDGER_DAY:
        buf_addf(sql, "toDate(%" PRId32 ")", field->day);
        break;
    case LEDGER_FLAG:
        buf_addf(sql, "toUInt8(%d)", field->flag);
        break;
    case LEDGER_COUNT:
        buf_addf(sql, "toUInt64(%" PRIu64 ")", field->count);
        break;
    case LEDGER_INSTANT:
        buf_addf(sql, "'%s'", clock_format_zoned(field->instant, stamp));
        break;
    case LEDGER_REAL:
        buf_addf(sql, "toFloat64(%.9g)", field->real);
        break;
    }
}

/* One INSERT of one row, which is one part: there whole or not at all. It gives itself the next
 * number of a commit, and writes nothing if the lease is another run's by now. */
static void add_commit(struct buf *sql, const struct clickhouse_destination *dest, uint64_t tx,
                       const struct ledger_entry *entry)
{
    struct ledger_field fields[LEDGER_FIELD_COUNT];

    ledger_fields(entry, fields);
    buf_add_text(sql, "INSERT INTO etl_ledger (tx, seq, births, deaths, changes");
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++)
        buf_addf(sql, ", %s", fields[i].column);
    buf_addf(sql,
             ") SELECT toUInt64(%" PRIu64
             "), (SELECT max(seq) FROM etl_ledger) + 1, toUInt64(%" PRIu64 "), toUInt64(%" PRIu64
             "), toUInt64(%" PRIu64 ")",
             tx, dest->births, dest->deaths, dest->changes);
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++) {
        buf_add_text(sql, ", ");
        add_field(sql, &fields[i]);
    }
    buf_add_text(sql, " FROM system.one");
    if (dest->base.token)
        buf_addf(sql,
                 " WHERE (SELECT max(token) FROM etl_lease_log WHERE kind = 'claim') = %" PRId64,
                 dest->base.token);
}

static bool write_entry(struct clickhouse_destination *dest, const char *purpose, uint64_t tx,
                        const struct ledger_entry *entry, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    MEM_FREE_TEXT char *proof = mem_format("SELECT count() FROM etl_ledger WHERE tx = %" PRIu64
                                           " AND tx NOT IN (SELECT tx FROM etl_void)",
                                           tx);
    uint64_t count;

    add_commit(&sql, dest, tx, entry);
    if (!clickhouse_run(&dest->ch, purpose, buf_text(&sql), err) ||
        !clickhouse_number(&dest->ch, purpose, proof, &count, err))
        return false;
    return count == 1 ||
           error_set(err, ERROR_LOCKED, "the lease of this run expired and another run took it");
}

bool clickhouse_commit(struct destination *base, const struct ledger_entry *entry,
                       struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);

    if (!write_entry(dest, "commit a window", dest->tx, entry, err))
        return false;
    forget_window(dest);
    return true;
}

bool clickhouse_record(struct destination *base, const struct ledger_entry *entry,
                       struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    uint64_t tx = 0;

    forget_window(dest);
    return next_number(dest, "note a window in the ledger", &tx, err) &&
           write_entry(dest, "note a window in the ledger", tx, entry, err);
}
