/*
 * The texts of statements on a report's table, each owned by the caller. Names come from YAML and
 * are always quoted.
 */
#ifndef LOAD_POSTGRES_SQL_H
#define LOAD_POSTGRES_SQL_H

#include "load/destination_ops.h"

char *postgres_sql_table_name(const struct report *report); /* quoted */
char *postgres_sql_create_table(const struct report *report);
char *postgres_sql_adopt_table(const struct report *report);
char *postgres_sql_add_column(const struct report *report, const char *name);
/* Indexes; with NULL for a name PostgreSQL chooses one. */
char *postgres_sql_create_index(const struct report *report, const char *name, bool adopted);
char *postgres_sql_create_legacy_index(const struct report *report, const char *name);

char *postgres_sql_is_adopted(const struct report *report); /* true if rows may lack a key */
char *postgres_sql_key_undated(const struct report *report);
char *postgres_sql_count_legacy(const struct report *report, struct window window);
char *postgres_sql_delete_legacy(const struct report *report, struct window window);

char *postgres_sql_snapshot(const struct report *report, struct window window);
/* Key, fingerprint and cells of the range, the cells as the texts that are kept. */
char *postgres_sql_read_rows(const struct report *report, struct row_range range);
char *postgres_sql_copy_in(const struct report *report); /* cells, key, fingerprint */

/* Keys and days come as arrays, to an update also fingerprints and cells. The result is what the
 * rows were: each one's number in the arrays, from 1 and rising, then its cells. */
enum rows { ROWS_DATED, ROWS_UNDATED };
char *postgres_sql_delete(const struct report *report, enum rows rows);
char *postgres_sql_update(const struct report *report, enum rows rows);
/* Keys come as an array: deletes what has one of them on other days than the window's. */
char *postgres_sql_delete_strays(const struct report *report, struct window window);

#endif
