/* SPDX-License-Identifier: MIT */
/* Compares what the ledger says of each window with what there is, and takes back the windows that
 * lost something. */
#include "load/clickhouse/repair.h"

#include "base/mem.h"
#include "load/clickhouse/commit.h"
#include "load/clickhouse/compact.h"
#include "load/clickhouse/settle.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/window.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 1024 * 1024 };

static const char purpose[] = "look for what is lost";

/* A window, and how many rows, marks and changes it had and has. */
struct damage {
    uint64_t tx;
    char *had[3], *has[3];
};

struct damages {
    struct damage *items;
    size_t count;
};

static void damages_done(struct damages *damages)
{
    for (size_t i = 0; i < damages->count; i++)
        for (int k = 0; k < 3; k++) {
            free(damages->items[i].had[k]);
            free(damages->items[i].has[k]);
        }
    free(damages->items);
}

static bool take_damage(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct damages *damages = arg;

    (void)count;
    (void)err;
    damages->items = mem_grow(damages->items, damages->count + 1, sizeof(*damages->items));
    struct damage *damage = &damages->items[damages->count++];
    damage->tx = strtoull(cells[0].text, NULL, 10);
    for (int k = 0; k < 3; k++) {
        damage->had[k] = mem_copy_n(cells[1 + 2 * k].text, cells[1 + 2 * k].len);
        damage->has[k] = mem_copy_n(cells[2 + 2 * k].text, cells[2 + 2 * k].len);
    }
    return true;
}

/* --- telling --------------------------------------------------------------------------------- */

struct telling {
    const struct report *report;
    const struct damage *damage;
    destination_row *told;
    void *arg;
};

/* first, last, run_id and the mark of a piece, as etl_windows takes them from an entry; it no
 * longer shows the window. */
static bool take_window(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    static const char *const what[] = {"rows", "marks", "changes"};
    const struct telling *telling = arg;
    const struct damage *damage = telling->damage;
    BUF_DONE struct buf wrong = BUF_INIT(4096);

    (void)count;
    const bool is_piece = cells[3].text && strcmp(cells[3].text, CLICKHOUSE_PIECE) == 0;
    if (is_piece)
        buf_addf(&wrong, "what run %s copied of %s has lost something:", cells[2].text,
                 telling->report->name);
    else
        buf_addf(&wrong, "the window of %s from %s to %s that run %s loaded has lost something:",
                 telling->report->name, cells[0].text, cells[1].text, cells[2].text);
    for (int k = 0; k < 3; k++)
        if (strcmp(damage->had[k], damage->has[k]) != 0)
            buf_addf(&wrong, " of %s %s there are %s,", damage->had[k], what[k], damage->has[k]);
    buf_add_text(&wrong, " so it was taken back");
    MEM_FREE_TEXT char *mend =
        is_piece ? mem_copy("look at the server's disk and log, and copy the database again into"
                            " an empty one: etl-sigos copy")
                 : mem_format("look at the server's disk and log, and load the days again:"
                              " etl-sigos full --from %s --to %s",
                              cells[0].text, cells[1].text);
    const struct cell out[] = {{buf_text(&wrong), wrong.len}, {mend, strlen(mend)}};
    return telling->told(telling->arg, out, 2, err);
}

static bool tell(struct clickhouse_destination *dest, struct telling *telling, struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format(
        "SELECT entry[3], entry[4], entry[1], entry[29] FROM etl_ledger WHERE tx = %" PRIu64,
        telling->damage->tx);

    return clickhouse_query(&dest->ch, purpose, sql, NULL, 0, take_window, telling, err);
}

/* --- taking back ----------------------------------------------------------------------------- */

static bool take_back(struct clickhouse_destination *dest, const struct damages *damages,
                      struct error *err)
{
    BUF_DONE struct buf rows = BUF_INIT(SQL_MAX);

    for (size_t i = 0; i < damages->count; i++)
        buf_addf(&rows, "%" PRIu64 "\n", damages->items[i].tx);
    return clickhouse_insert(&dest->ch, "take windows back",
                             "INSERT INTO etl_void (tx) FORMAT TabSeparated", &rows, err);
}

/* In the open window, which decides no days, ends what is there twice. It is no window of the
 * ledger: no run loaded it. */
static bool write_ends(struct clickhouse_destination *dest, const struct report *report,
                       struct error *err)
{
    uint64_t count = 0;
    MEM_FREE_TEXT char *end = clickhouse_sql_end_doubles(report, clickhouse_site(dest), dest->tx);
    MEM_FREE_TEXT char *ended =
        mem_format("SELECT count() FROM `%s_marks` WHERE tx = %" PRIu64, report->name, dest->tx);
    const bool ok = clickhouse_run(&dest->ch, "end rows that are there twice", end, err) &&
                    clickhouse_number(&dest->ch, purpose, ended, &count, err);
    dest->deaths = count;
    return ok && (!count || clickhouse_commit(&dest->base, NULL, err));
}

/* A row that a window had replaced lives again without it; if a later window has replaced the new
 * one, too, the key is there twice. The newest stays. */
static bool end_doubles(struct clickhouse_destination *dest, const struct report *report,
                        struct error *err)
{
    const struct window no_days = {.own_first = 0, .own_last = -1};

    if (!clickhouse_begin(&dest->base, report, no_days, err))
        return false;
    dest->base.report = report; /* as destination_begin does */
    dest->base.window = no_days;
    const bool ok = write_ends(dest, report, err);
    clickhouse_rollback(&dest->base);
    dest->base.report = NULL;
    return ok;
}

bool clickhouse_repair(struct destination *base, const struct report *report, destination_row *told,
                       void *arg, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    struct telling telling = {.report = report, .told = told, .arg = arg};
    struct damages damages = {0};
    bool is_compacted = false;

    dest->ch.heed_stop = true;
    if (!clickhouse_settle(dest, err) ||
        !clickhouse_compaction_is_open(dest, report, &is_compacted, err))
        return false;
    MEM_FREE_TEXT char *sql = clickhouse_sql_damage(report, clickhouse_site(dest), is_compacted);
    bool ok = clickhouse_query(&dest->ch, purpose, sql, NULL, 0, take_damage, &damages, err);
    /* What a window had replaced would live again, and then be removed while it is read. */
    if (ok && damages.count && is_compacted)
        ok = clickhouse_compaction_end_rows(dest, report, err);
    if (ok && damages.count)
        ok = take_back(dest, &damages, err) && end_doubles(dest, report, err);
    for (size_t i = 0; ok && i < damages.count; i++) {
        telling.damage = &damages.items[i];
        ok = tell(dest, &telling, err);
    }
    damages_done(&damages);
    return ok;
}
