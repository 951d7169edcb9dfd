/*
 * Removes what nobody will ever see again: rows that committed windows have ended, with the marks
 * that say so, and what windows left behind that were taken back.
 *
 * No query sees a difference, because each step waits for those that might:
 *
 *     list        what can go; the list is written down (dead.h), and nothing joins it later
 *     wait        for the queries that run: they may have read the ledger before the last windows
 *     begun       counted and noted, so that `repair` knows what is missing and why; only now
 *     rows go     by mutations, which replace part by part; done when none of them is there
 *     wait        for the queries that run: they may still read parts with such rows
 *     marks go
 *     done        noted; the list is dropped
 *
 * A program or server that is killed anywhere leaves a state that reads the same. What was noted as
 * begun is ended by the next compaction, from the same list.
 */
#ifndef LOAD_CLICKHOUSE_COMPACT_H
#define LOAD_CLICKHOUSE_COMPACT_H

#include "load/clickhouse/connect.h"

bool clickhouse_compact(struct destination *dest, const struct report *report, bool few_too,
                        struct compaction *out, struct error *err);

/* Sets *is_open to whether a compaction of that report has begun and is not done. Fails if it has
 * lost something of its list. */
bool clickhouse_compaction_is_open(struct clickhouse_destination *dest, const struct report *report,
                                   bool *is_open, struct error *err);
/* Lets its rows go, which nothing can stop any more. */
bool clickhouse_compaction_end_rows(struct clickhouse_destination *dest,
                                    const struct report *report, struct error *err);

#endif
