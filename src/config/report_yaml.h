/*
 * A report's YAML file: how to export it, its columns, its key, its windows, its limits.
 */
#ifndef CONFIG_REPORT_YAML_H
#define CONFIG_REPORT_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/report.h"

#include <stdbool.h>

/* source_file is what messages call the file; it must live as long as the report. */
bool report_read(struct node root, const char *source_file, struct report *out, struct error *err);

#endif
