/*
 * The portal's past, clean: what every row of every day really says.
 *
 * A pure function of `struct history`: nothing is stored, any day costs its own rows only, and the
 * same arguments give the same rows on any machine. How the export spoils them is export.h's
 * business; how the table must hold them is truth.h's. Neither is derived from the other.
 *
 * Audit generations. Generation 0 is the past as first seen. Each generation g >= 1 asks every row
 * of every day, old years and last weeks alike, by a hash of (seed, report, day, row, g):
 *   - about 1 % of the rows are altered in one or two columns, never in a key column;
 *   - about 0.3 % are removed, for good: no later generation brings one back;
 *   - about 0.3 % are added, with a TOI of their own ("…/g").
 * Generations are cumulative: generation 3 holds what 1, 2 and 3 did.
 *
 * Keys (UC / MD, service date, code, TOI, team) are unique over the whole history in every
 * generation, also among the rows whose service date the portal prints as unreadable (`dated`
 * false): those always carry a TOI that no other row has.
 *
 * What has not happened by `today` is not there yet: no row later than today, and no date in a row
 * that lies after it. So a later `today` fills dates in, as the real portal does.
 */
#ifndef SIMULATOR_HISTORY_H
#define SIMULATOR_HISTORY_H

#include "simulator/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_NONE INT32_MIN /* a date or a time that the table holds as NULL */

enum { HISTORY_ROWS_MAX = 20000, HISTORY_GENERATION_MAX = 1000 };

struct history {
    uint64_t seed;
    int32_t begin;
    int32_t today;
    uint32_t rows; /* of the general report on an average day; 1 … HISTORY_ROWS_MAX */
    uint32_t generation;
};

struct history_id { /* of a row within its day; the same in every generation */
    uint32_t born;  /* the generation that added it; 0: it was always there */
    uint32_t slot;
};

struct history_value {
    struct text
        text; /* of a text column; shown is NULL for the derived ones, which no file carries */
    int32_t number; /* of a date (day number) or a time (seconds since midnight), or HISTORY_NONE */
};

enum { HISTORY_COMPOSED = 12, HISTORY_COMPOSED_SIZE = 24 };

struct history_row { /* points into itself: never copy one */
    int32_t day;     /* the service date, also where `dated` is false */
    bool dated;      /* the service date is readable */
    uint64_t key;    /* for drawing what belongs to this row; the same in every generation */
    struct history_value values[REPORT_COLUMNS_MAX];
    char composed[HISTORY_COMPOSED][HISTORY_COMPOSED_SIZE]; /* texts not found in a vocabulary */
    unsigned composed_count;
};

struct history_day {
    struct history_row *rows; /* in no order that a reader may rely on */
    struct history_id *ids;
    size_t count;
};

/* The rows of one report on one day; none outside begin … today. */
void history_day_init(struct history_day *day, const struct history *history, enum report_kind kind,
                      int32_t date);
void history_day_done(struct history_day *day);

enum history_edition {
    HISTORY_CURRENT,
    HISTORY_STALE, /* the same key with one text as it was before: what a careless export repeats */
};

/* One row, whether the generation has it or not. */
void history_row_fill(struct history_row *row, const struct history *history, enum report_kind kind,
                      int32_t date, struct history_id id, enum history_edition edition);

/* How many slots the day has: slots from there on are rows that never existed. */
uint32_t history_slots(const struct history *history, enum report_kind kind, int32_t date);

#endif
