/*
 * Draws the portal's past, clean: what every row of every day really says.
 *
 * The rows are a pure function of `struct history`: nothing is stored, a day is drawn without the
 * others, and the same arguments give the same rows on any machine. export.h makes them untidy,
 * truth.h says how the table must hold them. Neither is derived from the other.
 *
 * Audit generations. Generation 0 is the past as first seen. Each generation g >= 1 changes rows of
 * all days, of old years and of the last weeks, chosen by a hash of (seed, report, day, row, g):
 *   - about 1 % of the rows are altered in one or two columns, never in a key column;
 *   - about 0.3 % are removed, and no later generation brings one back;
 *   - about 0.3 % are added, with a TOI of their own ("…/g").
 * Generations are cumulative: generation 3 holds what 1, 2 and 3 did.
 *
 * Keys (UC / MD, service date, code, TOI, team) are unique over the whole history in every
 * generation. That includes rows whose service date the portal prints as unreadable (`dated`
 * false): they always have a TOI that no other row has.
 *
 * What has not happened by `today` is not there yet: there is no row later than today, and no date
 * in a row that lies after it. So a later `today` fills dates in, as the real portal does.
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

struct history_id { /* identifies a row within its day, in every generation */
    uint32_t born;  /* the generation that added it; 0: it was always there */
    uint32_t slot;
};

struct history_value {
    /* Of a text column. `shown` is NULL for derived columns, which are in no file. */
    struct text text;
    int32_t number; /* of a date (day number) or a time (seconds since midnight), or HISTORY_NONE */
};

enum { HISTORY_COMPOSED = 12, HISTORY_COMPOSED_SIZE = 24 };

struct history_row { /* points into itself, so it must not be copied */
    int32_t day;     /* the service date, even if `dated` is false */
    bool dated;      /* the service date is readable */
    uint64_t key;    /* the key for draws about this row; the same in every generation */
    struct history_value values[REPORT_COLUMNS_MAX];
    char composed[HISTORY_COMPOSED][HISTORY_COMPOSED_SIZE]; /* texts that are in no vocabulary */
    unsigned composed_count;
};

struct history_day {
    struct history_row *rows; /* in no particular order */
    struct history_id *ids;
    size_t count;
};

/* Draws the rows of a report on a day; none outside begin … today, both inclusive. history_day_done
 * frees them. */
void history_day_init(struct history_day *day, const struct history *history, enum report_kind kind,
                      int32_t date);
void history_day_done(struct history_day *day);

enum history_edition {
    HISTORY_CURRENT,
    HISTORY_STALE, /* the same key with an older content of one text, as untidy exports repeat it */
};

/* Draws one row, even if the generation does not have it. */
void history_row_fill(struct history_row *row, const struct history *history, enum report_kind kind,
                      int32_t date, struct history_id id, enum history_edition edition);

/* Returns the number of slots of a day. A slot of that number or a higher one is a row that has
 * never existed. */
uint32_t history_slots(const struct history *history, enum report_kind kind, int32_t date);

#endif
