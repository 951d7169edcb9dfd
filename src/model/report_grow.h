/*
 * A report that grows: columns that the export brought and the profile does not know.
 *
 * The profile is shared and never changes, so a run that meets new columns works with a copy. Added
 * columns are texts read from the file, stand behind the profile's own, and are in ascending order
 * of their names' bytes: the same columns make the same report, whichever came first.
 */
#ifndef MODEL_REPORT_GROW_H
#define MODEL_REPORT_GROW_H

#include "base/arena.h"
#include "model/report.h"

enum { REPORT_ADDED_MAX = 100 }; /* a garbled header must not make a table of a thousand columns */

struct grown_report {
    struct report report;   /* what everybody uses: its address stays, its columns do not */
    struct column *columns; /* of `report` */
    struct arena names;
};

/* A copy of the profile's report, which must outlive it, without added columns. */
void grown_report_init(struct grown_report *grown, const struct report *profile);
/* The same columns, owned by the copy. */
void grown_report_copy(struct grown_report *copy, const struct grown_report *grown);
void grown_report_done(struct grown_report *grown); /* accepts a zeroed one */

/* Why no column of that name can be added, as words behind "the column is ignored: "; NULL if one
 * can. The name is a header's, in the form of model/header.h. */
const char *report_cannot_add(const struct report *report, const char *name);

/* Adds a column that can be added; the name is copied. What was made from the report's columns
 * before has to be made anew. */
void grown_report_add(struct grown_report *grown, const char *name);

#endif
