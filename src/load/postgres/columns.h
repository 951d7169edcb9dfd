/*
 * Adds columns that no profile knows to a report's table, and notes them in etl_columns.
 */
#ifndef LOAD_POSTGRES_COLUMNS_H
#define LOAD_POSTGRES_COLUMNS_H

#include "load/postgres/client.h"

/* Sets *out: whether the table still has all columns that were added to it. */
bool postgres_columns_are_there(struct postgres_destination *dest, const struct report *report,
                                bool *out, struct error *err);
/* Removes from etl_columns the columns that the table no longer has. */
bool postgres_forget_columns(struct postgres_destination *dest, const struct report *report,
                             struct error *err);
/* Implements destination_add_column. */
bool postgres_add_column(struct destination *dest, const struct report *report, const char *name,
                         const struct run *run, bool *added, struct error *err);

#endif
