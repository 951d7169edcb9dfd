/*
 * Creates, refills and drops the layers of a database under the lease, so that no cycle runs
 * meanwhile: what `etl-sigos layers` does.
 */
#ifndef RUN_LAYERS_RUN_H
#define RUN_LAYERS_RUN_H

#include "layers/install.h"
#include "model/settings.h"

enum layers_action {
    LAYERS_INSTALL, /* creates or upgrades them, and fills the summaries where that is needed */
    LAYERS_REFRESH, /* also fills the summaries where it is not */
    LAYERS_DROP,
};

struct layers_outcome {
    struct layers_change change;
    bool refilled;
    double seconds; /* of the refill */
};

/* Opens the database, makes the reports' tables if they are missing, takes the lease, and does it.
 * ERROR_LOCKED: a run holds the lease. ERROR_CONFIG and ERROR_DATABASE: see layers/install.h; then
 * the layers are as they were, or installed and marked as due if only the refill failed. */
bool layers_run(const struct settings *settings, const struct report *reports, size_t report_count,
                enum layers_action action, struct layers_outcome *out, struct error *err);

/* Adds the SQL of a model, or with NULL of all, as it would be installed in this database; reads
 * the database for its kind and its added columns, and changes nothing. */
bool layers_run_print(const struct settings *settings, const struct report *reports,
                      size_t report_count, const char *name, struct buf *out, struct error *err);

#endif
