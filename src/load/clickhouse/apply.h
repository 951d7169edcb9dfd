/*
 * Writes what a plan says: rows, marks and the change log, under the open window's number.
 */
#ifndef LOAD_CLICKHOUSE_APPLY_H
#define LOAD_CLICKHOUSE_APPLY_H

#include "load/clickhouse/connect.h"

bool clickhouse_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                      const struct plan *plan, struct error *err);

#endif
