/*
 * Runs, rejects, and which days were loaded before.
 */
#ifndef LOAD_CLICKHOUSE_LEDGER_H
#define LOAD_CLICKHOUSE_LEDGER_H

#include "load/clickhouse/connect.h"

bool clickhouse_start_run(struct destination *dest, const struct run *run, struct error *err);
bool clickhouse_end_run(struct destination *dest, const struct run *run, int exit_code,
                        time_t ended_at, struct error *err);
bool clickhouse_loaded_days(struct destination *dest, bool *days, struct error *err);
/* They become visible with the window. */
bool clickhouse_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                       struct error *err);

#endif
