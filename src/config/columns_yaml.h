/*
 * Reads what a report's YAML says of its columns: columns, drop, derive, key, window_date,
 * extracted_at.
 */
#ifndef CONFIG_COLUMNS_YAML_H
#define CONFIG_COLUMNS_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/report.h"

#include <stdbool.h>

/* Fills those members of a report, which must be zeroed. Key columns, and columns that others are
 * derived from, become required. Fails with ERROR_CONFIG. */
bool columns_read(struct node root, struct report *report, struct error *err);

#endif
