/*
 * What the ledger records of a run and of each of its windows (tables etl_runs, etl_windows).
 */
#ifndef MODEL_LEDGER_H
#define MODEL_LEDGER_H

#include "model/batch.h"
#include "model/window.h"

#include <stdint.h>
#include <time.h>

#define RUN_ID_SIZE 64

struct run {
    /* unique, sorts by start: 20261123T183001.250-4f2a9c01[-part][-share=NAME] */
    char id[RUN_ID_SIZE];
    const char *mode; /* incremental, full, load */
    time_t started_at;
};

/* How a window ended. Only WINDOW_LOADED changed the table. */
enum window_status {
    WINDOW_LOADED,
    WINDOW_HELD,    /* the guard held it; the export was good but would delete too much */
    WINDOW_REFUSED, /* the file is not what it should be */
    WINDOW_FAILED,  /* portal, database or machine failed */
};

/* Returns the state's name, as the ledger shows it. */
static inline const char *window_status_name(enum window_status status)
{
    static const char *const names[] = {
        [WINDOW_LOADED] = "loaded",
        [WINDOW_HELD] = "held",
        [WINDOW_REFUSED] = "refused",
        [WINDOW_FAILED] = "failed",
    };
    return names[status];
}

struct change_counts {
    uint64_t inserted, updated, deleted, unchanged;
    /* Rows that the export does not show and that were not deleted, because a line that could not
     * be read may be one of them. */
    uint64_t kept;
};

struct ledger_entry {
    const char *run_id;
    const char *report;
    struct window window;
    enum window_status status;
    const char *reason; /* why the window was not loaded; "" for WINDOW_LOADED */
    const char *file;   /* base names, comma separated; "" if there was none */
    const char *sha256; /* of the (first) file; "" if there was none */
    uint64_t bytes;
    struct batch_counts rows;
    struct change_counts changes; /* unchanged + inserted + updated = rows.loaded if loaded */
    time_t started_at, ended_at;
    double seconds; /* seconds of work, without the wait between cleaning and loading */
};

#endif
