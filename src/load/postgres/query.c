/* SPDX-License-Identifier: MIT */
/* Runs SELECTs and hands over their rows as the same texts that SQLite has. */
#include "load/postgres/query.h"

#include "base/mem.h"
#include "load/postgres/client.h"
#include "load/postgres/transaction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char purpose[] = "read the ledger";

enum { TYPE_INSTANT = 1184 }; /* the oid of timestamptz */

/* Turns "2026-11-23 18:30:01-03" into "2026-11-23T18:30:01-03:00", the form of base/clock.h. */
static struct cell format_instant(const char *text, size_t len, char out[CLOCK_STAMP_SIZE])
{
    const bool hours_only = len > 3 && (text[len - 3] == '-' || text[len - 3] == '+');

    snprintf(out, CLOCK_STAMP_SIZE, "%s%s", text, hours_only ? ":00" : "");
    out[10] = 'T';
    return (struct cell){.text = out, .len = strlen(out)};
}

static void take_cells(const PGresult *res, int row, struct cell *cells,
                       char (*stamps)[CLOCK_STAMP_SIZE])
{
    for (int i = 0; i < PQnfields(res); i++) {
        const char *text = PQgetvalue(res, row, i);
        const size_t len = (size_t)PQgetlength(res, row, i);
        if (PQgetisnull(res, row, i))
            cells[i] = (struct cell){0};
        else if (PQftype(res, i) == TYPE_INSTANT && len > 10)
            cells[i] = format_instant(text, len, stamps[i]);
        else
            cells[i] = (struct cell){.text = text, .len = len};
    }
}

static bool hand_over(const PGresult *res, destination_row *row, void *arg, struct error *err)
{
    const size_t count = (size_t)PQnfields(res);
    struct cell *cells = mem_array(count, sizeof(*cells));
    char(*stamps)[CLOCK_STAMP_SIZE] = mem_array(count, sizeof(*stamps));
    bool ok = true;

    for (int i = 0; ok && i < PQntuples(res); i++) {
        take_cells(res, i, cells, stamps);
        ok = row(arg, cells, count, err);
    }
    free(cells);
    free(stamps);
    return ok;
}

/* Sets the time zone of TZ for the transaction, so that days begin at midnight of the portal's zone
 * and not of the server's. */
static bool use_our_zone(struct postgres_destination *dest, struct error *err)
{
    const char *zone = getenv("TZ");
    struct parameters p = {0};

    if (!zone || !*zone || *zone == ':')
        return true;
    parameter_text(&p, zone);
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, purpose, "SELECT set_config('TimeZone', $1, true)", &p, err);
    return res != NULL;
}

/* The values of a query, in order, for $1, $2 and so on. */
struct values {
    const char *const *texts;
    size_t count;
};

static bool read_rows(struct postgres_destination *dest, const char *sql, struct values values,
                      destination_row *row, void *arg, struct error *err)
{
    if (!use_our_zone(dest, err))
        return false;
    RESULT_CLEAR PGresult *res =
        values.count
            ? postgres_query_values(dest, purpose, sql, (int)values.count, values.texts, err)
            : postgres_query(dest, purpose, sql, NULL, err);
    return res && hand_over(res, row, arg, err);
}

bool postgres_read_values(struct destination *base, const char *sql, const char *const *values,
                          size_t value_count, destination_row *row, void *arg, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    const struct values given = {values, value_count};

    if (base->report || base->works)
        return read_rows(dest, sql, given, row, arg, err);
    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, purpose, ANY_WRITER, NULL, NULL, err))
        return false;
    bool ok = read_rows(dest, sql, given, row, arg, err);
    postgres_transaction_rollback(dest);
    return ok;
}

bool postgres_read(struct destination *base, const char *sql, destination_row *row, void *arg,
                   struct error *err)
{
    return postgres_read_values(base, sql, NULL, 0, row, arg, err);
}
