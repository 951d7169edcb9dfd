/*
 * An empty database on a real ClickHouse server, for the contract.
 */
#ifndef TESTS_SUPPORT_DESTINATION_CLICKHOUSE_H
#define TESTS_SUPPORT_DESTINATION_CLICKHOUSE_H

#include "tests/support/destination_contract.h"

/* The contract for the server that runs (clickhouse_server.h): of 2018, or today's engine. */
const struct contract_database *clickhouse_contract(void);

#endif
