/* SPDX-License-Identifier: MIT */
/* Waits for queries of others. */
#include "load/clickhouse/bystanders.h"

#include "base/mem.h"
#include "base/stop.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/text.h"

#include <poll.h>
#include <string.h>

enum { FIRST_MS = 10, LAST_MS = 1000, SQL_MAX = 256 * 1024 };

static const char purpose[] = "wait for the queries of others";

bool clickhouse_wait_a_little(struct clickhouse_destination *dest, int *ms, struct error *err)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};

    *ms = !*ms ? FIRST_MS : *ms * 2 < LAST_MS ? *ms * 2 : LAST_MS;
    poll(&stop, 1, *ms);
    return stop_check(err) && (!dest->base.token || clickhouse_renew_lease(&dest->base, err));
}

static bool take_id(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct buf *ids = arg;
    MEM_FREE_TEXT char *id = mem_copy_n(cells[0].text, cells[0].len);

    (void)count;
    (void)err;
    buf_add_text(ids, ids->len ? ", " : "");
    clickhouse_add_literal(ids, id);
    return true;
}

/* By their names and not by their age, which would compare two clocks. A name that others use again
 * makes the wait longer than needed, and never shorter. */
static bool list_running(struct clickhouse_destination *dest, struct buf *ids, struct error *err)
{
    MEM_FREE_TEXT char *own = clickhouse_statement_id(&dest->ch, dest->ch.statements + 1);
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT query_id FROM system.processes WHERE query_id != '%s'", own);

    return clickhouse_query(&dest->ch, purpose, sql, NULL, 0, take_id, ids, err) &&
           (!ids->full || clickhouse_report_error(&dest->ch, purpose, err, "there are too many"));
}

bool clickhouse_wait_for_bystanders(struct clickhouse_destination *dest, bool *gone,
                                    struct error *err)
{
    const int64_t deadline = clock_ms() + dest->ch.timeouts.readers;
    BUF_DONE struct buf ids = BUF_INIT(SQL_MAX);
    uint64_t running = 0;
    int ms = 0;

    if (!list_running(dest, &ids, err))
        return false;
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT count() FROM system.processes WHERE query_id IN (%s)", buf_text(&ids));
    if (ids.len && !clickhouse_number(&dest->ch, purpose, sql, &running, err))
        return false;
    while (running && clock_ms() < deadline)
        if (!clickhouse_wait_a_little(dest, &ms, err) ||
            !clickhouse_number(&dest->ch, purpose, sql, &running, err))
            return false;
    *gone = !running;
    return true;
}
