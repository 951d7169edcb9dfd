/*
 * Copies the tables of the ledger and the log.
 */
#ifndef RUN_COPY_JOURNAL_H
#define RUN_COPY_JOURNAL_H

#include "load/journal.h"
#include "run/copy_sides.h"

/* Fails with ERROR_DATA if the target has runs or entries that the source does not have: a history
 * of its own. Runs of mode "copy" are no history. */
bool copy_journal_check_target(struct copy_sides *sides, struct error *err);

/* Makes a table equal: adds what the target lacks, in the order of the source, and where rows are
 * changed in place removes what the source does not have. */
bool copy_journal_of(struct copy_sides *sides, const struct journal_table *table,
                     struct error *err);

/* The mode of the runs of copies. */
#define COPY_MODE "copy"

/* Whether a row of etl_runs is of a copy. */
bool copy_journal_is_copy(const struct journal_table *table, const struct cell *cells);

#endif
