/*
 * The ClickHouse destination.
 */
#ifndef LOAD_CLICKHOUSE_DESTINATION_H
#define LOAD_CLICKHOUSE_DESTINATION_H

#include "load/destination_ops.h"

/* For the two schemes; they differ in nothing else than the transport. */
extern const struct destination_ops clickhouse_destination;
extern const struct destination_ops clickhouses_destination;

#endif
