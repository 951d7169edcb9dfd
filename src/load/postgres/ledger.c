/* SPDX-License-Identifier: MIT */
/* Writes and reads the ledger in PostgreSQL: runs, windows and rejects. */
#include "load/postgres/ledger.h"

#include "base/mem.h"
#include "load/ledger_fields.h"
#include "load/postgres/encode.h"
#include "load/postgres/transaction.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSERT_MAX = 4096 };

static bool insert_run(struct postgres_destination *dest, const struct parameters *p,
                       const struct commit_proof *proof, struct error *err)
{
    static const char purpose[] = "note the start of the run";
    static const char sql[] = "INSERT INTO etl_runs (id, mode, started_at) VALUES ($1, $2, $3)"
                              " ON CONFLICT (id) DO UPDATE SET mode = excluded.mode";

    if (!dest->base.report)
        return postgres_write_one(dest, purpose, sql, p, proof, err);
    /* within a rehearsal's window, which is rolled back */
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, sql, p, err);
    return res != NULL;
}

bool postgres_start_run(struct destination *base, const struct run *run, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    struct parameters p = {0}, id = {0};
    const struct commit_proof proof = {"SELECT 1 FROM etl_runs WHERE id = $1", &id};

    parameter_text(&p, run->id);
    parameter_text(&p, run->mode);
    parameter_instant(&p, run->started_at);
    parameter_text(&id, run->id);
    dest->heed_stop = true;
    return insert_run(dest, &p, &proof, err);
}

bool postgres_end_run(struct destination *base, const struct run *run, int exit_code,
                      time_t ended_at, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    struct parameters p = {0}, id = {0};
    const struct commit_proof proof = {
        "SELECT 1 FROM etl_runs WHERE id = $1 AND ended_at IS NOT NULL", &id};

    parameter_instant(&p, ended_at);
    parameter_int(&p, exit_code);
    parameter_text(&p, run->id);
    parameter_text(&id, run->id);
    dest->heed_stop = false;
    return postgres_write_one(dest, "note the end of the run",
                              "UPDATE etl_runs SET ended_at = $1, exit_code = $2 WHERE id = $3", &p,
                              &proof, err);
}

static void add_field(struct parameters *p, const struct ledger_field *field)
{
    switch (field->type) {
    case LEDGER_TEXT:
        parameter_text(p, field->text);
        break;
    case LEDGER_DAY:
        parameter_day(p, field->day);
        break;
    case LEDGER_FLAG:
        parameter_int(p, field->flag);
        break;
    case LEDGER_COUNT:
        parameter_count(p, field->count);
        break;
    case LEDGER_INSTANT:
        parameter_instant(p, field->instant);
        break;
    case LEDGER_REAL:
        parameter_real(p, field->real);
        break;
    }
}

/* Inserts the window's row, within a transaction. Fills `id` with what finds that row after the
 * commit. */
static bool insert_window(struct postgres_destination *dest, const struct ledger_entry *entry,
                          struct parameters *id, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(INSERT_MAX);
    struct ledger_field fields[LEDGER_FIELD_COUNT];
    struct parameters p = {0};

    ledger_fields(entry, fields);
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++) {
        buf_addf(&sql, "%s%s", i ? ", " : "INSERT INTO etl_windows (", fields[i].column);
        add_field(&p, &fields[i]);
    }
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++)
        buf_addf(&sql, "%s$%d", i ? ", " : ") VALUES (", i + 1);
    buf_add_text(&sql, ") RETURNING id");
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, "note a window in the ledger", buf_text(&sql), &p, err);
    if (!res)
        return false;
    parameter_int(id, strtoll(PQgetvalue(res, 0, 0), NULL, 10));
    parameter_text(id, entry->run_id);
    parameter_text(id, entry->report);
    return true;
}

/* The proof compares run and report too: a server that crashed may give the same id again. */
static bool end_window(struct postgres_destination *dest, const char *purpose,
                       const struct ledger_entry *entry, struct error *err)
{
    struct parameters id = {0};
    const struct commit_proof proof = {
        "SELECT 1 FROM etl_windows WHERE id = $1 AND run_id = $2 AND report = $3", &id};

    return insert_window(dest, entry, &id, err) &&
           postgres_transaction_commit(dest, purpose, &proof, err);
}

bool postgres_commit(struct destination *base, const struct ledger_entry *entry, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);

    dest->heed_stop = false;
    return entry ? end_window(dest, "commit a window", entry, err)
                 : postgres_transaction_commit(dest, "commit a piece", NULL, err);
}

bool postgres_record(struct destination *base, const struct ledger_entry *entry, struct error *err)
{
    static const char purpose[] = "note a window in the ledger";
    struct postgres_destination *dest = postgres_of(base);

    dest->heed_stop = false;
    bool ok = postgres_transaction_begin(dest, purpose, ANY_WRITER, NULL, NULL, err) &&
              end_window(dest, purpose, entry, err);
    postgres_transaction_rollback(dest);
    return ok;
}

