/* SPDX-License-Identifier: MIT */
/* The contract of destinations on a real ClickHouse: one server, and two that are shards. */
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"
#include "tests/support/destination_clickhouse.h"

int main(void)
{
    if (!click_begin_tests(1))
        return 1;
    int failed = destination_contract_run(clickhouse_contract(1));
    if (!clickhouse_server_is_modern()) { /* the engine knows no other servers */
        clickhouse_server_stop();
        clickhouse_server_start(2);
        failed += destination_contract_run(clickhouse_contract(2));
    }
    clickhouse_server_stop();
    return failed;
}
