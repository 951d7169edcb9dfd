/*
 * Queries that sleep between two steps of what a view does, so that something can happen there.
 */
#ifndef TESTS_SUPPORT_CLICKHOUSE_SLEEP_H
#define TESTS_SUPPORT_CLICKHOUSE_SLEEP_H

#include <stdbool.h>

/* Where a query sleeps: before it reads anything in WHERE, when it has read the last commit, before
 * the last set of marks, or after all. */
enum clickhouse_place { SLEEP_FIRST, SLEEP_COMMIT, SLEEP_LAST_SET, SLEEP_LAST, SLEEP_PLACES };

/* Returns a query that counts the rows and their versions as a view (clickhouse_sql_view) selects
 * them, rows * 10 + versions, with a sleep of three seconds; owned by the caller. */
char *clickhouse_sleepy(const char *view, enum clickhouse_place place);

/* Whether such a query sleeps on the first server. */
bool clickhouse_is_asleep(void);

#endif
