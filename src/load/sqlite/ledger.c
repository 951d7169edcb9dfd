/* SPDX-License-Identifier: MIT */
/* Writes and reads the ledger in SQLite: runs, windows and rejects. */
#include "load/sqlite/ledger.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "load/ledger_fields.h"
#include "load/sqlite/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSERT_MAX = 4096 };

bool sqlite_start_run(struct destination *base, const struct run *run, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, sqlite_of(base), "note the start of the run",
                        "INSERT INTO etl_runs (id, mode, started_at) VALUES (?, ?, ?)"
                        " ON CONFLICT (id) DO UPDATE SET mode = excluded.mode",
                        err))
        return false;
    statement_text(&st, run->id);
    statement_text(&st, run->mode);
    statement_instant(&st, run->started_at);
    return statement_run(&st, err);
}

bool sqlite_end_run(struct destination *base, const struct run *run, int exit_code, time_t ended_at,
                    struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, sqlite_of(base), "note the end of the run",
                        "UPDATE etl_runs SET ended_at = ?, exit_code = ? WHERE id = ?", err))
        return false;
    statement_instant(&st, ended_at);
    statement_int(&st, exit_code);
    statement_text(&st, run->id);
    return statement_run_one(&st, err);
}

static void bind_field(struct statement *st, const struct ledger_field *field)
{
    switch (field->type) {
    case LEDGER_TEXT:
        statement_text(st, field->text);
        break;
    case LEDGER_DAY:
        statement_day(st, field->day);
        break;
    case LEDGER_FLAG:
        statement_int(st, field->flag);
        break;
    case LEDGER_COUNT:
        statement_count(st, field->count);
        break;
    case LEDGER_INSTANT:
        statement_instant(st, field->instant);
        break;
    case LEDGER_REAL:
        statement_real(st, field->real);
        break;
    }
}

bool sqlite_record(struct destination *base, const struct ledger_entry *entry, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    BUF_DONE struct buf sql = BUF_INIT(INSERT_MAX);
    struct ledger_field fields[LEDGER_FIELD_COUNT];

    ledger_fields(entry, fields);
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++)
        buf_addf(&sql, "%s%s", i ? ", " : "INSERT INTO etl_windows (", fields[i].column);
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++)
        buf_add_text(&sql, i ? ", ?" : ") VALUES (?");
    buf_add_char(&sql, ')');
    if (!statement_open(&st, sqlite_of(base), "note a window in the ledger", buf_text(&sql), err))
        return false;
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++)
        bind_field(&st, &fields[i]);
    return statement_run(&st, err);
}

/* Marks the loaded days. The query returns days as day numbers, so they need no parsing. A day that
 * was not over when its load began is left out. */
static bool mark_days(struct statement *st, struct window window, bool *days, struct error *err)
{
    bool row;

    while (statement_next(st, &row, err)) {
        if (!row)
            return true;
        const int64_t first = sqlite3_column_int64(st->stmt, 0);
        const int64_t last = sqlite3_column_int64(st->stmt, 1);
        const int64_t loaded_on = sqlite3_column_int64(st->stmt, 2);
        loaded_days_mark(days, window, first, last < loaded_on ? last : loaded_on - 1);
    }
    return false;
}

bool sqlite_loaded_days(struct destination *base, bool *days, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    const struct window window = base->window;
    const size_t count = window_owned_days(window);

    if (count == 0)
        return true;
    if (!statement_open(&st, sqlite_of(base), "read which days were loaded before",
                        "SELECT unixepoch(own_first) / 86400, unixepoch(own_last) / 86400,"
                        " max(unixepoch(substr(started_at, 1, 10))) / 86400"
                        " FROM etl_windows WHERE report = ? AND status = 'loaded'"
                        " AND own_first <= ? AND own_last >= ? GROUP BY 1, 2",
                        err))
        return false;
    statement_text(&st, base->report->name);
    statement_day(&st, window.own_last);
    statement_day(&st, window.own_first);
    bool *marked = mem_array(count, sizeof(*marked));
    bool ok = mark_days(&st, window, marked, err);
    if (ok)
        memcpy(days, marked, count * sizeof(*marked));
    free(marked);
    return ok;
}

bool sqlite_reject(struct destination *base, const struct run *run, const struct batch *batch,
                   struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, sqlite_of(base), "keep a reject",
                        "INSERT INTO etl_rejects (id, run_id, report, file, line, reason, raw)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                        err))
        return false;
    for (size_t i = 0; i < batch->reject_count; i++) {
        const struct reject *reject = &batch->rejects[i];
        statement_hash(&st, reject->id);
        statement_text(&st, run->id);
        statement_text(&st, base->report->name);
        statement_text(&st, reject->file);
        statement_count(&st, reject->line);
        statement_text(&st, reject->reason);
        statement_bytes(&st, reject->raw, reject->raw_len);
        if (!statement_run(&st, err))
            return false;
    }
    return true;
}

bool sqlite_execute(struct destination *base, const char *purpose, const char *sql,
                    struct error *err)
{
    return sqlite_run(sqlite_of(base), purpose, sql, err);
}
