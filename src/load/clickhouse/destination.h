/*
 * The ClickHouse destination: what its files share.
 *
 * Nothing is changed in place and there are no transactions. A window has a number, `tx`; its rows,
 * marks and log entries are appended with it, and readers see them once etl_ledger has a row of
 * that number (sql/clickhouse/views.sql).
 */
#ifndef LOAD_CLICKHOUSE_DESTINATION_H
#define LOAD_CLICKHOUSE_DESTINATION_H

#include "load/clickhouse/client.h"
#include "load/destination_ops.h"

#include <stdint.h>

struct clickhouse_destination {
    struct destination base;
    struct clickhouse ch;
    int64_t renewed_ms; /* when the lease was taken or renewed last, by clock_ms */
};

/* Returns the ClickHouse destination that `dest` is part of. */
static inline struct clickhouse_destination *clickhouse_of(struct destination *dest)
{
    return (struct clickhouse_destination *)dest;
}

/* Connects: asks the server for its version and sets what that version knows. Refuses a server
 * before 18.16. */
bool clickhouse_connect(struct clickhouse_destination *dest, struct error *err);

#endif
