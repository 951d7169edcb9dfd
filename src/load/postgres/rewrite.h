/*
 * Rows that are in the table already: deletes and updates them.
 */
#ifndef LOAD_POSTGRES_REWRITE_H
#define LOAD_POSTGRES_REWRITE_H

#include "load/postgres/applier.h"

/* Deletes and updates a->rewrites, and logs what they were. */
bool rewrite_rows(struct applier *a, struct error *err);
/* Deletes and logs what has the key of a row that is inserted, on a day that is not the window's.
 */
bool rewrite_strays(struct applier *a, struct error *err);

#endif
