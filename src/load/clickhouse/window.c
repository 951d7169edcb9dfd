/* SPDX-License-Identifier: MIT */
/* Gives a window its number and reads what lives in its days. */
#include "load/clickhouse/window.h"

#include "base/mem.h"
#include "load/clickhouse/settle.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers --------------------------------------------------------------------------------- */

bool clickhouse_next_number(struct clickhouse_destination *dest, const char *purpose, uint64_t *tx,
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
    struct error ignored; /* its rows are not seen */

    clickhouse_sender_wait(&dest->sender, &ignored);
    free(dest->living);
    dest->living = NULL;
    dest->living_count = 0;
    dest->living_read = false;
    dest->tx = dest->births = dest->deaths = dest->changes = 0;
    clickhouse_unlock_undated(dest);
}

bool clickhouse_begin(struct destination *base, const struct report *report, struct window window,
                      struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);

    (void)window; /* kept by destination.c */
    forget_window(dest);
    dest->ch.heed_stop = true;
    clock_format_zoned(clock_now(), dest->begun_at);
    return clickhouse_settle(dest, err) &&
           clickhouse_next_number(dest, "begin a window", &dest->tx, err) &&
           (!base->has_undated || clickhouse_lock_undated(dest, report, err));
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