bool postgres_execute(struct destination *base, const char *purpose, const char *sql,
                      struct error *err)
{
    return postgres_run(postgres_of(base), purpose, sql, err);
}

/* Marks the loaded days. The query returns days as day numbers, so they need no parsing. A day that
 * was not over when its load began is left out; the load's day is that of this program's time
 * zone. */
static void mark_days(const PGresult *res, struct window window, bool *days)
{
    for (int row = 0; row < PQntuples(res); row++) {
        const int64_t first = strtoll(PQgetvalue(res, row, 0), NULL, 10);
        const int64_t last = strtoll(PQgetvalue(res, row, 1), NULL, 10);
        const int64_t loaded_on = clock_day_of((time_t)strtoll(PQgetvalue(res, row, 2), NULL, 10));
        loaded_days_mark(days, window, first, last < loaded_on ? last : loaded_on - 1);
    }
}

bool postgres_loaded_days(struct destination *base, bool *days, struct error *err)
{
    const struct window window = base->window;
    const size_t count = window_owned_days(window);
    struct parameters p = {0};

    if (count == 0)
        return true;
    parameter_text(&p, base->report->name);
    parameter_day(&p, window.own_last);
    parameter_day(&p, window.own_first);
    RESULT_CLEAR PGresult *res =
        postgres_query(postgres_of(base), "read which days were loaded before",
                       "SELECT own_first - date '1970-01-01', own_last - date '1970-01-01',"
                       " floor(extract(epoch FROM max(started_at)))::bigint"
                       " FROM etl_windows WHERE report = $1 AND status = 'loaded'"
                       " AND own_first <= $2 AND own_last >= $3 GROUP BY own_first, own_last",
                       &p, err);
    if (!res)
        return false;
    memset(days, 0, count * sizeof(*days));
    mark_days(res, window, days);
    return true;
}

/* Rejects are sent as arrays, because COPY has no ON CONFLICT */

enum {
    /* raw text of the rejects that are sent at once, and one reject more */
    PIECE_BYTES = 1024 * 1024,
    ARRAY_MAX = 64 * 1024 * 1024,
    RUN = 0, /* numbers of the parameters */
    REPORT,
    IDS,
    FILES,
    LINES,
    REASONS,
    RAWS,
    COUNT
};

struct piece {
    struct buf arrays[COUNT]; /* from IDS on */
};

static struct cell cell_of(const char *text)
{
    return (struct cell){.text = text, .len = strlen(text)};
}

static void add(struct piece *piece, const struct reject *reject)
{
    char line[24];

    snprintf(line, sizeof(line), "%" PRIu64, reject->line);
    array_text_hash(&piece->arrays[IDS], reject->id);
    array_text_cell(&piece->arrays[FILES], cell_of(reject->file));
    array_text_cell(&piece->arrays[LINES], cell_of(line));
    array_text_cell(&piece->arrays[REASONS], cell_of(reject->reason));
    array_text_cell(&piece->arrays[RAWS],
                    (struct cell){.text = reject->raw, .len = reject->raw_len});
}

static bool send(struct postgres_destination *dest, const struct run *run, struct piece *piece,
                 struct error *err)
{
    const char *values[COUNT] = {[RUN] = run->id, [REPORT] = dest->base.report->name};

    for (int i = IDS; i < COUNT; i++) {
        values[i] = array_text_end(&piece->arrays[i]);
        if (piece->arrays[i].full)
            return postgres_report_error(dest, "keep rejects", err, "they have over %d bytes",
                                         ARRAY_MAX);
    }
    RESULT_CLEAR PGresult *res = postgres_query_values(
        dest, "keep rejects",
        "INSERT INTO etl_rejects (run_id, report, id, file, line, reason, raw)"
        " SELECT $1, $2, * FROM"
        " unnest($3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[])"
        " ON CONFLICT (id) DO NOTHING",
        COUNT, values, err);
    for (int i = IDS; i < COUNT; i++)
        buf_reset(&piece->arrays[i]);
    return res != NULL;
}

bool postgres_reject(struct destination *base, const struct run *run, const struct batch *batch,
                     struct error *err)
{
    struct piece piece;
    bool ok = true;

    for (int i = 0; i < COUNT; i++)
        piece.arrays[i] = BUF_INIT(ARRAY_MAX);
    for (size_t i = 0; ok && i < batch->reject_count; i++) {
        add(&piece, &batch->rejects[i]);
        if (i + 1 == batch->reject_count || piece.arrays[RAWS].len >= PIECE_BYTES)
            ok = send(postgres_of(base), run, &piece, err);
    }
    for (int i = 0; i < COUNT; i++)
        buf_done(&piece.arrays[i]);
    return ok;
}
