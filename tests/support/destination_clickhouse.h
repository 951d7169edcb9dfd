/*
 * An empty database on a real ClickHouse server, for the contract.
 */
#ifndef TESTS_SUPPORT_DESTINATION_CLICKHOUSE_H
#define TESTS_SUPPORT_DESTINATION_CLICKHOUSE_H

#include "tests/support/destination_contract.h"

#include <stddef.h>

/* The contract for the servers that run (clickhouse_server.h): one of 2018, or today's engine; two
 * are the shards of a cluster. */
const struct contract_database *clickhouse_contract(size_t servers);

#endif
