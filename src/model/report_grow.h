/*
 * Adds columns to a run's copy of a report: columns of the export that the profile does not know.
 *
 * The profile is shared and never changes, so a run that meets new columns works with a copy. Added
 * columns are texts read from the file. They stand behind the profile's own, in ascending order of
 * their names' bytes, so that the same columns always make the same report.
 */
#ifndef MODEL_REPORT_GROW_H
#define MODEL_REPORT_GROW_H

#include "base/arena.h"
#include "model/report.h"

enum { REPORT_ADDED_MAX = 100 }; /* a garbled header must not add a thousand columns to a table */

struct grown_report {
    struct report report;   /* what all code uses: its address stays, its `columns` may move */
    struct column *columns; /* the array of `report` */
    struct arena names;
};

/* Makes a copy of the profile's report, without added columns. The profile must outlive it. */
void grown_report_init(struct grown_report *grown, const struct report *profile);
/* Makes a second copy with the same columns, which it owns. */
void grown_report_copy(struct grown_report *copy, const struct grown_report *grown);
void grown_report_done(struct grown_report *grown); /* accepts a zeroed one */

/* Returns why no column of that name can be added, as words for "the column is ignored: "; NULL if
 * one can. The name is a header's, in the form of model/header.h. */
const char *report_cannot_add(const struct report *report, const char *name);

/* Adds a column for which report_cannot_add returns NULL; the name is copied. What was computed
 * from the report's columns before must be computed again. */
void grown_report_add(struct grown_report *grown, const char *name);

#endif
