/*
 * The guard: may this plan be applied? (Pure.) It stands between a portal that misbehaves and a
 * table that people trust: an export with far fewer rows than the table holds is held, not
 * believed.
 */
#ifndef LOAD_GUARD_H
#define LOAD_GUARD_H

#include "base/error.h"
#include "load/plan.h"
#include "model/report.h"

#include <stdbool.h>

/*
 * False with ERROR_HELD if the plan would delete too much of what the table holds in the window:
 * all of it although the export has no row at all, or more than limits->max_delete_ratio of it and
 * more than limits->min_deletes rows. Strangers (plan.h) are deleted too, but for as many as rows
 * are inserted in their place. The message says what was expected, what came, and how to let
 * it through.
 */
bool guard_check(const struct plan *plan, const struct snapshot *snapshot,
                 const struct limits *limits, struct error *err);

#endif
