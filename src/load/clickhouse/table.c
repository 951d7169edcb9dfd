/* SPDX-License-Identifier: MIT */
/* Makes a report's tables. */
#include "load/clickhouse/table.h"

#include "base/mem.h"
#include "load/clickhouse/sql.h"

#include <stdlib.h>
#include <string.h>

static bool take_engine(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    enum destination_state *state = arg;

    (void)count;
    (void)err;
    *state = strcmp(cells[0].text, "View") == 0 ? DESTINATION_READY : DESTINATION_UNADOPTED;
    return true;
}

bool clickhouse_find_table(struct clickhouse_destination *dest, const struct report *report,
                           enum destination_state *out, struct error *err)
{
    enum destination_state state = DESTINATION_EMPTY;
    const char *name = report->name;

    if (!clickhouse_query(&dest->ch, "look at the tables",
                          "SELECT engine FROM system.tables WHERE database = currentDatabase()"
                          " AND name = $1",
                          &name, 1, take_engine, &state, err))
        return false;
    *out = state;
    return true;
}

static bool run(struct clickhouse_destination *dest, char *sql, struct error *err)
{
    const bool ok = clickhouse_run(&dest->ch, "make a report's table", sql, err);

    free(sql);
    return ok;
}

bool clickhouse_make_table(struct clickhouse_destination *dest, const struct report *report,
                           struct error *err)
{
    const bool modern = clickhouse_is_since(&dest->ch, 24, 3);
    enum destination_state state = DESTINATION_EMPTY;

    if (!clickhouse_find_table(dest, report, &state, err))
        return false;
    if (state == DESTINATION_UNADOPTED)
        return clickhouse_report_error(&dest->ch, "make a report's table", err,
                                       "%s is a table that etl-sigos did not make: rename it, and"
                                       " load anew",
                                       report->name);
    return run(dest, clickhouse_sql_rows_table(report, modern), err) &&
           run(dest, clickhouse_sql_marks_table(report), err) &&
           (!modern || run(dest, clickhouse_sql_merge_table(report), err)) &&
           run(dest, clickhouse_sql_view(report, modern), err);
}
