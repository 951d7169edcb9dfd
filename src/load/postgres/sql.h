/*
 * Writes the statements on a report's table; the caller owns each text. Names come from YAML and
 * are always quoted.
 */
#ifndef LOAD_POSTGRES_SQL_H
#define LOAD_POSTGRES_SQL_H

#include "load/destination_ops.h"

char *postgres_sql_table_name(const struct report *report); /* quoted */
char *postgres_sql_create_table(const struct report *report);
char *postgres_sql_adopt_table(const struct report *report);
char *postgres_sql_add_column(const struct report *report, const char *name);
/* Create indexes. With NULL for a name PostgreSQL chooses one. An adopted table's index leaves out
 * rows without a key. */
char *postgres_sql_create_index(const struct report *report, const char *name, bool adopted);
char *postgres_sql_create_legacy_index(const struct report *report, const char *name);

char *postgres_sql_is_adopted(const struct report *report); /* whether rows may lack a key */
char *postgres_sql_key_undated(const struct report *report);
char *postgres_sql_count_legacy(const struct report *report, struct window window);
char *postgres_sql_delete_legacy(const struct report *report, struct window window);

char *postgres_sql_snapshot(const struct report *report, struct window window);
/* Reads key, fingerprint and cells of the range; the cells as the texts that this program keeps. */
char *postgres_sql_read_rows(const struct report *report, struct row_range range);
char *postgres_sql_copy_in(const struct report *report); /* cells, key, fingerprint */

/* Delete and update rows. The parameters are arrays: keys and days, for an update also fingerprints
 * and then one array for each column. The result has a row for each row that was found: its number
 * in the arrays, from 1 and rising, then its old cells. */
enum rows { ROWS_DATED, ROWS_UNDATED };
char *postgres_sql_delete(const struct report *report, enum rows rows);
char *postgres_sql_update(const struct report *report, enum rows rows);
/* Deletes rows that have one of the keys (an array) on a day outside the window's owned days. Its
 * result is like that of postgres_sql_delete. */
char *postgres_sql_delete_strays(const struct report *report, struct window window);

#endif
