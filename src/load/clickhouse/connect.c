/* SPDX-License-Identifier: MIT */
/* Asks the server who it is, and sets what its version knows. */
#include "load/clickhouse/connect.h"

#include <stdlib.h>
#include <string.h>

enum { OLDEST_YEAR = 18, OLDEST_MONTH = 16, PATIENCE_MS = 60 * 1000 };

/* Settings that a load depends on, where the server has them: an INSERT is answered when its rows
 * are in the table, none is dropped as a repetition of another, shards have theirs too. */
static const struct {
    const char *name, *value;
} settings[] = {
    {"async_insert", "0"},
    {"insert_deduplicate", "0"},
    {"insert_distributed_sync", "1"},
    {"distributed_foreground_insert", "1"},
    {"enable_optimize_predicate_expression", "1"},
};
enum { SETTING_COUNT = sizeof(settings) / sizeof(*settings) };

static bool take_version(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct clickhouse *ch = arg;
    char *end;

    (void)count;
    (void)err;
    ch->year = (int)strtol(cells[0].text ? cells[0].text : "", &end, 10);
    ch->month = *end == '.' ? (int)strtol(end + 1, NULL, 10) : 0;
    return true;
}

static bool take_setting(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct clickhouse *ch = arg;

    (void)count;
    (void)err;
    if (cells[0].text && cells[1].text && strcmp(cells[0].text, "readonly") == 0)
        ch->readonly = strcmp(cells[1].text, "1") == 0;
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (cells[0].text && strcmp(cells[0].text, settings[i].name) == 0)
            clickhouse_set(ch, settings[i].name, settings[i].value);
    return true;
}

bool clickhouse_connect(struct clickhouse_destination *dest, struct error *err)
{
    static const char purpose[] = "connect";
    struct clickhouse *ch = &dest->ch;

    dest->patience_ms = PATIENCE_MS;
    if (!clickhouse_query(ch, purpose, "SELECT version()", NULL, 0, take_version, ch, err))
        return false;
    if (!clickhouse_is_since(ch, OLDEST_YEAR, OLDEST_MONTH))
        return clickhouse_report_error(ch, purpose, err,
                                       "the server is ClickHouse %d.%d; this program needs %d.%d"
                                       " or newer, and is made for 24.3 or newer",
                                       ch->year, ch->month, OLDEST_YEAR, OLDEST_MONTH);
    return clickhouse_query(ch, purpose, "SELECT name, value FROM system.settings", NULL, 0,
                            take_setting, ch, err);
}

void clickhouse_disconnect(struct clickhouse_destination *dest)
{
    clickhouse_sender_done(&dest->sender);
    clickhouse_done(&dest->ch);
}
