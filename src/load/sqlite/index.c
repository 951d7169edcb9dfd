/* SPDX-License-Identifier: MIT */
/* Makes a report's indexes under free names. An index is recognised by its table and columns,
 * because a table that was renamed keeps the names of its indexes. */
#include "load/sqlite/index.h"

#include "base/mem.h"
#include "load/sqlite/sql.h"

#include <stdlib.h>

static const char purpose[] = "index a report's table";

struct index {
    const char *suffix; /* end of its name, behind the report's name */
    bool unique;
    const char *columns[INDEX_COLUMNS_MAX]; /* then NULL */
};

static size_t count_columns(const struct index *index)
{
    size_t count = 0;

    while (count < INDEX_COLUMNS_MAX && index->columns[count])
        count++;
    return count;
}

static bool is_there(struct sqlite_destination *dest, const struct report *report,
                     const struct index *index, bool *out, struct error *err)
{
    static const char sql[] =
        "SELECT 1 FROM pragma_index_list(?1) AS i WHERE i.\"unique\" >= ?2 AND NOT i.partial"
        " AND (SELECT count(*) FROM pragma_index_info(i.name)) = ?3"
        " AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name) AS c WHERE c.name IS NULL"
        "                 OR c.name <> CASE c.seqno WHEN 0 THEN ?4 WHEN 1 THEN ?5 ELSE ?6 END"
        "                    COLLATE NOCASE)";
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, dest, purpose, sql, err))
        return false;
    statement_text(&st, report->name);
    statement_int(&st, index->unique);
    statement_count(&st, count_columns(index));
    for (size_t i = 0; i < INDEX_COLUMNS_MAX; i++)
        statement_text(&st, index->columns[i]);
    return statement_next(&st, out, err);
}

static bool is_taken(struct sqlite_destination *dest, const char *name, bool *out,
                     struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};

    if (!statement_open(&st, dest, purpose,
                        "SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE", err))
        return false;
    statement_text(&st, name);
    return statement_next(&st, out, err);
}

/* Chooses the first free name of visits_window, visits_window_2, …; owned by the caller. */
static char *choose_name(struct sqlite_destination *dest, const struct report *report,
                         const struct index *index, struct error *err)
{
    char *name = mem_format("%s_%s", report->name, index->suffix);
    bool taken;

    for (int number = 2;; number++) {
        const bool ok = is_taken(dest, name, &taken, err);
        if (ok && !taken)
            return name;
        free(name);
        if (!ok)
            return NULL;
        name = mem_format("%s_%s_%d", report->name, index->suffix, number);
    }
}

static bool make(struct sqlite_destination *dest, const struct report *report,
                 const struct index *index, struct error *err)
{
    bool there;

    if (!is_there(dest, report, index, &there, err))
        return false;
    if (there)
        return true;
    MEM_FREE_TEXT char *name = choose_name(dest, report, index, err);
    if (!name)
        return false;
    MEM_FREE_TEXT char *sql =
        sqlite_sql_create_index(report->name, name, index->unique, index->columns);
    return sqlite_run(dest, purpose, sql, err);
}

/* There are two indexes, because SQLite cannot include the fingerprint in a unique index without
 * making it part of what is unique. One keeps keys unique and finds rows; the other gives the
 * snapshot of a window without reading the table. */
bool sqlite_make_indexes(struct sqlite_destination *dest, const struct report *report,
                         struct error *err)
{
    const struct index row_key = {"row_key", true, {COLUMN_ROW_KEY}};
    const struct index window = {
        "window",
        false,
        {report->columns[report->window_date].name, COLUMN_ROW_KEY, COLUMN_ROW_HASH},
    };

    return make(dest, report, &row_key, err) && make(dest, report, &window, err);
}
