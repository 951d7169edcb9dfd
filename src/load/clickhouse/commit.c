/* SPDX-License-Identifier: MIT */
/* Commits a window by one row of etl_ledger. */
#include "load/clickhouse/commit.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/settle.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"
#include "load/clickhouse/window.h"
#include "load/ledger_fields.h"

#include <inttypes.h>

enum { SQL_MAX = 256 * 1024 };

/* --- the row --------------------------------------------------------------------------------- */

/* Adds a value as a text in quotes, or NULL. */
static void add_field(struct buf *sql, const struct ledger_field *field)
{
    char text[CLOCK_STAMP_SIZE];

    switch (field->type) {
    case LEDGER_TEXT:
        if (field->text)
            clickhouse_add_literal(sql, field->text);
        else
            buf_add_text(sql, "NULL");
        break;
    case LEDGER_DAY:
        buf_addf(sql, "'%s'", date_format_iso(field->day, text));
        break;
    case LEDGER_FLAG:
        buf_addf(sql, "'%d'", field->flag);
        break;
    case LEDGER_COUNT:
        buf_addf(sql, "'%" PRIu64 "'", field->count);
        break;
    case LEDGER_INSTANT:
        buf_addf(sql, "'%s'", clock_format_zoned(field->instant, text));
        break;
    case LEDGER_REAL:
        buf_addf(sql, "'%.9g'", field->real);
        break;
    }
}

/* What the ledger has of a piece of a copy or of a repair: as of a window, so that every reader can
 * read it, and one element more, by which the view etl_windows leaves it out. */
static struct ledger_entry piece_entry(const struct clickhouse_destination *dest)
{
    const struct destination *base = &dest->base;

    return (struct ledger_entry){
        .run_id = base->lease.run_id ? base->lease.run_id : "",
        .report = base->report->name,
        .window = base->window,
        .status = WINDOW_LOADED,
        .started_at = clock_now(),
        .ended_at = clock_now(),
    };
}

/* One INSERT of one row, which is one part: there whole or not at all. It gives itself the next
 * number of a commit, and writes nothing if the lease is another run's by now. */
static void add_commit(struct buf *sql, const struct clickhouse_destination *dest, uint64_t tx,
                       const struct ledger_entry *entry, bool is_piece)
{
    struct ledger_field fields[LEDGER_FIELD_COUNT];

    struct ledger_entry kept = *entry;
    kept.window = ledger_days_that_fit(entry->window);
    ledger_fields(&kept, fields);
    buf_addf(sql,
             "INSERT INTO etl_ledger (tx, seq, report, status, entry, wrote)"
             " SELECT toUInt64(%" PRIu64 "), (SELECT max(seq) FROM etl_ledger) + 1, ",
             tx);
    clickhouse_add_literal(sql, entry->report);
    buf_addf(sql, ", '%s', [", window_status_name(entry->status));
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++) {
        buf_add_text(sql, i ? ", " : "");
        add_field(sql, &fields[i]);
    }
    buf_add_text(sql, is_piece ? ", '" CLICKHOUSE_PIECE "'" : "");
    buf_addf(sql, "], [toUInt64(%" PRIu64 "), toUInt64(%" PRIu64 "), toUInt64(%" PRIu64 ")]",
             dest->births, dest->deaths, dest->changes);
    buf_add_text(sql, " FROM system.one");
    clickhouse_add_owner(sql, dest);
}

/* --- the commit ------------------------------------------------------------------------------ */

/* After a failure it may be there all the same; if that cannot be found out now, the next window
 * does so first. */
static bool write_entry(struct clickhouse_destination *dest, const char *purpose, uint64_t tx,
                        const struct ledger_entry *entry, struct error *err)
{
    const struct ledger_entry *written = entry;
    struct ledger_entry piece;
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    struct error ignored;
    bool committed = false;

    if (!entry) {
        piece = piece_entry(dest);
        written = &piece;
    }
    add_commit(&sql, dest, tx, written, !entry);
    const bool sent = clickhouse_run(&dest->ch, purpose, buf_text(&sql), err);
    const uint64_t statement = dest->ch.statements;
    if (sent && clickhouse_is_committed(dest, tx, &committed, err))
        return committed || error_set(err, ERROR_LOCKED,
                                      "the lease of this run expired and another run took it");
    dest->unsettled = tx;
    dest->unsettled_statement = statement;
    return clickhouse_settle_last(dest, &committed, &ignored) && committed;
}

bool clickhouse_commit(struct destination *base, const struct ledger_entry *entry,
                       struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);

    if (!clickhouse_sender_wait(&dest->sender, err) ||
        !write_entry(dest, "commit a window", dest->tx, entry, err))
        return false;
    clickhouse_rollback(base);
    return true;
}

bool clickhouse_record(struct destination *base, const struct ledger_entry *entry,
                       struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    uint64_t tx = 0;

    clickhouse_rollback(base);
    return clickhouse_settle(dest, err) &&
           clickhouse_next_number(dest, "note a window in the ledger", &tx, err) &&
           write_entry(dest, "note a window in the ledger", tx, entry, err);
}
