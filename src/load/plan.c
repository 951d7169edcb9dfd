/* SPDX-License-Identifier: MIT */
/* Fills and frees snapshots, and frees plans. */
#include "load/plan.h"

#include "base/mem.h"

#include <stdlib.h>

void snapshot_done(struct snapshot *snapshot)
{
    free(snapshot->rows);
    *snapshot = (struct snapshot){0};
}

void snapshot_add(struct snapshot *snapshot, struct stored_row row)
{
    if (snapshot->count == snapshot->room) {
        snapshot->room = snapshot->room ? snapshot->room * 2 : 1024;
        snapshot->rows = mem_grow(snapshot->rows, snapshot->room, sizeof(*snapshot->rows));
    }
    snapshot->rows[snapshot->count++] = row;
    snapshot->dated += !row.undated;
}

void snapshot_add_undated(struct snapshot *snapshot, const struct batch *batch)
{
    for (size_t i = 0; i < batch->row_count; i++)
        if (batch->rows[i].undated)
            snapshot_add(snapshot, (struct stored_row){.key = batch->rows[i].key, .undated = true});
}

void plan_done(struct plan *plan)
{
    free(plan->actions);
    free(plan->logged);
    free(plan->removed);
    doubts_done(&plan->doubts);
    *plan = (struct plan){0};
}
