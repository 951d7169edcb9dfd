/*
 * Reads portal.yaml: how to log in, and how long to wait.
 */
#ifndef CONFIG_PORTAL_YAML_H
#define CONFIG_PORTAL_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/portal.h"

#include <stdbool.h>

bool portal_read(struct node root, struct portal *out, struct error *err);

#endif
