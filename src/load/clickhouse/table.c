/* SPDX-License-Identifier: MIT */
/* Makes a report's tables and its view. */
#include "load/clickhouse/table.h"

#include "base/mem.h"
#include "load/clickhouse/columns.h"
#include "load/clickhouse/failure.h"
#include "load/clickhouse/sql.h"

#include <stdlib.h>
#include <string.h>

static const char purpose[] = "make a report's table";

static bool take_engine(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    enum destination_state *state = arg;

    (void)count;
    (void)err;
    *state = strcmp(cells[0].text, "View") == 0 ? DESTINATION_READY : DESTINATION_UNADOPTED;
    return true;
}

/* There is no table to adopt: no other program keeps this report in ClickHouse. */
static bool refuse_foreign(struct clickhouse_destination *dest, const struct report *report,
                           struct error *err)
{
    return clickhouse_report_error(&dest->ch, "look at a report's table", err,
                                   "%s is a table that etl-sigos did not make; it was left as it"
                                   " is: rename it (RENAME TABLE), or choose another database",
                                   report->name);
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
    if (state == DESTINATION_UNADOPTED)
        return refuse_foreign(dest, report, err);
    *out = state;
    return true;
}

/* Does nothing for NULL. */
static bool run(struct clickhouse_destination *dest, char *sql, struct error *err)
{
    const bool ok = !sql || clickhouse_run(&dest->ch, purpose, sql, err);

    free(sql);
    return ok;
}

static bool run_on_shards(struct clickhouse_destination *dest, char *sql, struct error *err)
{
    const bool ok = clickhouse_run_on_shards(&dest->ch, purpose, sql, err);
    const int code = dest->ch.code;

    free(sql);
    if (ok || !clickhouse_site(dest).has_keeper ||
        (code != CLICKHOUSE_LOGICAL_ERROR && code != CLICKHOUSE_NOT_CONFIGURED))
        return ok;
    return clickhouse_report_error(&dest->ch, purpose, err,
                                   "the cluster %s has no Keeper, which would make the table on"
                                   " each shard; name the shards in the address:"
                                   " &shards=HOST:PORT,HOST:PORT",
                                   dest->ch.address.cluster);
}

static bool check_columns(struct clickhouse_destination *dest, const struct report *report,
                          struct error *err)
{
    BUF_DONE struct buf missing = BUF_INIT(512); /* a longer list is cut in the message */
    struct clickhouse_names there = {0};

    bool ok = clickhouse_read_columns(dest, report, "_rows", &there, err);
    for (size_t i = 0; ok && i < report->column_count; i++)
        if (!clickhouse_names_have(&there, report->columns[i].name))
            buf_addf(&missing, "%s\"%s\"", missing.len ? ", " : "", report->columns[i].name);
    clickhouse_names_done(&there);
    if (ok && missing.len)
        ok = clickhouse_report_error(
            &dest->ch, purpose, err,
            "table %s_rows is there but lacks %s%s; it was left as it is: rename the tables of %s,"
            " or choose another database",
            report->name, buf_text(&missing), missing.full ? ", …" : "", report->name);
    return ok;
}

/* --- the view -------------------------------------------------------------------------------- */

static bool shows(const struct clickhouse_names *shown, const struct report *report)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (!clickhouse_names_have(shown, report->columns[i].name))
            return false;
    return shown->count == report->column_count + 2; /* with key and fingerprint */
}

/* A server before 24.3 has no view for a moment: a query then fails, and never sees a half. */
static bool drop_before(struct clickhouse_destination *dest, const struct report *report,
                        struct error *err)
{
    const struct clickhouse_site site = clickhouse_site(dest);

    return site.modern || (run(dest, clickhouse_sql_drop(report, ""), err) &&
                           (!site.cluster || run(dest, clickhouse_sql_drop(report, "_all"), err)));
}

static bool replace_view(struct clickhouse_destination *dest, const struct report *report,
                         struct error *err)
{
    const struct clickhouse_site site = clickhouse_site(dest);

    return drop_before(dest, report, err) &&
           run(dest, clickhouse_sql_all_table(report, site, true), err) &&
           run(dest, clickhouse_sql_view(report, site, true), err);
}

/* Where there is no view yet none is dropped: runs that start together would drop each other's. */
static bool show(struct clickhouse_destination *dest, const struct report *report,
                 struct error *err)
{
    struct clickhouse_names shown = {0};

    bool ok = clickhouse_read_columns(dest, report, "", &shown, err);
    if (ok && !shown.count)
        ok = run(dest, clickhouse_sql_view(report, clickhouse_site(dest), false), err);
    else if (ok && !shows(&shown, report))
        ok = replace_view(dest, report, err);
    clickhouse_names_done(&shown);
    return ok;
}

static bool has_column(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (strcmp(report->columns[i].name, name) == 0)
            return true;
    return false;
}

bool clickhouse_show_columns(struct clickhouse_destination *dest, const struct report *report,
                             struct error *err)
{
    struct clickhouse_names added = {0};
    struct report whole = *report;

    if (!clickhouse_read_added(dest, report, &added, err))
        return false;
    struct column *columns = mem_array(report->column_count + added.count, sizeof(*columns));
    memcpy(columns, report->columns, report->column_count * sizeof(*columns));
    for (size_t i = 0; i < added.count; i++)
        if (!has_column(report, added.items[i]))
            columns[whole.column_count++] =
                (struct column){.name = added.items[i], .type = COLUMN_TEXT};
    whole.columns = columns;
    const bool ok = show(dest, &whole, err);
    free(columns);
    clickhouse_names_done(&added);
    return ok;
}

bool clickhouse_make_table(struct clickhouse_destination *dest, const struct report *report,
                           struct error *err)
{
    const struct clickhouse_site site = clickhouse_site(dest);
    enum destination_state state;

    return clickhouse_find_table(dest, report, &state, err) &&
           run_on_shards(dest, clickhouse_sql_rows_table(report, site), err) &&
           run(dest, clickhouse_sql_marks_table(report), err) && check_columns(dest, report, err) &&
           run(dest, clickhouse_sql_all_table(report, site, false), err) &&
           clickhouse_forget_columns(dest, report, err) &&
           clickhouse_show_columns(dest, report, err);
}
