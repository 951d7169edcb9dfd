/*
 * Reads a report's YAML file: how to export it, its columns, its key, its windows, its limits.
 */
#ifndef CONFIG_REPORT_YAML_H
#define CONFIG_REPORT_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/report.h"

#include <stdbool.h>

/* Reads a report; messages call the file source_file, which must live as long as the report. Fails
 * with ERROR_CONFIG. */
bool report_read(struct node root, const char *source_file, struct report *out, struct error *err);

#endif
