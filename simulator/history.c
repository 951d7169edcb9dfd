/* SPDX-License-Identifier: MIT */
/* Draws which rows a day has in a generation, and how often audits altered each column. */
#include "simulator/history.h"

#include "base/mem.h"
#include "simulator/random.h"
#include "simulator/rows.h"
#include "simulator/service.h"

#include <stdlib.h>
#include <string.h>

enum { ALTERED_PER_MILLION = 10000, REMOVED_PER_MILLION = 3000, ADDED_PER_MILLION = 3000 };

enum { RETURN_SHARE = 5 }; /* general slots for one slot of the return report */

/* Salts below a (row, generation) key. */
enum salt { SALT_ALTERED, SALT_REMOVED, SALT_ADDED, SALT_COLUMN, SALT_TWO_COLUMNS };

enum { SALT_GENERATION = 5000, SALT_STALE = 4900, SALT_SLOTS = 4901 };

uint32_t history_slots(const struct history *history, enum report_kind kind, int32_t date)
{
    uint32_t general = service_slots(history, date);
    uint64_t key = service_day_key(history, REPORT_RETURN, date);

    if (kind == REPORT_GENERAL)
        return general;
    /* The remainder becomes one more return, as often as the share needs it. */
    return general / RETURN_SHARE +
           (random_below(key, SALT_SLOTS, RETURN_SHARE) < general % RETURN_SHARE);
}

static uint64_t generation_key(uint64_t row_key, uint32_t generation)
{
    return random_mix(row_key, SALT_GENERATION + (uint64_t)generation);
}

static bool is_removed(const struct history *history, uint64_t row_key, struct history_id id)
{
    for (uint32_t g = id.born + 1; g <= history->generation; g++)
        if (random_chance(generation_key(row_key, g), SALT_REMOVED, REMOVED_PER_MILLION))
            return true;
    return false;
}

static bool is_added(uint64_t row_key, struct history_id id)
{
    return id.born == 0 ||
           random_chance(generation_key(row_key, id.born), SALT_ADDED, ADDED_PER_MILLION);
}

/* Returns the n-th column that an audit may alter, beginning again behind the last one; with
 * texts_only the n-th text. */
static size_t alterable(const struct sim_report *report, uint32_t n, bool texts_only)
{
    size_t count = report->column_count, found = 0;

    for (size_t c = 0;; c = (c + 1) % count) {
        const struct sim_report_column *column = &report->columns[c];
        if (column->alterable && (!texts_only || column->type == REPORT_TEXT) && found++ == n)
            return c;
    }
}

static void alter(const struct sim_report *report, uint64_t key, uint32_t shift[REPORT_COLUMNS_MAX])
{
    size_t first = alterable(report, random_below(key, SALT_COLUMN, 24), false);

    shift[first]++;
    if (random_chance(key, SALT_TWO_COLUMNS, 400000)) {
        size_t second = alterable(report, random_below(key, SALT_COLUMN + 100, 24), false);
        if (second != first)
            shift[second]++;
    }
}

void history_row_fill(struct history_row *row, const struct history *history, enum report_kind kind,
                      int32_t date, struct history_id id, enum history_edition edition)
{
    const struct sim_report *report = sim_report_of(kind);
    uint32_t shift[REPORT_COLUMNS_MAX] = {0};

    memset(row, 0, sizeof *row);
    row->day = date;
    row->key = service_row_key(history, kind, date, id);
    for (uint32_t g = id.born + 1; g <= history->generation; g++) {
        uint64_t key = generation_key(row->key, g);
        if (random_chance(key, SALT_ALTERED, ALTERED_PER_MILLION))
            alter(report, key, shift);
    }
    /* A text is taken, because a date may be hidden by today, and then old and new would be the
     * same. */
    if (edition == HISTORY_STALE)
        shift[alterable(report, random_below(row->key, SALT_STALE, 12), true)]++;
    if (kind == REPORT_GENERAL)
        rows_fill_general(row, history, id, shift);
    else
        rows_fill_return(row, history, id, shift);
}

static void add_id(struct history_day *day, size_t *room, struct history_id id)
{
    if (day->count == *room) {
        *room = *room ? *room * 2 : 64;
        day->ids = mem_grow(day->ids, *room, sizeof *day->ids);
    }
    day->ids[day->count++] = id;
}

void history_day_init(struct history_day *day, const struct history *history, enum report_kind kind,
                      int32_t date)
{
    size_t room = 0;

    *day = (struct history_day){0};
    if (date < history->begin || date > history->today)
        return;
    uint32_t slots = history_slots(history, kind, date);
    for (uint32_t born = 0; born <= history->generation; born++)
        for (uint32_t slot = 0; slot < slots; slot++) {
            struct history_id id = {born, slot};
            uint64_t key = service_row_key(history, kind, date, id);
            if (is_added(key, id) && !is_removed(history, key, id))
                add_id(day, &room, id);
        }
    day->rows = mem_array(day->count, sizeof *day->rows);
    for (size_t i = 0; i < day->count; i++)
        history_row_fill(&day->rows[i], history, kind, date, day->ids[i], HISTORY_CURRENT);
}

void history_day_done(struct history_day *day)
{
    free(day->rows);
    free(day->ids);
    *day = (struct history_day){0};
}
