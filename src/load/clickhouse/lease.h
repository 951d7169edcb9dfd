/*
 * The lease in ClickHouse, which has no compare-and-set: an append to a table is ordered by the
 * number of its part, and of two claims of one token the first counts.
 */
#ifndef LOAD_CLICKHOUSE_LEASE_H
#define LOAD_CLICKHOUSE_LEASE_H

#include "load/clickhouse/connect.h"

bool clickhouse_take_lease(struct destination *dest, const struct lease *lease, int64_t *token,
                           struct error *err);
/* Checks that the lease is still this run's, and notes that it lives when a third of its time has
 * passed since the last note. */
bool clickhouse_renew_lease(struct destination *dest, struct error *err);
/* Reserves a token for a writer without a lease, whose windows need numbers that nobody else has.
 */
bool clickhouse_reserve_token(struct clickhouse_destination *dest, uint64_t *token,
                              struct error *err);
/* Adds " WHERE …" to an INSERT … SELECT FROM system.one: it writes nothing if the lease, or that of
 * undated rows, was taken away. Nothing without a lease. */
void clickhouse_add_owner(struct buf *sql, const struct clickhouse_destination *dest);
/* Begins to be the only run with a lease of some days that writes undated rows of a report, until
 * unlock: two would each write the same row. Waits for another one, at most dest->patience_ms. Does
 * nothing if the lease is for all tables. */
bool clickhouse_lock_undated(struct clickhouse_destination *dest, const struct report *report,
                             struct error *err);
void clickhouse_unlock_undated(struct clickhouse_destination *dest);
bool clickhouse_release_lease(struct destination *dest, struct error *err);

#endif
