/*
 * One entry of the change log, as every database stores it: what happened to a row, its key, and
 * its contents before and after as JSON objects.
 *
 * An insert has only `after` and a delete only `before`, both the whole row. An update has both,
 * with the columns that differ and no others. COLUMN_EXTRACTED_AT differs in every export and is no
 * change: of an update only `before` has it, because it says since when the replaced version stood
 * there (layers/history.h). Values are the canonical texts of model/report.h, or null.
 */
#ifndef LOAD_CHANGE_LOG_H
#define LOAD_CHANGE_LOG_H

#include "base/buf.h"
#include "model/batch.h"
#include "model/hash.h"
#include "model/report.h"

#include <stdbool.h>

#define CHANGE_JSON_MAX (64 * 1024 * 1024) /* bytes of one object; a row is far smaller */

struct change {
    const char *op; /* insert, update or delete */
    struct hash128 row_key;
    struct cell date;              /* window date; lives as long as the cells of the call */
    struct buf key, before, after; /* JSON; empty: SQL NULL */
};

#define CHANGE_INIT                                                                                \
    ((struct change){.key = BUF_INIT(CHANGE_JSON_MAX),                                             \
                     .before = BUF_INIT(CHANGE_JSON_MAX),                                          \
                     .after = BUF_INIT(CHANGE_JSON_MAX)})

void change_done(struct change *change);

/* Fill *change with an entry and drop what it held. `cells`, `before` and `after` have one cell for
 * each column of the report. They do not fail: change_fits tells afterwards whether the objects
 * fit. */
void change_insert(struct change *change, const struct report *report, struct hash128 row_key,
                   const struct cell *cells);
void change_update(struct change *change, const struct report *report, struct hash128 row_key,
                   const struct cell *before, const struct cell *after);
void change_delete(struct change *change, const struct report *report, struct hash128 row_key,
                   const struct cell *cells);

/* Whether an entry has the column among its changes: of an update where its contents differ, of an
 * insert (without `before`) or a delete (without `after`) always. */
bool change_has_column(const struct report *report, size_t column, const struct cell *before,
                       const struct cell *after);

/* Whether no object was cut at CHANGE_JSON_MAX. */
bool change_fits(const struct change *change);

#endif
