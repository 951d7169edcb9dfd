/*
 * Reads portal.yaml: how to log in, how long to wait, and which cycle runs when.
 */
#ifndef CONFIG_PORTAL_YAML_H
#define CONFIG_PORTAL_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/portal.h"

#include <stdbool.h>

/* Returns what is wrong with a portal's address, in words that do not repeat it, because it may
 * hold a password; NULL if it is good. */
const char *url_portal_fault(const char *url);

/* Reads the portal from the root of portal.yaml. Fails with ERROR_CONFIG. */
bool portal_read(struct node root, struct portal *out, struct error *err);

#endif
