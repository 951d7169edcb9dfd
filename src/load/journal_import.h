/*
 * Writes rows of the journal that another database had: what destination_import does, where
 * rows can be changed in place.
 */
#ifndef LOAD_JOURNAL_IMPORT_H
#define LOAD_JOURNAL_IMPORT_H

#include "load/destination_ops.h"
#include "load/journal.h"

/* By the SQL that SQLite and PostgreSQL share. */
bool journal_import_in_place(struct destination *dest, const struct journal_rows *gone,
                             const struct journal_rows *rows, struct error *err);

#endif
