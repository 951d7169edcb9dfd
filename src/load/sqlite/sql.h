/*
 * Writes the statements on a report's table; the caller owns each text. Names come from YAML and
 * are always quoted.
 */
#ifndef LOAD_SQLITE_SQL_H
#define LOAD_SQLITE_SQL_H

#include "load/destination_ops.h"

char *sqlite_sql_create_table(const struct report *report);
enum { INDEX_COLUMNS_MAX = 3 };
char *sqlite_sql_create_index(const char *table, const char *name, bool unique,
                              const char *const columns[INDEX_COLUMNS_MAX]); /* then NULL */
char *sqlite_sql_add_column(const struct report *report, const char *name);
char *sqlite_sql_snapshot(const struct report *report);   /* ?1, ?2: first and last day */
char *sqlite_sql_read(const struct report *report);       /* ?1: key; ?2, ?3: first and last day */
char *sqlite_sql_read_stray(const struct report *report); /* the same, of any other day */
/* Reads key, fingerprint and cells of the range. */
char *sqlite_sql_read_rows(const struct report *report, struct row_range range);
char *sqlite_sql_insert(const struct report *report); /* cells, key, fingerprint */
char *sqlite_sql_update(const struct report *report); /* cells, fingerprint, key */
char *sqlite_sql_delete(const struct report *report); /* key */

#endif
