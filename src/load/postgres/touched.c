/* SPDX-License-Identifier: MIT */
/* Puts the rows that a window is about to change into a temporary table, in PostgreSQL. */
#include "load/postgres/touched.h"

#include "base/date.h"
#include "load/postgres/client.h"
#include "load/postgres/copy.h"
#include "load/postgres/encode.h"

#include <string.h>

static const char purpose[] = "note what a window changes";

static bool copy_rows(struct postgres_destination *dest, const struct touched_row *rows,
                      size_t count, struct error *err)
{
    COPY_IN_DONE struct copy_in copy = {0};
    char day[DATE_ISO_SIZE];

    if (!copy_in_start(&copy, dest, purpose, "COPY etl_tocados FROM STDIN", err))
        return false;
    for (size_t i = 0; i < count; i++) {
        copy_text_hash(&copy.row, rows[i].key);
        copy_text_text(&copy.row, date_format_iso(rows[i].date, day));
        copy_text_cell(&copy.row, rows[i].text);
        copy_text_end_row(&copy.row);
        if (!copy_in_row(&copy, err))
            return false;
    }
    return copy_in_finish(&copy, err);
}

/* The table ends with the transaction: behind a pooler the connection is another program's then.
 * Without ANALYZE the planner takes it for a table of thousands of days. */
bool postgres_touch(struct destination *base, const struct touched_row *rows, size_t count,
                    struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);

    return postgres_run(dest, purpose,
                        "CREATE TEMP TABLE etl_tocados (chave uuid, dia date, texto text)"
                        " ON COMMIT DROP",
                        err) &&
           copy_rows(dest, rows, count, err) &&
           postgres_run(dest, purpose, "ANALYZE etl_tocados", err);
}
