/*
 * Rows of the ledger and the log that another database had.
 */
#ifndef LOAD_CLICKHOUSE_IMPORT_H
#define LOAD_CLICKHOUSE_IMPORT_H

#include "load/clickhouse/connect.h"
#include "load/journal.h"

bool clickhouse_import(struct destination *dest, const struct journal_rows *gone,
                       const struct journal_rows *rows, struct error *err);

#endif
