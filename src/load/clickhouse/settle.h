/*
 * Commits whose answers were lost: they may be there, or may still come.
 */
#ifndef LOAD_CLICKHOUSE_SETTLE_H
#define LOAD_CLICKHOUSE_SETTLE_H

#include "load/clickhouse/connect.h"

/* Whether the window of that number is in the ledger, and not taken back. */
bool clickhouse_is_committed(struct clickhouse_destination *dest, uint64_t tx, bool *out,
                             struct error *err);

/* Finds out whether dest->unsettled was committed, and takes it back for good if it was not. On
 * failure it stays unsettled. */
bool clickhouse_settle_last(struct clickhouse_destination *dest, bool *committed,
                            struct error *err);

/* Does so if there is one. Nothing may be read before. */
bool clickhouse_settle(struct clickhouse_destination *dest, struct error *err);

#endif
