/*
 * What a report's YAML says of its columns: columns, drop, derive, key, window_date, extracted_at.
 */
#ifndef CONFIG_COLUMNS_YAML_H
#define CONFIG_COLUMNS_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/report.h"

#include <stdbool.h>

/* Fills those members of a report, which are zero before. The columns of the key, and those that
 * others are derived from, come out as required. */
bool columns_read(struct node root, struct report *report, struct error *err);

#endif
