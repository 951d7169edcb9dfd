/* SPDX-License-Identifier: MIT */
/* Reads what the table holds in a window, and whole rows as they stand in the table. */
#include "load/postgres/snapshot.h"

#include "base/mem.h"
#include "load/postgres/decode.h"
#include "load/postgres/sql.h"
#include "load/postgres/transaction.h"
#include "load/rehash.h"

#include <stdlib.h>

enum { EPOCH = 10957 }; /* 2000-01-01 as a day number: PostgreSQL counts days from it */

static const char purpose[] = "read a window", rows_purpose[] = "read the rows of a table";

struct reader {
    struct postgres_destination *dest;
    struct snapshot *out;
};

/* Adds a row (key, fingerprint, day) to the snapshot. */
static bool take_row(void *arg, const struct cell *fields, struct error *err)
{
    const struct reader *reader = arg;
    struct stored_row stored = {.undated = !fields[2].text};

    if (!copy_field_hash(fields[0], &stored.key) ||
        !copy_field_hash(fields[1], &stored.fingerprint) ||
        (!stored.undated && fields[2].len != sizeof(uint32_t)))
        return postgres_report_error(reader->dest, purpose, err,
                                     "a row of %s has a " COLUMN_ROW_KEY " or " COLUMN_ROW_HASH
                                     " that etl-sigos did not write",
                                     reader->dest->base.report->name);
    if (!stored.undated)
        stored.date = (int32_t)copy_field_number(fields[2]) + EPOCH;
    snapshot_add(reader->out, stored);
    return true;
}

static bool read_rows(struct postgres_destination *dest, struct snapshot *out, struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_snapshot(dest->base.report, dest->base.window);
    struct reader reader = {.dest = dest, .out = out};

    return postgres_copy_out_rows(dest, purpose, sql, 3, take_row, &reader, err);
}

bool postgres_count_legacy(struct postgres_destination *dest, size_t *out, struct error *err)
{
    if (!dest->may_hold_legacy_rows) {
        *out = 0;
        return true;
    }
    MEM_FREE_TEXT char *sql = postgres_sql_count_legacy(dest->base.report, dest->base.window);
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
    size_t legacy_rows;

    if (read_rows(dest, out, err) && postgres_count_legacy(dest, &legacy_rows, err)) {
        out->legacy_rows +=
            /* a window that is not complete does not replace them */
            base->window.complete ? legacy_rows : 0;
        return true;
    }
    out->count = count;
    out->dated = dated;
    return false;
}

/* One call of postgres_read_rows. */
struct whole_reader {
    struct rehash rehash;
    destination_table_row *row;
    void *arg;
};

/* Hands over a row (key, fingerprint, cells). */
static bool take_whole_row(void *arg, const struct cell *fields, struct error *err)
{
    struct whole_reader *in = arg;
    struct table_row row = {.cells = fields + 2, .legacy = !fields[0].text};

    row.has_key = copy_field_hash(fields[0], &row.key);
    row.has_fingerprint = copy_field_hash(fields[1], &row.fingerprint);
    rehash_row(&in->rehash, &row);
    return in->row(in->arg, &row, err);
}

bool postgres_read_rows(struct destination *base, const struct report *report,
                        struct row_range range, destination_table_row *row, void *arg,
                        struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    MEM_FREE_TEXT char *sql = postgres_sql_read_rows(report, range);
    struct whole_reader in = {.row = row, .arg = arg};
    const bool alone = !base->report;

    if (alone) {
        dest->heed_stop = true;
        if (!postgres_transaction_begin(dest, rows_purpose, ANY_WRITER, NULL, NULL, err))
            return false;
    }
    rehash_init(&in.rehash, report);
    bool ok = postgres_copy_out_rows(dest, rows_purpose, sql, report->column_count + 2,
                                     take_whole_row, &in, err);
    rehash_done(&in.rehash);
    if (alone)
        postgres_transaction_rollback(dest);
    return ok;
}
