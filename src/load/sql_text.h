/*
 * Adds names and values to a statement as SQL writes them, the same in every database. Writes the
 * statements that are the same in all.
 */
#ifndef LOAD_SQL_TEXT_H
#define LOAD_SQL_TEXT_H

#include "base/buf.h"
#include "load/destination_ops.h"
#include "model/hash.h"
#include "model/report.h"

void sql_add_name(struct buf *sql, const char *name);    /* "in double quotes" */
void sql_add_literal(struct buf *sql, const char *text); /* 'in single quotes' */
/* The same as that database reads them: in ClickHouse a backslash escapes. */
void sql_add_name_for(enum sql_dialect dialect, struct buf *sql, const char *name);
void sql_add_literal_for(enum sql_dialect dialect, struct buf *sql, const char *text);
void sql_add_day(struct buf *sql, int32_t day); /* 'yyyy-mm-dd' */

/* Adds 32 hexadecimal digits in single quotes. */
void sql_add_hash(struct buf *sql, struct hash128 hash);

/* Adds the names of a report's columns, each with the prefix before it: a."A", a."B". */
void sql_add_columns(struct buf *sql, const struct report *report, const char *prefix);

/* Returns the statement that adds a column to a report's table; `type` is the database's own name
 * of the type. The caller owns it. */
char *sql_alter_add_column(const struct report *report, const char *name, const char *type);

#endif
