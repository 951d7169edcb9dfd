/*
 * A run's way to its database: the connection, the lease, the tables, the line in etl_runs. A run
 * that finds another one's lease has changed nothing.
 *
 * A database that is not there, is full or restarts is waited for as windows are (run/retry.h), so
 * that a run by the timetable does not fail because the server was being updated. What will not be
 * better the next time, a wrong password or another run's lease, is met once.
 */
#ifndef RUN_OPEN_DESTINATION_H
#define RUN_OPEN_DESTINATION_H

#include "base/error.h"
#include "load/destination.h"
#include "run/report_run.h"

#include <stdbool.h>
#include <stddef.h>

/* All borrowed; the lease's texts until the lease is released. */
struct open_destination {
    const char *url;
    const struct run *run;
    struct lease lease;
    struct report_run *parts; /* their reports grow by the columns that earlier runs have added */
    size_t part_count;
    /* What comes of it, NULL before; for the caller to close, on failure too. */
    struct destination *destination;
    struct destination *scratch;
    bool has_ledger; /* of earlier runs */
};

/* Every part then writes to opening->destination. */
bool open_destination_to_load(struct open_destination *opening, struct error *err);

/* No lease, no line, and nothing is made: what a load would begin with nothing is rehearsed in
 * memory, in opening->scratch. `destination` is NULL where there is no database. */
bool open_destination_to_rehearse(struct open_destination *opening, struct error *err);

#endif
