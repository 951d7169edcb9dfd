/*
 * Reads what the table holds in a window, and whole rows as they stand in the table.
 */
#ifndef LOAD_POSTGRES_SNAPSHOT_H
#define LOAD_POSTGRES_SNAPSHOT_H

#include "load/postgres/client.h"

/* Counts the legacy rows of the open window's owned days. */
bool postgres_count_legacy(struct postgres_destination *dest, size_t *out, struct error *err);
/* Implement destination_snapshot and destination_read_rows. */
bool postgres_snapshot(struct destination *dest, struct snapshot *out, struct error *err);
bool postgres_read_rows(struct destination *dest, const struct report *report,
                        struct row_range range, destination_table_row *row, void *arg,
                        struct error *err);

#endif
