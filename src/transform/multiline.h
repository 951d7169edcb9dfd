/*
 * Records of several lines: texts with line breaks in quotes, or rows between two stray quotes.
 * Pure.
 */
#ifndef TRANSFORM_MULTILINE_H
#define TRANSFORM_MULTILINE_H

#include "model/report.h"
#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>

/*
 * Whether a record of several lines that has the header's shape is none all the same: two stray
 * quotes in one column make one record out of all the rows between them. A date, a time or a value
 * of the key goes over several lines then, or a line behind the first one begins as rows do: with a
 * date where they have their window date, and a key that is a number where the first line's is, if
 * that line begins a row itself.
 */
bool multiline_is_several(const struct csv_record *record, const struct report *report,
                          const struct layout *layout);

#endif
