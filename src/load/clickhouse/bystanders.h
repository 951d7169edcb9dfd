/*
 * Queries of others that run on the server.
 */
#ifndef LOAD_CLICKHOUSE_BYSTANDERS_H
#define LOAD_CLICKHOUSE_BYSTANDERS_H

#include "load/clickhouse/connect.h"

/* Waits until all queries that run now have ended, for dest->ch.timeouts.readers at most, and keeps
 * the lease meanwhile. Those that begin later do not matter. Sets *gone to whether they have. */
bool clickhouse_wait_for_bystanders(struct clickhouse_destination *dest, bool *gone,
                                    struct error *err);

/* Waits some milliseconds, twice as long as the last time; *ms is 0 before the first. Renews the
 * lease, if there is one, before it is due. Fails if the lease is lost or a signal came. */
bool clickhouse_wait_a_little(struct clickhouse_destination *dest, int *ms, struct error *err);

#endif
