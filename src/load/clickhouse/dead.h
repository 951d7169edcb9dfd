/*
 * The list of what a compaction removes, and the statements about it (pure). What is returned is
 * owned by the caller.
 *
 * REPORT_dead lists the `_id` of rows that committed windows have marked, and `_id` and `tx` of
 * what belongs to windows that were taken back; no `_id` is as small as a `tx`. So the list stays
 * what it is, whatever is committed or taken back while a compaction is under way, and a mark can
 * go if the row that it names can. On a cluster each shard has a part of it, and REPORT_dead_all is
 * all of it.
 */
#ifndef LOAD_CLICKHOUSE_DEAD_H
#define LOAD_CLICKHOUSE_DEAD_H

#include "load/clickhouse/site.h"
#include "model/report.h"

#include <stdint.h>

/* An _id is as large as this, because a token is at least 1; a tx is smaller. */
#define CLICKHOUSE_FIRST_ID "17592186044416"

/* Returns "(SELECT …)", the list as a set. Its table is named with its database: a server of 2018
 * runs a mutation without one. */
char *clickhouse_dead_set(const struct report *report, struct clickhouse_site site);

/* For each shard. clickhouse_dead_all returns NULL without a cluster. Dropping: the list over the
 * shards is dropped before the list itself. */
char *clickhouse_dead_table(const struct report *report, struct clickhouse_site site);
char *clickhouse_dead_all(const struct report *report, struct clickhouse_site site);
char *clickhouse_dead_drop(const struct report *report, struct clickhouse_site site,
                           const char *suffix);

/* Fill the list: with rows that the windows up to that commit have ended; with all windows that are
 * taken back; with the rows of these. */
char *clickhouse_dead_add_ended(const struct report *report, struct clickhouse_site site,
                                uint64_t upto);
char *clickhouse_dead_add_void(const struct report *report, struct clickhouse_site site);
char *clickhouse_dead_add_left(const struct report *report, struct clickhouse_site site);

/* Notes in etl_compactions_log how many rows and marks of each window are in the list. */
char *clickhouse_dead_count(const struct report *report, struct clickhouse_site site, uint64_t n,
                            uint64_t upto);
/* How many windows there are of which the list has fewer rows than were noted. */
char *clickhouse_dead_lacking(const struct report *report, struct clickhouse_site site, uint64_t n);

/* What is listed and still there: its number, and the mutation that removes it. */
enum clickhouse_remains { REMAINS_ROWS, REMAINS_MARKS, REMAINS_CHANGES, REMAINS_COUNT };
char *clickhouse_dead_remains(const struct report *report, struct clickhouse_site site,
                              enum clickhouse_remains what);
char *clickhouse_dead_remove(const struct report *report, struct clickhouse_site site,
                             enum clickhouse_remains what);
/* How many mutations of that table the server has not done yet. */
char *clickhouse_dead_pending(const struct report *report, enum clickhouse_remains what);

/* How many rows and marks a compaction would find; how many rows there are. */
char *clickhouse_dead_expected(const struct report *report, struct clickhouse_site site);
char *clickhouse_dead_rows(const struct report *report, struct clickhouse_site site);

#endif
