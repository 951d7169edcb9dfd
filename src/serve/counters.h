/*
 * Counts what the server has answered, for /metrics. Several threads may use it.
 */
#ifndef SERVE_COUNTERS_H
#define SERVE_COUNTERS_H

#include "base/buf.h"

#include <stdint.h>

/* Kinds of addresses; an address alone could be anything, and would make a metric each. */
enum route_kind { ROUTE_PAGE, ROUTE_DATA, ROUTE_FILE, ROUTE_ACCESS, ROUTE_OTHER, ROUTE_KINDS };

struct counters;

struct counters *counters_new(void);
void counters_free(struct counters *counters); /* accepts NULL */

/* Returns the kind of an address, with or without its query. */
enum route_kind counters_kind(const char *target);

void counters_note(struct counters *counters, enum route_kind kind, int status, int64_t ms);

/* Adds them in the text format of Prometheus. */
void counters_add(struct counters *counters, struct buf *out);

#endif
