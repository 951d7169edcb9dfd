/*
 * Windows of which the server has lost something: a disk that lied, a part that a person removed.
 */
#ifndef LOAD_CLICKHOUSE_REPAIR_H
#define LOAD_CLICKHOUSE_REPAIR_H

#include "load/clickhouse/connect.h"

bool clickhouse_repair(struct destination *dest, const struct report *report, destination_row *told,
                       void *arg, struct error *err);

#endif
