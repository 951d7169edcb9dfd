/*
 * Keeps the summary tables (sql/layers/resumo_*.sql) equal to what they summarise, within the
 * transaction of each window:
 *
 *     summaries_open              once a run: are there layers, and are they this program's?
 *     for each window:
 *       destination_begin …       the comparison
 *       summaries_before          what the rows that will change add to the summaries leaves them
 *       destination_apply
 *       summaries_after           what they add now enters them
 *       destination_commit
 *     summaries_refill_if_due     at the end of the run, before the lease is released
 *
 * Everything in the summaries is a sum or a count over rows of one day, or over the change log, so
 * a window costs what it changes and not the size of its days. Where that cannot hold (the first
 * load, a changed setting, rows that somebody edited, rows of another program), the window marks
 * the summaries as due, the pages say so, and the end of the run fills them anew in one
 * transaction.
 *
 * Without layers, and with NULL for the summaries, all functions do nothing. They fail with
 * ERROR_DATABASE.
 */
#ifndef LAYERS_SUMMARIES_H
#define LAYERS_SUMMARIES_H

#include "load/destination.h"
#include "load/plan.h"
#include "model/batch.h"
#include "model/ledger.h"

#include <stdbool.h>

struct summaries {
    bool there;   /* the database has layers of this program's version */
    bool follows; /* within a window: the open window is followed by sums */
    char
        log[24]; /* within a window: the last id of the change log before it; "": it logs nothing */
};

/* Whether the summaries are tables that loads keep. In ClickHouse they are views, and nothing of
 * what follows is done. */
bool summaries_are_kept(const struct destination *dest);

/* Finds out whether there are layers. Layers of another version are not followed; that is logged
 * once, with what to do. A database without any loaded window is marked as due: the end of the
 * first load fills the summaries at once. */
bool summaries_open(struct summaries *summaries, struct destination *dest, struct error *err);

/* What a window is about to do. */
struct summaries_window {
    const struct run *run;
    const struct report *report;
    const struct batch *batch;
    const struct plan *plan;
    struct window window;
    size_t legacy_rows; /* rows of another program that the window replaces */
};

bool summaries_before(struct summaries *summaries, struct destination *dest,
                      const struct summaries_window *window, struct error *err);
bool summaries_after(struct summaries *summaries, struct destination *dest,
                     const struct summaries_window *window, struct error *err);

/* Fills all summaries anew in one transaction. */
bool summaries_refill(struct destination *dest, struct error *err);

/* Does so if a window or a changed setting made it necessary; *done says whether. */
bool summaries_refill_if_due(struct summaries *summaries, struct destination *dest, bool *done,
                             struct error *err);

#endif
