/*
 * The guard: may this plan be applied? (Pure.) It stands between a portal that misbehaves and a
 * table that people trust: an export with far fewer rows than the table holds, or one that changes
 * most of what is past, is held, not believed.
 */
#ifndef LOAD_GUARD_H
#define LOAD_GUARD_H

#include "base/error.h"
#include "load/plan.h"
#include "model/batch.h"
#include "model/report.h"

#include <stdbool.h>

/*
 * False with ERROR_HELD if the plan would delete too much of what the table holds in the window:
 * all of it although the export has no row at all, or more than limits->max_delete_ratio of it and
 * more than limits->min_deletes rows. Strangers (plan.h) are deleted too, but for as many as rows
 * are inserted in their place; rows that are kept for lines that could not be read count where they
 * are more than such lines. The message says what was expected and what came.
 */
bool guard_check_deletes(const struct plan *plan, const struct snapshot *snapshot,
                         const struct limits *limits, struct error *err);

/* False with ERROR_HELD if the plan would change more than limits->max_update_ratio of the rows
 * that the table holds on days before `today`, and more than limits->min_updates of them: a column
 * was moved or is written otherwise. */
bool guard_check_updates(const struct batch *batch, const struct plan *plan,
                         const struct snapshot *snapshot, const struct limits *limits,
                         int32_t today, struct error *err);

/* Whether a column that the files have is empty in all rows of the batch. */
bool guard_is_empty(const struct batch *batch, size_t column);

/* False with ERROR_HELD: the export has nothing in a column of which the table holds `filled`
 * cells. */
bool guard_check_column(const char *column, uint64_t filled, const struct limits *limits,
                        struct error *err);

#endif
