/* SPDX-License-Identifier: MIT */
/* Writes rows of the ledger and the log under numbers of their own, made visible by one INSERT. */
#include "load/clickhouse/import.h"

#include "base/mem.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/settle.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"
#include "load/clickhouse/window.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1024 * 1024 * 1024 };

static const char purpose[] = "write what the other database has";

struct importer {
    struct clickhouse_destination *dest;
    const struct journal_table *table;
    struct buf rows;          /* of the table that is filled */
    struct buf ledger, begun; /* of etl_ledger and etl_begun */
    uint64_t tx, seq;         /* the last ones that were given */
};

/* --- the ledger ------------------------------------------------------------------------------ */

static struct cell text_cell(const char *text)
{
    return (struct cell){text, strlen(text)};
}

/* Begins a commit: its number, and the place behind all others. */
static bool next_commit(struct importer *in, struct error *err)
{
    if (!clickhouse_next_number(in->dest, purpose, &in->tx, err))
        return false;
    buf_addf(&in->begun, "%" PRIu64 "\t", in->tx);
    clickhouse_add_field(&in->begun, text_cell(in->dest->base.lease.run_id));
    buf_add_char(&in->begun, '\n');
    return true;
}

static void begin_entry(struct importer *in, const char *report, const char *status)
{
    buf_addf(&in->ledger, "%" PRIu64 "\t%" PRIu64 "\t", in->tx, ++in->seq);
    clickhouse_add_text(&in->ledger, report);
    clickhouse_add_text(&in->ledger, status);
    buf_add_char(&in->ledger, '[');
}

static void end_entry(struct importer *in, uint64_t changes)
{
    buf_addf(&in->ledger, "]\t[0,0,%" PRIu64 "]\n", changes);
}

/* Adds what makes a part of the log visible: no window, but readable as one (views.sql). */
static void add_piece(struct importer *in, const char *report, uint64_t changes)
{
    static const char *const parts[] = {
        "1970-01-02", "1970-01-02", "1970-01-02", "1970-01-02", "1", "loaded", "", "", ""};
    enum { BEFORE = 2, ENTRY = 28, STARTED = 26, ENDED = 27, TIMES = 2 };
    char now[CLOCK_STAMP_SIZE];
    const size_t texts = sizeof(parts) / sizeof(*parts);

    clock_format_zoned(clock_now(), now);
    begin_entry(in, report, "loaded");
    clickhouse_add_element(&in->ledger, true, text_cell(in->dest->base.lease.run_id));
    clickhouse_add_element(&in->ledger, false, text_cell(report));
    for (size_t i = BEFORE; i < ENTRY; i++)
        clickhouse_add_element(&in->ledger, false,
                               text_cell(i - BEFORE < texts                   ? parts[i - BEFORE]
                                         : i + 1 == STARTED || i + 1 == ENDED ? now
                                                                              : "0"));
    clickhouse_add_element(&in->ledger, false, text_cell(CLICKHOUSE_PIECE));
    end_entry(in, changes);
}

/* --- rows ------------------------------------------------------------------------------------ */

static void add_hash_cell(struct buf *out, struct cell digits)
{
    enum { HALF = 16 };
    char half[HALF + 1] = "";
    struct hash128 hash;

    memcpy(half, digits.text, digits.len < HALF ? digits.len : HALF);
    hash.high = strtoull(half, NULL, 16);
    hash.low = digits.len > HALF ? strtoull(digits.text + HALF, NULL, 16) : 0;
    clickhouse_add_hash(out, hash);
    buf_add_char(out, '\t');
}

static void add_cells(struct importer *in, const struct cell *cells)
{
    for (size_t c = 0; c < in->table->column_count; c++)
        if (in->table->columns[c].type == JOURNAL_HASH)
            add_hash_cell(&in->rows, cells[c]);
        else
            clickhouse_add_cell(&in->rows, cells[c]);
}

static void end_row(struct importer *in)
{
    in->rows.data[in->rows.len - 1] = '\n'; /* in the place of the last tab */
}

static struct cell member_text(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    return json_is_string(value)
               ? (struct cell){json_string_value(value), json_string_length(value)}
               : (struct cell){0};
}

/* Adds names, old and new of a change, by its objects: those of `after`, of a delete all. */
static void add_arrays(struct importer *in, struct cell before, struct cell after)
{
    json_t *old = before.text ? json_loadb(before.text, before.len, JSON_ALLOW_NUL, NULL) : NULL;
    json_t *new = after.text ? json_loadb(after.text, after.len, JSON_ALLOW_NUL, NULL) : NULL;
    const char *name;
    json_t *value;

    for (int part = 0; part < 3; part++) {
        bool first = true;
        buf_add_char(&in->rows, '[');
        json_object_foreach(new ? new : old, name, value)
        {
            clickhouse_add_element(&in->rows, first,
                                   part == 0   ? text_cell(name)
                                   : part == 1 ? member_text(old, name)
                                               : member_text(new, name));
            first = false;
        }
        buf_add_text(&in->rows, "]\t");
    }
    json_decref(old);
    json_decref(new);
}

