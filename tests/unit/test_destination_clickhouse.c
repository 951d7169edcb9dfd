/* SPDX-License-Identifier: MIT */
/* The contract of destinations on a real ClickHouse. */
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"
#include "tests/support/destination_clickhouse.h"

int main(void)
{
    if (!click_begin_tests())
        return 1;
    const int failed = destination_contract_run(clickhouse_contract());
    clickhouse_server_stop();
    return failed;
}
