/*
 * The commit of a window, and the ledger's rows of windows that were not loaded.
 */
#ifndef LOAD_CLICKHOUSE_COMMIT_H
#define LOAD_CLICKHOUSE_COMMIT_H

#include "load/clickhouse/connect.h"

bool clickhouse_commit(struct destination *dest, const struct ledger_entry *entry,
                       struct error *err);
bool clickhouse_record(struct destination *dest, const struct ledger_entry *entry,
                       struct error *err);

#endif
