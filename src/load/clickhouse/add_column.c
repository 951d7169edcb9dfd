/* SPDX-License-Identifier: MIT */
/* Adds a column to a report's table: noted first, so that a program that is killed between the
 * statements leaves no column that seems to be another's. */
#include "load/clickhouse/add_column.h"

#include "base/mem.h"
#include "load/clickhouse/columns.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/table.h"

#include <strings.h>

static bool has_in_any_case(const struct clickhouse_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcasecmp(names->items[i], name) == 0)
            return true;
    return false;
}

/* Sets whether the table has a column of that name in upper or lower case, and whether etl-sigos
 * added it. */
static bool find_column(struct clickhouse_destination *dest, const struct report *report,
                        const char *name, bool *exists, bool *ours, struct error *err)
{
    struct clickhouse_names there = {0}, added = {0};

    const bool ok = clickhouse_read_columns(dest, report, "_rows", &there, err) &&
                    clickhouse_read_added(dest, report, &added, err);
    *exists = has_in_any_case(&there, name);
    *ours = clickhouse_names_have(&there, name) && clickhouse_names_have(&added, name);
    clickhouse_names_done(&there);
    clickhouse_names_done(&added);
    return ok;
}

static bool make_column(struct clickhouse_destination *dest, const struct report *report,
                        const char *name, const struct run *run, struct error *err)
{
    MEM_FREE_TEXT char *sql = clickhouse_sql_add_column(report, clickhouse_site(dest), name);

    return clickhouse_note_column(dest, report, name, run->id, false, err) &&
           clickhouse_run_on_shards(&dest->ch, "add a column", sql, err);
}

bool clickhouse_add_column(struct destination *base, const struct report *report, const char *name,
                           const struct run *run, bool *added, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    bool exists, ours;

    dest->ch.heed_stop = true;
    if ((base->token && !clickhouse_renew_lease(base, err)) ||
        !find_column(dest, report, name, &exists, &ours, err) ||
        (!exists && !make_column(dest, report, name, run, err)) ||
        ((!exists || ours) && !clickhouse_show_columns(dest, report, err)))
        return false;
    *added = !exists || ours;
    return true;
}
