/*
 * A window's numbers, and the comparison's side of it.
 */
#ifndef LOAD_CLICKHOUSE_WINDOW_H
#define LOAD_CLICKHOUSE_WINDOW_H

#include "load/clickhouse/connect.h"

/* Gives the next number under the lease's token, or under a reserved one. */
bool clickhouse_next_number(struct clickhouse_destination *dest, const char *purpose, uint64_t *tx,
                            struct error *err);

bool clickhouse_begin(struct destination *dest, const struct report *report, struct window window,
                      struct error *err);
bool clickhouse_snapshot(struct destination *dest, struct snapshot *out, struct error *err);
/* Reads what lives in the window's days, unless the snapshot has done so. */
bool clickhouse_know_living(struct clickhouse_destination *dest, struct error *err);
/* Returns what lives under that key, or NULL. */
struct clickhouse_living *clickhouse_find_living(struct clickhouse_destination *dest,
                                                 struct hash128 key);
/* What was sent stays invisible for ever, because its number is never used again. */
void clickhouse_rollback(struct destination *dest);

#endif
