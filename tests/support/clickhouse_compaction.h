/*
 * Compactions of the database of tests/support/clickhouse_stage.h, and what they must leave.
 */
#ifndef TESTS_SUPPORT_CLICKHOUSE_COMPACTION_H
#define TESTS_SUPPORT_CLICKHOUSE_COMPACTION_H

#include "tests/support/clickhouse_stage.h"
#include "tests/support/proxy.h"

/* CLICK_ROWS after an update to CLOSED. */
#define COMPACTION_ROWS "100 CLOSED;200 CLOSED;300 OPEN"
#define COMPACTION_DEATHS "SELECT count() FROM visits_marks WHERE n >= 17592186044416"
#define COMPACTIONS_OPEN                                                                           \
    "SELECT countIf(kind = 'begun') - countIf(kind = 'done') FROM etl_compactions_log"

/* Loads a window that gives the rows 100 and 200 that status: two rows die. */
void compaction_update(struct click *click, const char *status, uint64_t print);

/* Compacts, and compares the outcome; compaction_run expects COMPACTION_DONE. */
void compaction_expect(struct click *click, struct destination *dest, bool few_too,
                       enum compaction_outcome outcome);
void compaction_run(struct click *click);

/* Compacts through a proxy that loses one statement or its answer. Returns whether it succeeded. */
bool compaction_run_through(struct click *click, enum proxy_fault fault, const char *text);

/* Adds the first cell of a row and a line feed to the buffer `arg`. */
bool compaction_take_told(void *arg, const struct cell *cells, size_t count, struct error *err);

/* Expects destination_repair to tell something with these words; NULL: nothing. */
void compaction_expect_repair(struct click *click, const char *words);

/* Expects so many rows to be stored, dead or not. */
void compaction_expect_rows(struct click *click, const char *rows);

/* Expects the state after one update to CLOSED and a compaction that is done. */
void compaction_expect_end(struct click *click);

/* Ends the database of the test and begins another one. */
void compaction_start_anew(void **state);

#endif
