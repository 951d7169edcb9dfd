/* SPDX-License-Identifier: MIT */
/* Runs SELECTs and hands over their rows; reads of one state, with a time limit. */
#include "load/sqlite/read.h"

#include "base/mem.h"
#include "base/stop.h"

#include <stdio.h>
#include <stdlib.h>

/* Between two looks at the clock: some 100 µs. */
enum { STEPS_BETWEEN_LOOKS = 10000 };

/* Binds values to $1, $2 and so on. A statement need not use all of them. */
static void bind_values(struct statement *st, const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char name[24];
        snprintf(name, sizeof(name), "$%zu", i + 1);
        const int place = sqlite3_bind_parameter_index(st->stmt, name);
        if (place > 0 && st->bind_error == SQLITE_OK)
            st->bind_error = sqlite3_bind_text(st->stmt, place, values[i], -1, SQLITE_STATIC);
    }
}

static bool hand_over(struct statement *st, destination_row *row, void *arg, struct error *err)
{
    const size_t count = (size_t)sqlite3_column_count(st->stmt);
    struct cell *cells = mem_array(count, sizeof(*cells));
    bool more, ok;

    while ((ok = statement_next(st, &more, err)) && more) {
        for (size_t i = 0; i < count; i++)
            cells[i] = statement_read_cell(st, (int)i);
        if (!(ok = row(arg, cells, count, err)))
            break;
    }
    free(cells);
    return ok;
}

/* Says why look_at_clock ended the statement. */
static bool report_interrupt(struct sqlite_destination *dest, struct error *err)
{
    if (!stop_check(err))
        return error_context(err, "sqlite %s: read", dest->path);
    error_set(err, ERROR_DATABASE, "sqlite %s: read: the query did not end within %d ms",
              dest->path, dest->read_timeout_ms);
    return error_mark_divisible(err);
}

bool sqlite_query(struct destination *base, const char *sql, const char *const *values,
                  size_t value_count, destination_row *row, void *arg, struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);
    STATEMENT_CLOSE struct statement st = {0};

    dest->read_deadline = clock_ms() + dest->read_timeout_ms;
    if (!statement_open(&st, dest, base->reads ? "read" : "read the ledger", sql, err))
        return false;
    bind_values(&st, values, value_count);
    dest->interrupted = false;
    const bool ok = hand_over(&st, row, arg, err);
    return ok || !dest->interrupted ? ok : report_interrupt(dest, err);
}

/* SQLite calls it now and then during a statement; anything but 0 ends the statement. */
static int look_at_clock(void *arg)
{
    struct sqlite_destination *dest = arg;

    dest->interrupted = stop_signal() || clock_ms() >= dest->read_deadline;
    return dest->interrupted;
}

/* The transaction sees one state only from its first statement on. */
bool sqlite_begin_read(struct destination *base, int timeout_ms, struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);

    if (!sqlite_run(dest, "begin to read",
                    "PRAGMA query_only = ON; BEGIN; SELECT count(*) FROM sqlite_master", err)) {
        sqlite_transaction_rollback(dest);
        sqlite3_exec(dest->db, "PRAGMA query_only = OFF", NULL, NULL, NULL);
        return false;
    }
    dest->read_timeout_ms = timeout_ms;
    sqlite3_progress_handler(dest->db, STEPS_BETWEEN_LOOKS, look_at_clock, dest);
    return true;
}

void sqlite_end_read(struct sqlite_destination *dest)
{
    if (!dest->read_timeout_ms)
        return;
    dest->read_timeout_ms = 0;
    sqlite3_progress_handler(dest->db, 0, NULL, NULL);
    sqlite3_exec(dest->db, "PRAGMA query_only = OFF", NULL, NULL, NULL);
}
