/*
 * Numbers, money, dates and times as Brazilians write them, in UTF-8. The process's locale is not
 * used.
 *
 * All functions append plain text without a character that HTML would have to escape; only
 * format_cell writes foreign text, and escapes it. Numbers are rounded half away from zero, and
 * nothing is ever "−0". Minus is U+2212; between a number and its unit is a no-break space.
 */
#ifndef PAGES_FORMAT_H
#define PAGES_FORMAT_H

#include "base/buf.h"
#include "model/encoded_row.h"
#include "pages/decimal.h"

#define FORMAT_MISSING "–" /* where there is no value; never 0 */

/* What a column of a query holds. */
enum cell_kind {
    KIND_TEXT,
    KIND_INTEGER, /* 1234     -> 1.234 */
    KIND_DECIMAL, /* 8.25     -> 8,3 (digits) */
    KIND_RATIO,   /* 0.0822   -> 8,2 % (digits) */
    KIND_REAIS,   /* 1234.56  -> R$ 1.234,56 */
    KIND_CENTS,   /* 123456   -> R$ 1.234,56 */
    KIND_MINUTES, /* 65       -> 1 h 05 */
    KIND_DATE,    /* 2026-09-01 -> 01/09/2026 */
    KIND_MONTH,   /* 2026-09-01 -> set/26 */
    KIND_TIME,    /* 15:30:00 -> 15:30 */
    KIND_INSTANT, /* 2026-11-26T15:30:00-03:00 -> 26/11/2026 15:30, as it is written there */
};

struct view_column {
    const char *name; /* as in the view */
    enum cell_kind kind;
};

/* Returns the Portuguese word for a kind in /api: "texto", "inteiro", "razao" … */
const char *cell_kind_name(enum cell_kind kind);
bool cell_kind_is_number(enum cell_kind kind); /* aligned to the right */

void format_count(struct buf *out, int64_t number);                           /* 1.234 */
void format_decimal(struct buf *out, struct decimal number, unsigned digits); /* 8,2 */
void format_rate(struct buf *out, struct decimal ratio, unsigned digits);     /* 8,2 % */
/* numerator / denominator as a rate; – where the denominator is 0. Both within ±10^12. */
void format_share(struct buf *out, int64_t numerator, int64_t denominator, unsigned digits);
void format_reais(struct buf *out, int64_t cents);       /* R$ 1.234,56 */
void format_reais_whole(struct buf *out, int64_t cents); /* R$ 1.235 */
/* In figures: R$ 12,50 under a hundred, R$ 1.558, from ten thousand on R$ 12,3 mil and R$ 538 mil,
 * R$ 5,04 mi, R$ 1,20 bi. */
void format_reais_short(struct buf *out, int64_t cents);

/* Changes, with their sign: +40, −3, 0. */
void format_change(struct buf *out, int64_t change);
/* The change of a ratio in points: +0,18 p.p. */
void format_points(struct buf *out, struct decimal from, struct decimal to, unsigned digits);

void format_date(struct buf *out, int32_t day);        /* 26/11/2026 */
void format_day_month(struct buf *out, int32_t day);   /* 26/11 */
void format_month_short(struct buf *out, int32_t day); /* set/26 */
void format_month_long(struct buf *out, int32_t day);  /* setembro de 2026 */
const char *format_month_name(int32_t day);            /* setembro; static */
const char *format_weekday(int32_t day);               /* quinta; static */
const char *format_weekday_short(int32_t day);         /* qui; static */
void format_minutes(struct buf *out, int64_t minutes); /* 35 min, 1 h 05 */

/* Reads "15:30", perhaps with a colon and more behind it. */
bool format_read_time(const char *text, size_t len, int *hour, int *minute);

/* An instant as it is written, without a change of zone. */
struct local_time {
    int32_t day;
    int hour, minute;
};

/* Reads "2026-11-26T15:30" with whatever seconds and zone follow, or a space for the T. False if it
 * is not written so. */
bool format_read_instant(const char *text, size_t len, struct local_time *out);
void format_instant(struct buf *out, struct local_time when); /* 26/11/2026 15:30 */
void format_time(struct buf *out, int hour, int minute);      /* 15:30 */

/* Returns `one` for 1 and −1, else `many`. */
const char *format_plural(int64_t number, const char *one, const char *many);
/* "1 serviço", "1.234 serviços", with a no-break space */
void format_counted(struct buf *out, int64_t number, const char *one, const char *many);

/*
 * Appends a cell of a query as HTML. `digits` counts for KIND_DECIMAL and KIND_RATIO. NULL becomes
 * FORMAT_MISSING. A cell that is not what its kind says is shown as it is, escaped, and false is
 * returned.
 */
bool format_cell(struct buf *out, struct cell cell, enum cell_kind kind, unsigned digits);

#endif