static bool is_same_report(const struct journal_rows *rows, size_t a, size_t b)
{
    enum { REPORT = 1 };

    return strcmp(journal_rows_at(rows, a)[REPORT].text, journal_rows_at(rows, b)[REPORT].text) ==
           0;
}

/* The changes of one report in a row are a commit, because `check` counts by report. */
static bool add_changes(struct importer *in, const struct journal_rows *rows, struct error *err)
{
    enum { REPORT = 1, BEFORE = 7, AFTER = 8 };
    uint64_t n = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct cell *cells = journal_rows_at(rows, i);
        if (n == 0 && !next_commit(in, err))
            return false;
        buf_addf(&in->rows, "%" PRIu64 "\t%" PRIu64 "\t", in->tx, ++n);
        add_cells(in, cells);
        add_arrays(in, cells[BEFORE], cells[AFTER]);
        end_row(in);
        if (i + 1 == rows->count || !is_same_report(rows, i, i + 1)) {
            add_piece(in, cells[REPORT].text, n);
            n = 0;
        }
    }
    return true;
}

static bool add_windows(struct importer *in, const struct journal_rows *rows, struct error *err)
{
    enum { REPORT = 1, STATUS = 7 };

    for (size_t i = 0; i < rows->count; i++) {
        struct cell cells[JOURNAL_COLUMNS_MAX];
        struct journal_days days;
        memcpy(cells, journal_rows_at(rows, i), in->table->column_count * sizeof(*cells));
        journal_fit_days(in->table, cells, &days);
        if (!next_commit(in, err))
            return false;
        begin_entry(in, cells[REPORT].text, cells[STATUS].text);
        for (size_t c = 0; c < in->table->column_count; c++)
            clickhouse_add_element(&in->ledger, c == 0, cells[c]);
        end_entry(in, 0);
    }
    return true;
}

static bool add_rejects(struct importer *in, const struct journal_rows *rows, struct error *err)
{
    if (!next_commit(in, err))
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        buf_addf(&in->rows, "%" PRIu64 "\t", in->tx);
        add_cells(in, journal_rows_at(rows, i));
        end_row(in);
    }
    add_piece(in, "", 0);
    return true;
}

/* Adds notes; of two of one commit the greater n counts. */
static void add_notes(struct importer *in, const struct journal_rows *rows, bool gone)
{
    enum { DAY = 3 };

    for (size_t i = 0; i < rows->count; i++) {
        struct cell cells[JOURNAL_COLUMNS_MAX];
        const bool is_row = in->table->id == JOURNAL_KEPT_ROWS;
        memcpy(cells, journal_rows_at(rows, i), in->table->column_count * sizeof(*cells));
        const bool undated = is_row && !cells[DAY].text;
        if (undated)
            cells[DAY] = text_cell("1970-01-01");
        if (in->table->id == JOURNAL_HABITS)
            buf_addf(&in->rows, "%" PRIu64 "\t", in->tx);
        else
            buf_addf(&in->rows, "%" PRIu64 "\t%d\t", in->tx, !gone);
        add_cells(in, cells);
        if (is_row)
            buf_addf(&in->rows, "%d\t", undated);
        if (in->table->id != JOURNAL_HABITS)
            buf_addf(&in->rows, "%d\t", gone);
        end_row(in);
    }
}

static bool add_all_notes(struct importer *in, const struct journal_rows *gone,
                          const struct journal_rows *rows, struct error *err)
{
    if (in->table->id == JOURNAL_HABITS && gone->count)
        return clickhouse_report_error(
            &in->dest->ch, purpose, err,
            "it has a habit that the other database has no more: remove it with ALTER TABLE"
            " etl_habits_log DELETE WHERE habit = '%s'",
            journal_rows_at(gone, 0)[1].text);
    if (!next_commit(in, err))
        return false;
    add_notes(in, gone, true);
    add_notes(in, rows, false);
    add_piece(in, "", 0);
    return true;
}

/* The last entry of a column counts, by its number. */
static bool add_columns(struct importer *in, const struct journal_rows *gone,
                        const struct journal_rows *rows, struct error *err)
{
    uint64_t n = 0;

    if (!clickhouse_number(&in->dest->ch, purpose, "SELECT max(n) FROM etl_columns_log", &n, err))
        return false;
    for (int of_gone = 1; of_gone >= 0; of_gone--) {
        const struct journal_rows *list = of_gone ? gone : rows;
        for (size_t i = 0; i < list->count; i++) {
            buf_addf(&in->rows, "%" PRIu64 "\t", ++n);
            add_cells(in, journal_rows_at(list, i));
            buf_addf(&in->rows, "%d\t", of_gone);
            end_row(in);
        }
    }
    return true;
}

