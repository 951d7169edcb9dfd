/*
 * Records of several lines: texts with line breaks in quotes, or rows between two stray quotes. Pure.
 */
#ifndef TRANSFORM_MULTILINE_H
#define TRANSFORM_MULTILINE_H

#include "model/report.h"
#include "transform/csv.h"
#include "transform/layout.h"

#include <stdbool.h>

/*
 * Whether a record of several lines that has the header's shape is none all the same: two stray quotes in one
 * column make one record out of all the rows between them. A date, a time or a value of the key goes over
 * several lines then, or two of the lines have a date where rows have their window date.
 */
bool multiline_is_several(const struct csv_record *record, const struct report *report,
                          const struct layout *layout);

#endif
