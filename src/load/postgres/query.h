/*
 * Runs SELECTs whose results are the same texts as in SQLite.
 */
#ifndef LOAD_POSTGRES_QUERY_H
#define LOAD_POSTGRES_QUERY_H

#include "load/destination_ops.h"

/* Implements destination_query_values. */
bool postgres_read_values(struct destination *dest, const char *sql, const char *const *values,
                          size_t value_count, destination_row *row, void *arg, struct error *err);
/* Implements destination_begin_read. */
bool postgres_begin_read(struct destination *dest, int timeout_ms, struct error *err);
/* Implements destination_query. */
bool postgres_read(struct destination *dest, const char *sql, destination_row *row, void *arg,
                   struct error *err);

#endif
