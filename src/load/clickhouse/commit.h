/*
 * The commit of a window, and the ledger's rows of windows that were not loaded.
 */
#ifndef LOAD_CLICKHOUSE_COMMIT_H
#define LOAD_CLICKHOUSE_COMMIT_H

#include "load/clickhouse/destination.h"

bool clickhouse_commit(struct destination *dest, const struct ledger_entry *entry,
                       struct error *err);
bool clickhouse_record(struct destination *dest, const struct ledger_entry *entry,
                       struct error *err);

/* Finds out what became of a commit whose answer was lost, if there is one, and takes it back if it
 * is not there. Nothing may be read before. */
bool clickhouse_settle(struct clickhouse_destination *dest, struct error *err);

#endif
