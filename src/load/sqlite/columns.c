/* SPDX-License-Identifier: MIT */
/* Adds columns that no profile knows to a report's table, and notes them in etl_columns. */
#include "load/sqlite/columns.h"

#include "base/mem.h"
#include "load/sqlite/lease.h"
#include "load/sqlite/sql.h"

bool sqlite_columns_are_there(struct sqlite_destination *dest, const struct report *report,
                              bool *out, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    bool dropped;

    if (!statement_open(&st, dest, "look for dropped columns",
                        "SELECT 1 FROM etl_columns WHERE report = ?1"
                        " AND name NOT IN (SELECT name FROM pragma_table_info(?1))",
                        err))
        return false;
    statement_text(&st, report->name);
    if (!statement_next(&st, &dropped, err))
        return false;
    *out = !dropped;
    return true;
}

/* A person dropped the column or the whole table; the column is added again when an export has
 * it. */
bool sqlite_forget_columns(struct sqlite_destination *dest, const struct report *report,
                           struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, dest, "forget dropped columns",
                        "DELETE FROM etl_columns WHERE report = ?1"
                        " AND name NOT IN (SELECT name FROM pragma_table_info(?1))",
                        err))
        return false;
    statement_text(&st, report->name);
    return statement_run(&st, err);
}

/* Sets whether the table has a column of that name in upper or lower case, and whether etl-sigos
 * added it. */
static bool find_column(struct sqlite_destination *dest, const struct report *report,
                        const char *name, bool *exists, bool *ours, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, dest, "look for a column",
                        "SELECT e.name IS NOT NULL FROM pragma_table_info(?1) AS t"
                        " LEFT JOIN etl_columns AS e ON e.report = ?1 AND e.name = t.name"
                        " WHERE t.name = ?2 COLLATE NOCASE",
                        err))
        return false;
    statement_text(&st, report->name);
    statement_text(&st, name);
    if (!statement_next(&st, exists, err))
        return false;
    *ours = *exists && sqlite3_column_int(st.stmt, 0);
    return true;
}

static bool note_column(struct sqlite_destination *dest, const struct report *report,
                        const char *name, const struct run *run, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, dest, "write a column down",
                        "INSERT INTO etl_columns (report, name, run_id, added_at)"
                        " VALUES (?, ?, ?, ?)",
                        err))
        return false;
    statement_text(&st, report->name);
    statement_text(&st, name);
    statement_text(&st, run->id);
    statement_instant(&st, clock_now());
    return statement_run(&st, err);
}

/* Adds the column and notes it, within a transaction. */
static bool make_column(struct sqlite_destination *dest, const struct report *report,
                        const char *name, const struct run *run, bool *added, struct error *err)
{
    MEM_FREE_TEXT char *sql = sqlite_sql_add_column(report, name);
    bool exists, ours;

    if ((dest->base.token && !sqlite_renew_lease(&dest->base, err)) ||
        !find_column(dest, report, name, &exists, &ours, err))
        return false;
    if (!exists &&
        (!sqlite_run(dest, "add a column", sql, err) || !note_column(dest, report, name, run, err)))
        return false;
    *added = !exists || ours;
    return true;
}

bool sqlite_add_column(struct destination *base, const struct report *report, const char *name,
                       const struct run *run, bool *added, struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);
    bool made;

    if (!sqlite_transaction_begin(dest, "begin to add a column", err))
        return false;
    if (make_column(dest, report, name, run, &made, err) &&
        sqlite_run(dest, "add a column", "COMMIT", err)) {
        *added = made;
        return true;
    }
    sqlite_transaction_rollback(dest);
    return false;
}
