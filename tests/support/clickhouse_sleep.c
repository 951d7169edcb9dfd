/* SPDX-License-Identifier: MIT */
/* Makes queries that sleep. */
#include "tests/support/clickhouse_sleep.h"

#include "base/mem.h"
#include "tests/support/clickhouse_server.h"

#include <string.h>

#define SLEEP "(SELECT sleepEachRow(3)) = 0"

static const char *after_last(const char *text, const char *words)
{
    const char *found = NULL;

    for (const char *at = text; (at = strstr(at, words)); at++)
        found = at + strlen(words);
    return found;
}

char *clickhouse_sleepy(const char *view, enum clickhouse_place place)
{
    static const char where[] = " WHERE ", last_commit[] = "(SELECT max(seq) FROM etl_ledger)";
    const char *from = strstr(view, " FROM ");
    const char *first = strstr(from, where) + strlen(where);
    const char *set = after_last(from, "_marks\" WHERE ");
    const char *commit = strstr(first, last_commit) + strlen(last_commit);
    const char *at = place == SLEEP_FIRST      ? first
                     : place == SLEEP_COMMIT   ? commit
                     : place == SLEEP_LAST_SET ? set
                                               : from + strlen(from);

    return mem_format(
        "SELECT count() * 10 + ifNull(uniqExact(STATUS), 0)%.*s%s%s", (int)(at - from), from,
        place == SLEEP_LAST || place == SLEEP_COMMIT ? " AND " SLEEP : SLEEP " AND ", at);
}

bool clickhouse_is_asleep(void)
{
    MEM_FREE_TEXT char *found = clickhouse_server_query(
        0, "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(3)%'"
           " AND query NOT LIKE '%system.processes%' AND elapsed > 0.2 AND elapsed < 2.8");

    return found && strcmp(found, "0") != 0;
}