static bool add_rows(struct importer *in, const struct journal_rows *gone,
                     const struct journal_rows *rows, struct error *err)
{
    switch (in->table->id) {
    case JOURNAL_RUNS:
        for (size_t i = 0; i < rows->count; i++) {
            add_cells(in, journal_rows_at(rows, i));
            end_row(in);
        }
        return true;
    case JOURNAL_COLUMNS:
        return add_columns(in, gone, rows, err);
    case JOURNAL_WINDOWS:
        return add_windows(in, rows, err);
    case JOURNAL_CHANGES:
        return add_changes(in, rows, err);
    case JOURNAL_REJECTS:
        return add_rejects(in, rows, err);
    case JOURNAL_UNREAD_LINES:
    case JOURNAL_KEPT_ROWS:
    case JOURNAL_HABITS:
    case JOURNAL_TABLE_COUNT:
        break;
    }
    return add_all_notes(in, gone, rows, err);
}

/* --- all of it ------------------------------------------------------------------------------- */

static bool send_rows(struct importer *in, const char *table, const char *columns,
                      const struct buf *rows, struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format("INSERT INTO %s (%s) FORMAT TabSeparated", table, columns);

    if (rows->full)
        return clickhouse_report_error(&in->dest->ch, purpose, err, "they have over %d bytes",
                                       ROWS_MAX);
    return clickhouse_insert(&in->dest->ch, purpose, sql, rows, err);
}

/* What is there of a part of the log becomes visible by the rows of the ledger, which are one part
 * of its table: all of them or none. If their answer is lost, they are taken back unless they are
 * there; the last one stands for all. */
static bool commit(struct importer *in, struct error *err)
{
    struct clickhouse_destination *dest = in->dest;
    struct error ignored;
    bool committed = false;

    if (send_rows(in, "etl_ledger", "tx, seq, report, status, entry, wrote", &in->ledger, err))
        return true;
    dest->unsettled = in->tx;
    dest->unsettled_statement = dest->ch.statements;
    return clickhouse_settle_last(dest, &committed, &ignored) && committed;
}

static bool write_all(struct importer *in, const struct journal_rows *gone,
                      const struct journal_rows *rows, struct error *err)
{
    static const char *const columns[JOURNAL_TABLE_COUNT] = {
        [JOURNAL_RUNS] = "id, mode, started_at, ended_at, exit_code",
        [JOURNAL_COLUMNS] = "n, report, name, run_id, added_at, gone",
        [JOURNAL_CHANGES] =
            "tx, n, run_id, report, changed_at, window_date, row_key, op, key, before,"
            " after, names, old, new",
        [JOURNAL_REJECTS] = "tx, id, run_id, report, file, line, reason, raw",
        [JOURNAL_UNREAD_LINES] = "tx, n, report, line_id, run_id, seen_run_id, own_first, own_last,"
                                 " gone",
        [JOURNAL_KEPT_ROWS] = "tx, n, report, row_key, run_id, window_date, undated, gone",
        [JOURNAL_HABITS] = "tx, report, habit, run_id",
    };
    const enum journal_id id = in->table->id;
    MEM_FREE_TEXT char *table = mem_format("%s_log", in->table->name);

    return clickhouse_number(&in->dest->ch, purpose, "SELECT max(seq) FROM etl_ledger", &in->seq,
                             err) &&
           add_rows(in, gone, rows, err) &&
           send_rows(in, "etl_begun", "tx, run_id", &in->begun, err) &&
           (id == JOURNAL_WINDOWS || send_rows(in, table, columns[id], &in->rows, err)) &&
           (!in->ledger.len || commit(in, err));
}

bool clickhouse_import(struct destination *base, const struct journal_rows *gone,
                       const struct journal_rows *rows, struct error *err)
{
    struct importer in = {
        .dest = clickhouse_of(base),
        .table = rows->table,
        .rows = BUF_INIT(ROWS_MAX),
        .ledger = BUF_INIT(ROWS_MAX),
        .begun = BUF_INIT(ROWS_MAX),
    };

    in.dest->ch.heed_stop = true;
    const bool ok = clickhouse_settle(in.dest, err) && clickhouse_renew_lease(base, err) &&
                    write_all(&in, gone, rows, err);
    buf_done(&in.rows);
    buf_done(&in.ledger);
    buf_done(&in.begun);
    return ok;
}
