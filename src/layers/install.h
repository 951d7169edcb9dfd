/*
 * Creates, upgrades and drops the layers (models.h) in a database whose tables exist.
 *
 * Each change is one transaction, as the only writer: readers see the old layers or the new ones.
 * Only models whose text changed are touched (etl_camadas keeps the SHA-256 of each). A changed
 * view is replaced in place where the database can do that, and made anew otherwise. A view or
 * table of somebody else that depends on a model which must be made anew stops the change, which
 * then did nothing; the error names it. Settings tables are never dropped: their rows are people's.
 *
 * In ClickHouse each statement takes effect at once. There an interrupted change leaves some models
 * new and some old, and the next installation goes on where it ended.
 *
 * Functions fail with ERROR_DATABASE, or with ERROR_CONFIG where the profile has not the reports
 * that the layers are about.
 */
#ifndef LAYERS_INSTALL_H
#define LAYERS_INSTALL_H

#include "load/destination.h"
#include "model/report.h"

struct layers_change {
    size_t created, replaced, kept, dropped; /* numbers of models */
    bool refill; /* the summaries were made anew: summaries_refill has to fill them */
};

/* The reports of a profile, with the columns that were added to their tables. */
struct report_list {
    const struct report *const *all;
    size_t count;
};

/* Creates what is missing and brings the rest up to this program's version. */
bool layers_install(struct destination *dest, struct report_list reports, struct layers_change *out,
                    struct error *err);

/* Drops all views and summaries; the settings tables stay. */
bool layers_drop(struct destination *dest, struct layers_change *out, struct error *err);

/* Adds the SQL of one model, or with NULL of all in their order, as it would be installed in that
 * database. */
bool layers_print(struct destination *dest, const char *name, struct report_list reports,
                  struct buf *out, struct error *err);

#endif
