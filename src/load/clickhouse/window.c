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

static const char purpose[] = "read a window";

/* --- numbers --------------------------------------------------------------------------------- */

bool clickhouse_next_number(struct clickhouse_destination *dest, const char *what, uint64_t *tx,
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
        return clickhouse_report_error(&dest->ch, what, err,
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
    dest->living_read = dest->living_sorted = false;
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

/* A row as RowBinary has it: key, fingerprint, _day, _id. As text it takes twice the time. */
enum { HASH_SIZE = 16, DAY_SIZE = 2, ID_SIZE = 8, ROW_SIZE = 2 * HASH_SIZE + DAY_SIZE + ID_SIZE };

struct reading {
    struct clickhouse_destination *dest;
    struct snapshot *out; /* NULL: only what lives is wanted */
    unsigned char row[ROW_SIZE];
    size_t len; /* of the row, so far */
};

/* Reads a number that begins with its lowest byte. */
static uint64_t read_number(const unsigned char *bytes, int size)
{
    uint64_t number = 0;

    for (int i = size; i-- > 0;)
        number = number << 8 | bytes[i];
    return number;
}

static struct hash128 read_hash(const unsigned char *bytes)
{
    return (struct hash128){.high = read_number(bytes, HASH_SIZE / 2),
                            .low = read_number(bytes + HASH_SIZE / 2, HASH_SIZE / 2)};
}

static void take_row(struct reading *reading)
{
    struct clickhouse_destination *dest = reading->dest;
    const unsigned char *day = reading->row + 2 * HASH_SIZE;
    struct stored_row row = {.key = read_hash(reading->row),
                             .fingerprint = read_hash(reading->row + HASH_SIZE),
                             .date = (int32_t)read_number(day, DAY_SIZE)};

    row.undated = row.date == 0;
    if (reading->out)
        snapshot_add(reading->out, row);
    dest->living = mem_grow(dest->living, dest->living_count + 1, sizeof(*dest->living));
    dest->living[dest->living_count++] =
        (struct clickhouse_living){.key = row.key, .id = read_number(day + DAY_SIZE, ID_SIZE)};
}

static bool take_bytes(void *arg, const char *bytes, size_t len, struct error *err)
{
    struct reading *reading = arg;

    (void)err;
    while (len) {
        const size_t wanted = ROW_SIZE - reading->len, some = len < wanted ? len : wanted;
        memcpy(reading->row + reading->len, bytes, some);
        reading->len += some;
        bytes += some;
        len -= some;
        if (reading->len == ROW_SIZE) {
            take_row(reading);
            reading->len = 0;
        }
    }
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
    if (!clickhouse_read(&dest->ch, purpose, sql, take_bytes, &reading, err))
        return false;
    if (reading.len)
        return clickhouse_report_error(&dest->ch, purpose, err, "the answer ends within a row");
    dest->living_read = true;
    dest->living_sorted = false;
    return true;
}

bool clickhouse_know_living(struct clickhouse_destination *dest, struct error *err)
{
    return dest->living_read || read_living(dest, NULL, err);
}

/* Sorted when the first row is looked up: of an unchanged window none is. */
struct clickhouse_living *clickhouse_find_living(struct clickhouse_destination *dest,
                                                 struct hash128 key)
{
    const struct clickhouse_living wanted = {.key = key};

    if (!dest->living_count)
        return NULL;
    if (!dest->living_sorted)
        qsort(dest->living, dest->living_count, sizeof(*dest->living), by_key);
    dest->living_sorted = true;
    return bsearch(&wanted, dest->living, dest->living_count, sizeof(wanted), by_key);
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
