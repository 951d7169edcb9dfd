/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination: the contract, directly and through a pooler in both of its modes. */
#include "tests/support/destination_postgres.h"

int main(void)
{
    cluster_start();
    const int failed = destination_contract_run(&postgres_directly) +
                       destination_contract_run(&postgres_pooled_sessions) +
                       destination_contract_run(&postgres_pooled_transactions);
    cluster_stop();
    return failed;
}
