/* SPDX-License-Identifier: MIT */
/* Finds out what became of a commit without an answer. */
#include "load/clickhouse/settle.h"

#include "base/mem.h"

#include <inttypes.h>
#include <poll.h>

enum { SETTLE_MS = 30 * 1000, ASK_MS = 100 };

/* Waits until the server no longer runs the statement. */
static bool wait_for_end(struct clickhouse_destination *dest, uint64_t statement, struct error *err)
{
    const int64_t deadline = clock_ms() + SETTLE_MS;
    MEM_FREE_TEXT char *id = clickhouse_statement_id(&dest->ch, statement);
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT count() FROM system.processes WHERE query_id = '%s'", id);
    uint64_t running = 1;

    while (clickhouse_number(&dest->ch, "ask about a commit", sql, &running, err)) {
        if (!running)
            return true;
        if (clock_ms() > deadline)
            return clickhouse_report_error(&dest->ch, "ask about a commit", err,
                                           "the server has been at it for %d s", SETTLE_MS / 1000);
        poll(NULL, 0, ASK_MS);
    }
    return false;
}

bool clickhouse_is_committed(struct clickhouse_destination *dest, uint64_t tx, bool *out,
                             struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format("SELECT count() FROM etl_ledger WHERE tx = %" PRIu64
                                         " AND tx NOT IN (SELECT tx FROM etl_void)",
                                         tx);
    uint64_t count;

    if (!clickhouse_number(&dest->ch, "ask about a commit", sql, &count, err))
        return false;
    *out = count == 1;
    return true;
}

/* Takes it back for good if it is not there: so it cannot come later. */
static bool decide(struct clickhouse_destination *dest, uint64_t tx, bool *committed,
                   struct error *err)
{
    MEM_FREE_TEXT char *take_back =
        mem_format("INSERT INTO etl_void (tx) VALUES (%" PRIu64 ")", tx);

    return clickhouse_is_committed(dest, tx, committed, err) &&
           (*committed || (clickhouse_run(&dest->ch, "take a window back", take_back, err) &&
                           clickhouse_is_committed(dest, tx, committed, err)));
}

bool clickhouse_settle_last(struct clickhouse_destination *dest, bool *committed, struct error *err)
{
    const bool heeded = dest->ch.heed_stop;

    dest->ch.heed_stop = false;
    const bool ok = wait_for_end(dest, dest->unsettled_statement, err) &&
                    decide(dest, dest->unsettled, committed, err);
    dest->ch.heed_stop = heeded;
    if (ok)
        dest->unsettled = 0;
    return ok;
}

bool clickhouse_settle(struct clickhouse_destination *dest, struct error *err)
{
    bool committed;

    return !dest->unsettled || clickhouse_settle_last(dest, &committed, err);
}
