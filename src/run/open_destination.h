/*
 * Opens the database of a run: the connection, the lease, the tables, the entry in etl_runs. A run
 * that finds the lease of another run has changed no table of the reports.
 *
 * A database that cannot be reached, is full or restarts is tried again (retry_database), so that a
 * run by the timetable does not fail because the server was being updated. A failure that another
 * try would meet again, such as a wrong password or another run's lease, ends it at once.
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
    const struct run *run; /* NULL: nothing will be loaded, so the ledger gets no entry */
    struct lease lease;
    struct report_run *parts; /* get the columns, doubts and habits of earlier runs */
    size_t part_count;
    /* The results: NULL before, and for the caller to close, on failure too. */
    struct destination *destination;
    struct destination *scratch; /* in memory, for a rehearsal; or NULL */
    bool has_ledger;             /* the database has the etl_* tables */
};

/* Opens the database for a run that loads: creates what is missing, takes the lease and starts the
 * run in the ledger. Every part's destination is then opening->destination. ERROR_LOCKED names the
 * holder of the lease. */
bool open_destination_to_load(struct open_destination *opening, struct error *err);

/* Opens the database for a run that shares a cycle: holds no lease then. Where tables are missing
 * or of an older version, it makes them as above, and waits for another run that does so. */
bool open_destination_to_share(struct open_destination *opening, struct error *err);

/* Opens the database for a rehearsal: takes no lease, starts no run and creates nothing in it. A
 * report whose table a load would create or adopt is rehearsed in opening->scratch.
 * opening->destination stays NULL if there is no database. */
bool open_destination_to_rehearse(struct open_destination *opening, struct error *err);

#endif
