/*
 * Columns that exports have and the profile does not.
 */
#ifndef LOAD_CLICKHOUSE_ADD_COLUMN_H
#define LOAD_CLICKHOUSE_ADD_COLUMN_H

#include "load/clickhouse/connect.h"

bool clickhouse_add_column(struct destination *dest, const struct report *report, const char *name,
                           const struct run *run, bool *added, struct error *err);

#endif
