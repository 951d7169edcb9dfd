/*
 * Reads in SQLite: queries, and transactions that only read.
 */
#ifndef LOAD_SQLITE_READ_H
#define LOAD_SQLITE_READ_H

#include "load/sqlite/statement.h"

/* destination_query and destination_begin_read. */
bool sqlite_query(struct destination *dest, const char *sql, const char *const *values,
                  size_t value_count, destination_row *row, void *arg, struct error *err);
bool sqlite_begin_read(struct destination *dest, int timeout_ms, struct error *err);

/* Makes the connection one that may write again, if a read is open; its transaction is the
 * caller's to roll back. */
void sqlite_end_read(struct sqlite_destination *dest);

#endif
