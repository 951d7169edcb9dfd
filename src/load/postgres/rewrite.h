/*
 * Deletes and updates rows that are in the table already.
 */
#ifndef LOAD_POSTGRES_REWRITE_H
#define LOAD_POSTGRES_REWRITE_H

#include "load/postgres/applier.h"

/* Deletes and updates the rows of a->rewrites, and writes what they were to the change log. Fails
 * with ERROR_DATABASE if a row is not in the table exactly once. */
bool rewrite_rows(struct applier *a, struct error *err);
/* Deletes rows that have the key of an inserted row on a day outside the window, and writes what
 * they were to the change log. Needed only for a distrustful destination. */
bool rewrite_strays(struct applier *a, struct error *err);

#endif
