/*
 * Writes and reads the ledger in SQLite: runs, windows and rejects.
 */
#ifndef LOAD_SQLITE_LEDGER_H
#define LOAD_SQLITE_LEDGER_H

#include "load/destination_ops.h"

/* destination_start_run, …_end_run, …_loaded_days, …_execute, …_reject and …_record. */
bool sqlite_start_run(struct destination *dest, const struct run *run, struct error *err);
bool sqlite_end_run(struct destination *dest, const struct run *run, int exit_code, time_t ended_at,
                    struct error *err);
bool sqlite_loaded_days(struct destination *dest, bool *days, struct error *err);
bool sqlite_execute(struct destination *dest, const char *purpose, const char *sql,
                    struct error *err);
bool sqlite_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                   struct error *err);
bool sqlite_record(struct destination *dest, const struct ledger_entry *entry, struct error *err);

#endif
