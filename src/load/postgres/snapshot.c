/* SPDX-License-Identifier: MIT */
/* What the table holds in a window, and rows as they stand there. */
#include "load/postgres/copy_rows.h"

#include "base/mem.h"
#include "load/standing.h"

#include <stdlib.h>

enum { EPOCH = 10957 }; /* PostgreSQL counts days from 2000-01-01 */

static const char purpose[] = "read a window", standing_purpose[] = "read the rows of a table";

struct reader {
    struct postgres_destination *dest;
    struct snapshot *out;
};

/* Key, fingerprint, day. */
static bool take_row(void *arg, const struct cell *fields, struct error *err)
{
    const struct reader *reader = arg;
    struct held_row held = {.undated = !fields[2].text};

    if (!copy_field_hash(fields[0], &held.key) || !copy_field_hash(fields[1], &held.fingerprint) ||
        (!held.undated && fields[2].len != sizeof(uint32_t)))
        return postgres_refuse(reader->dest, purpose, err,
                               "a row of %s has a " COLUMN_ROW_KEY " or " COLUMN_ROW_HASH
                               " that etl-sigos did not write",
                               reader->dest->base.report->name);
    if (!held.undated)
        held.date = (int32_t)copy_field_number(fields[2]) + EPOCH;
    snapshot_add(reader->out, held);
    return true;
}

static bool read_rows(struct postgres_destination *dest, struct snapshot *out, struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_snapshot(dest->base.report, dest->base.window);
    struct reader reader = {.dest = dest, .out = out};

    return postgres_copy_out_rows(dest, purpose, sql, 3, take_row, &reader, err);
}

bool postgres_count_strangers(struct postgres_destination *dest, size_t *out, struct error *err)
{
    if (!dest->may_hold_strangers) {
        *out = 0;
        return true;
    }
    MEM_FREE_TEXT char *sql = postgres_sql_count_strangers(dest->base.report, dest->base.window);
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, "count the rows of another program", sql, NULL, err);

    if (res)
        *out = strtoull(PQgetvalue(res, 0, 0), NULL, 10);
    return res != NULL;
}

bool postgres_snapshot(struct destination *base, struct snapshot *out, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    const size_t count = out->count, dated = out->dated;
    size_t strangers;

    if (read_rows(dest, out, err) && postgres_count_strangers(dest, &strangers, err)) {
        out->strangers +=
            base->window.complete ? strangers : 0; /* else they stay: nothing to judge */
        return true;
    }
    out->count = count;
    out->dated = dated;
    return false;
}

/* One call of read_rows. */
struct standing {
    struct rehash rehash;
    destination_standing *row;
    void *arg;
};

/* Key, fingerprint, cells. */
static bool take_standing(void *arg, const struct cell *fields, struct error *err)
{
    struct standing *in = arg;
    struct standing_row row = {.cells = fields + 2, .foreign = !fields[0].text};

    row.has_key = copy_field_hash(fields[0], &row.key);
    row.has_fingerprint = copy_field_hash(fields[1], &row.fingerprint);
    rehash_row(&in->rehash, &row);
    return in->row(in->arg, &row, err);
}

bool postgres_read_rows(struct destination *base, const struct report *report,
                        struct row_range range, destination_standing *row, void *arg,
                        struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    MEM_FREE_TEXT char *sql = postgres_sql_standing(report, range);
    struct standing in = {.row = row, .arg = arg};
    const bool alone = !base->report;

    if (alone) {
        dest->heed_stop = true;
        if (!postgres_enter(dest, standing_purpose, ANY_WRITER, NULL, NULL, err))
            return false;
    }
    rehash_init(&in.rehash, report);
    bool ok = postgres_copy_out_rows(dest, standing_purpose, sql, report->column_count + 2,
                                     take_standing, &in, err);
    rehash_done(&in.rehash);
    if (alone)
        postgres_leave(dest);
    return ok;
}
