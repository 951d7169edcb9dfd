/*
 * The guard: decides whether a plan may be applied (pure). An export with far fewer rows than the
 * table holds, or one that changes most rows of past days, is held: the portal may misbehave, and
 * people trust the table.
 */
#ifndef LOAD_GUARD_H
#define LOAD_GUARD_H

#include "base/error.h"
#include "load/plan.h"
#include "model/batch.h"
#include "model/report.h"

#include <stdbool.h>

/*
 * Returns false with ERROR_HELD if the plan would delete too much of what the table holds in the
 * window: all of it although the export has no row, or more than limits->max_delete_ratio of it and
 * more than limits->min_deletes rows. Legacy rows (plan.h) count as deleted, except as many as rows
 * are inserted. Rows that are kept because of lines that could not be read count as far as they are
 * more than such lines. The message says how many rows the table holds and how many the export
 * lacks.
 */
bool guard_check_deletes(const struct plan *plan, const struct snapshot *snapshot,
                         const struct limits *limits, struct error *err);

/* Returns false with ERROR_HELD if the plan would update more than limits->max_update_ratio of the
 * rows that the table holds on days before `today` (a day number), and more than
 * limits->min_updates of them. Such an export has a column that moved or is written in another
 * way. */
bool guard_check_updates(const struct batch *batch, const struct plan *plan,
                         const struct snapshot *snapshot, const struct limits *limits,
                         int32_t today, struct error *err);

/* Whether the files have the column and it is empty in all rows of the batch. */
bool guard_is_empty(const struct batch *batch, size_t column);

/* Returns false with ERROR_HELD if `filled`, the number of cells that the table holds in a column
 * in which the export has none, is more than limits->min_updates. */
bool guard_check_column(const char *column, uint64_t filled, const struct limits *limits,
                        struct error *err);

#endif
