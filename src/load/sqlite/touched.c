/* SPDX-License-Identifier: MIT */
/* Puts the rows that a window is about to change into a temporary table, in SQLite. */
#include "load/sqlite/touched.h"

#include "load/sqlite/statement.h"

static const char purpose[] = "note what a window changes";

bool sqlite_touch(struct destination *base, const struct touched_row *rows, size_t count,
                  struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    struct sqlite_destination *dest = sqlite_of(base);

    if (!sqlite_run(dest, purpose, "CREATE TEMP TABLE etl_tocados (chave BLOB, dia DATE, texto)",
                    err) ||
        !statement_open(&st, dest, purpose, "INSERT INTO etl_tocados VALUES (?, ?, ?)", err))
        return false;
    for (size_t i = 0; i < count; i++) {
        statement_hash(&st, rows[i].key);
        statement_day(&st, rows[i].date);
        statement_cell(&st, rows[i].text);
        if (!statement_run(&st, err))
            return false;
    }
    return true;
}
