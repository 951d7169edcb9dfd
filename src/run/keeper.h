/*
 * Keeps the exports of a run in the bronze archive, after their windows were committed.
 *
 * An export that cannot be kept never fails the run: the rows are in the database. It is counted in
 * its report's summary, and the first one of a run is told in the log. So it is with the copy in a
 * bucket.
 */
#ifndef RUN_KEEPER_H
#define RUN_KEEPER_H

#include "run/cycle_options.h"
#include "run/report_run.h"
#include "run/window_prepare.h"

#include <stdbool.h>
#include <stddef.h>

struct bronze;
struct bucket;

/* Zeroed: nothing is kept. */
struct keeper {
    const char *dir;                  /* borrowed; NULL: nothing is kept */
    int keep_days;                    /* see struct settings */
    const struct bucket_settings *to; /* borrowed; of no name: nothing is copied into a bucket */
    const struct run *run;
    const struct cycle_options *options;
    struct bronze *bronze; /* opened for the first export */
    bool tried;            /* to open it */
    bool told;             /* that something could not be kept */
    struct bucket *bucket; /* opened with the archive */
    bool sent;             /* the bucket had all when it was last sent to */
    bool away;             /* it could not be sent to: the end of the run tries again */
};

/* Keeps the export of a window that was loaded; `entry` is what the ledger has of it. */
void keeper_keep(struct keeper *keeper, struct report_run *part, const struct prepared *prepared,
                 const struct ledger_entry *entry);

/* Notes the sweep of undated rows with which a part ended, if it ended so. A part of which an
 * export could not be kept has no sweep: a rebuild would remove the rows that this export showed.
 */
void keeper_sweep(struct keeper *keeper, const struct report_run *part);

/* Sends to the bucket what it lacks, also what earlier runs could not send; removes from the folder
 * what grew old, unless the bucket lacks it; and closes both. Returns how many exports the bucket
 * lacks. */
size_t keeper_end(struct keeper *keeper);

#endif
