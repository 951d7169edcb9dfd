/* SPDX-License-Identifier: MIT */
/* Writes numbers and money in Portuguese. */
#include "pages/format.h"

#include <inttypes.h>
#include <stdio.h>

#define MINUS "\xE2\x88\x92"   /* U+2212 */
#define NO_BREAK "\xC2\xA0"    /* U+00A0 */
#define REAIS "R$" NO_BREAK    /* before the amount */
#define PER_CENT NO_BREAK "%"  /* behind it */
#define POINTS NO_BREAK "p.p." /* points of per cent */
enum { DIGITS_SIZE = 24 };     /* the digits of a uint64_t */
enum { POINT_PLACES = 12 };    /* digits of ratios that are compared */

/* Writes the digits with points between thousands, and a comma before the last `scale` ones. */
static void add_digits(struct buf *out, uint64_t magnitude, unsigned scale)
{
    char digits[DIGITS_SIZE + 20];
    const int len = snprintf(digits, sizeof(digits), "%0*" PRIu64, (int)scale + 1, magnitude);
    const int whole = len - (int)scale;

    for (int i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buf_add_char(out, '.');
        buf_add_char(out, digits[i]);
    }
    if (scale > 0) {
        buf_add_char(out, ',');
        buf_add(out, digits + whole, scale);
    }
}

/* Writes what was rounded to `digits` digits already; the sign is written. */
static void add_rounded(struct buf *out, struct decimal number, unsigned digits)
{
    add_digits(out, number.magnitude, number.scale);
    if (number.scale == 0 && digits > 0)
        buf_add_char(out, ',');
    for (unsigned i = number.scale; i < digits; i++)
        buf_add_char(out, '0');
}

void format_decimal(struct buf *out, struct decimal number, unsigned digits)
{
    const struct decimal rounded = decimal_round(number, digits);

    if (rounded.negative)
        buf_add_text(out, MINUS);
    add_rounded(out, rounded, digits);
}

void format_count(struct buf *out, int64_t number)
{
    format_decimal(out, decimal_of(number), 0);
}

void format_rate(struct buf *out, struct decimal ratio, unsigned digits)
{
    if (!decimal_shift(&ratio, 2)) {
        buf_add_text(out, FORMAT_MISSING);
        return;
    }
    format_decimal(out, ratio, digits);
    buf_add_text(out, PER_CENT);
}

void format_share(struct buf *out, int64_t numerator, int64_t denominator, unsigned digits)
{
    if (denominator == 0)
        buf_add_text(out, FORMAT_MISSING);
    else
        format_rate(out, decimal_quotient(numerator, denominator), digits);
}

static void add_reais(struct buf *out, struct decimal amount, unsigned digits)
{
    const struct decimal rounded = decimal_round(amount, digits);

    if (rounded.negative)
        buf_add_text(out, MINUS);
    buf_add_text(out, REAIS);
    add_rounded(out, rounded, digits);
}

static struct decimal reais_of(int64_t cents)
{
    struct decimal amount = decimal_of(cents);

    amount.scale = 2;
    return amount;
}

void format_reais(struct buf *out, int64_t cents)
{
    add_reais(out, reais_of(cents), 2);
}

void format_reais_whole(struct buf *out, int64_t cents)
{
    add_reais(out, reais_of(cents), 0);
}

/* The first step is taken whose rounded digits stay below its end. So 999.999,99 becomes "1,00 mi"
 * and never "1.000 mil". */
void format_reais_short(struct buf *out, int64_t cents)
{
    static const struct {
        unsigned scale, digits; /* of cents, and shown */
        uint64_t end;           /* in units of the last digit */
        const char *unit;
    } steps[] = {
        {2, 2, 10000, ""},
        {2, 0, 10000, ""},
        {5, 1, 1000, NO_BREAK "mil"},
        {5, 0, 1000, NO_BREAK "mil"},
        {8, 2, 10000, NO_BREAK "mi"},
        {8, 1, 10000, NO_BREAK "mi"},
        {11, 2, UINT64_MAX, NO_BREAK "bi"},
    };
    struct decimal amount = decimal_of(cents);

    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        amount.scale = steps[i].scale;
        if (decimal_round(amount, steps[i].digits).magnitude >= steps[i].end)
            continue;
        add_reais(out, amount, steps[i].digits);
        buf_add_text(out, steps[i].unit);
        return;
    }
}

void format_change(struct buf *out, int64_t change)
{
    if (change > 0)
        buf_add_char(out, '+');
    format_count(out, change);
}

/* Points of per cent in units of the last of POINT_PLACES digits, so that differences are exact. */
static bool points_of(struct decimal ratio, int64_t *out)
{
    return decimal_shift(&ratio, 2) && decimal_shift(&ratio, POINT_PLACES / 2) &&
           decimal_shift(&ratio, POINT_PLACES / 2) && decimal_to_int(ratio, out);
}

void format_points(struct buf *out, struct decimal from, struct decimal to, unsigned digits)
{
    int64_t before, after, change;

    if (!points_of(from, &before) || !points_of(to, &after) ||
        __builtin_sub_overflow(after, before, &change)) {
        buf_add_text(out, FORMAT_MISSING);
        return;
    }
    struct decimal points = decimal_of(change);
    points.scale = POINT_PLACES;
    points = decimal_round(points, digits);
    if (points.magnitude != 0 && !points.negative)
        buf_add_char(out, '+');
    format_decimal(out, points, digits);
    buf_add_text(out, POINTS);
}

const char *format_plural(int64_t number, const char *one, const char *many)
{
    return number == 1 || number == -1 ? one : many;
}

void format_counted(struct buf *out, int64_t number, const char *one, const char *many)
{
    format_count(out, number);
    buf_add_text(out, NO_BREAK);
    buf_add_text(out, format_plural(number, one, many));
}
