/* SPDX-License-Identifier: MIT */
/* Lists the columns of etl_windows with their values. */
#include "load/ledger_fields.h"

#include <string.h>

void ledger_fields(const struct ledger_entry *entry, struct ledger_field out[LEDGER_FIELD_COUNT])
{
    const struct window *window = &entry->window;
    const struct batch_counts *rows = &entry->rows;
    const struct change_counts *changes = &entry->changes;
    const struct ledger_field fields[LEDGER_FIELD_COUNT] = {
        {"run_id", LEDGER_TEXT, .text = entry->run_id},
        {"report", LEDGER_TEXT, .text = entry->report},
        {"first", LEDGER_DAY, .day = window->first},
        {"last", LEDGER_DAY, .day = window->last},
        {"own_first", LEDGER_DAY, .day = window->own_first},
        {"own_last", LEDGER_DAY, .day = window->own_last},
        {"complete", LEDGER_FLAG, .flag = window->complete},
        {"status", LEDGER_TEXT, .text = window_status_name(entry->status)},
        {"reason", LEDGER_TEXT, .text = entry->reason},
        {"file", LEDGER_TEXT, .text = entry->file},
        {"sha256", LEDGER_TEXT, .text = entry->sha256},
        {"bytes", LEDGER_COUNT, .count = entry->bytes},
        {"rows_read", LEDGER_COUNT, .count = rows->read},
        {"rows_loaded", LEDGER_COUNT, .count = rows->loaded},
        {"rows_duplicates", LEDGER_COUNT, .count = rows->duplicates},
        {"rows_boundary", LEDGER_COUNT, .count = rows->boundary},
        {"rows_rejected", LEDGER_COUNT, .count = rows->rejected},
        {"rows_foreign", LEDGER_COUNT, .count = rows->foreign},
        {"rows_left_out", LEDGER_COUNT, .count = rows->left_out},
        {"cells_unreadable", LEDGER_COUNT, .count = rows->unreadable},
        {"inserted", LEDGER_COUNT, .count = changes->inserted},
        {"updated", LEDGER_COUNT, .count = changes->updated},
        {"deleted", LEDGER_COUNT, .count = changes->deleted},
        {"unchanged", LEDGER_COUNT, .count = changes->unchanged},
        {"kept", LEDGER_COUNT, .count = changes->kept},
        {"started_at", LEDGER_INSTANT, .instant = entry->started_at},
        {"ended_at", LEDGER_INSTANT, .instant = entry->ended_at},
        {"seconds", LEDGER_REAL, .real = entry->seconds},
    };

    memcpy(out, fields, sizeof(fields));
}

static int32_t nearest_day(int32_t day)
{
    enum { FIRST = 1, LAST = 49672 }; /* 1970-01-02, 2105-12-31 */

    return day < FIRST ? FIRST : day > LAST ? LAST : day;
}

struct window ledger_days_that_fit(struct window window)
{
    const bool no_days = window.own_last < window.own_first;

    window.first = nearest_day(window.first);
    window.last = nearest_day(window.last);
    window.own_last = nearest_day(window.own_last);
    window.own_first = no_days ? window.own_last + 1 : nearest_day(window.own_first);
    return window;
}
