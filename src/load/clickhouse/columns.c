/* SPDX-License-Identifier: MIT */
/* Reads and notes which columns a report's table has. */
#include "load/clickhouse/columns.h"

#include "base/clock.h"
#include "base/mem.h"
#include "load/clickhouse/text.h"

#include <stdlib.h>
#include <string.h>

void clickhouse_names_done(struct clickhouse_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (struct clickhouse_names){0};
}

bool clickhouse_names_have(const struct clickhouse_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

static bool take_name(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct clickhouse_names *names = arg;

    (void)count;
    (void)err;
    names->items = mem_grow(names->items, names->count + 1, sizeof(*names->items));
    names->items[names->count++] = mem_copy_n(cells[0].text, cells[0].len);
    return true;
}

bool clickhouse_read_columns(struct clickhouse_destination *dest, const struct report *report,
                             const char *suffix, struct clickhouse_names *out, struct error *err)
{
    MEM_FREE_TEXT char *table = mem_format("%s%s", report->name, suffix);
    const char *const values[] = {table};

    return clickhouse_query(&dest->ch, "look at a report's table",
                            "SELECT name FROM system.columns WHERE database = currentDatabase()"
                            " AND table = $1",
                            values, 1, take_name, out, err);
}

bool clickhouse_read_added(struct clickhouse_destination *dest, const struct report *report,
                           struct clickhouse_names *out, struct error *err)
{
    return clickhouse_query(&dest->ch, "look for added columns",
                            "SELECT name FROM etl_columns WHERE report = $1 ORDER BY name",
                            &report->name, 1, take_name, out, err);
}

/* The entry gives itself the next number; only the run that holds the lease writes here. */
bool clickhouse_note_column(struct clickhouse_destination *dest, const struct report *report,
                            const char *name, const char *run_id, bool gone, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(64 * 1024);
    char now[CLOCK_STAMP_SIZE];
    const char *const values[] = {report->name, name, run_id, clock_format_zoned(clock_now(), now),
                                  gone ? "1" : "0"};

    clickhouse_bind(&sql,
                    "INSERT INTO etl_columns_log (n, report, name, run_id, added_at, gone)"
                    " SELECT (SELECT max(n) FROM etl_columns_log) + 1, $1, $2, $3, $4, toUInt8($5)"
                    " FROM system.one",
                    values, sizeof(values) / sizeof(*values));
    return clickhouse_run(&dest->ch, "write a column down", buf_text(&sql), err);
}

/* Hands over what was added and is there no more. */
static bool read_dropped(struct clickhouse_destination *dest, const struct report *report,
                         struct clickhouse_names *out, struct error *err)
{
    struct clickhouse_names there = {0}, added = {0};

    const bool ok = clickhouse_read_columns(dest, report, "_rows", &there, err) &&
                    clickhouse_read_added(dest, report, &added, err);
    for (size_t i = 0; ok && i < added.count; i++)
        if (!clickhouse_names_have(&there, added.items[i])) {
            const struct cell name = {added.items[i], strlen(added.items[i])};
            take_name(out, &name, 1, err);
        }
    clickhouse_names_done(&there);
    clickhouse_names_done(&added);
    return ok;
}

bool clickhouse_columns_are_there(struct clickhouse_destination *dest, const struct report *report,
                                  bool *out, struct error *err)
{
    struct clickhouse_names dropped = {0};

    const bool ok = read_dropped(dest, report, &dropped, err);
    *out = !dropped.count;
    clickhouse_names_done(&dropped);
    return ok;
}

bool clickhouse_forget_columns(struct clickhouse_destination *dest, const struct report *report,
                               struct error *err)
{
    struct clickhouse_names dropped = {0};

    bool ok = read_dropped(dest, report, &dropped, err);
    for (size_t i = 0; ok && i < dropped.count; i++)
        ok = clickhouse_note_column(dest, report, dropped.items[i], "", true, err);
    clickhouse_names_done(&dropped);
    return ok;
}
