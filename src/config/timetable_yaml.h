/*
 * Reads the timetable of portal.yaml: which cycle runs when.
 */
#ifndef CONFIG_TIMETABLE_YAML_H
#define CONFIG_TIMETABLE_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/timetable.h"

#include <stdbool.h>

/* Reads the key `timetable` of the file's root. Without it *out stays empty, and no cycle runs by
 * itself. Fails with ERROR_CONFIG. */
bool timetable_read(struct node root, struct timetable *out, struct error *err);

#endif
