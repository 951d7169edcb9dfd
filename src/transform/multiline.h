/*
 * Tells records of several lines that are texts with line breaks in quotes from rows between two
 * stray quotes. Pure functions.
 */
#ifndef TRANSFORM_MULTILINE_H
#define TRANSFORM_MULTILINE_H

#include "model/report.h"
#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>

/*
 * Whether a record of several lines that has the header's shape is really several rows. Two stray
 * quotes in one column make one record out of all the rows between them. This is so if a date, a
 * time or a value of the key goes over several lines, or if a line behind the first one begins as
 * rows do. Such a line has a date where rows have their window date, and its key is a number
 * exactly if the first line's key is one. The key is not compared if the first line does not begin
 * a row.
 */
bool multiline_is_several(const struct csv_record *record, const struct report *report,
                          const struct layout *layout);

#endif
