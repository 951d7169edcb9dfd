/*
 * Exact decimal numbers, as the databases write them: -0.077682, 538488.96, 1.0e-06.
 */
#ifndef PAGES_DECIMAL_H
#define PAGES_DECIMAL_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_SCALE_MAX = 18 };

/* magnitude / 10^scale; zero is not negative. */
struct decimal {
    uint64_t magnitude;
    unsigned scale; /* at most DECIMAL_SCALE_MAX */
    bool negative;
};

/* Reads an optional minus, digits, and perhaps a point with digits and an exponent of up to three
 * digits. Digits behind the first 19 are cut off, which changes no rounding. False, with *out
 * untouched, if it is written otherwise or its whole part has more than 19 digits. */
bool decimal_parse(const char *text, size_t len, struct decimal *out);

struct decimal decimal_of(int64_t number);
/* numerator / denominator with 19 digits, of which at most 18 are behind the point; the rest is cut
 * off. The denominator is not 0; both are within ±10^12. */
struct decimal decimal_quotient(int64_t numerator, int64_t denominator);

/* Moves the point by -6 to 6 places to the right: of ratios, by 2, for per cent; of cents, by -2,
 * for reais. False, with the value untouched, if it then has too many digits. */
bool decimal_shift(struct decimal *value, int places);
/* Rounded to that many digits behind the point, half away from zero; zero is never negative. */
struct decimal decimal_round(struct decimal value, unsigned digits);
/* Rounded to a whole number; false if it does not fit. */
bool decimal_to_int(struct decimal value, int64_t *out);
/* Does so only for a number that is whole, such as 12 or 12.0. */
bool decimal_to_whole(struct decimal value, int64_t *out);
/* Appends all its digits, without an exponent: -0.077682 with `point` for the point. */
void decimal_write(struct buf *out, struct decimal value, char point);
/* For widths of bars and the like, where a double is exact enough. */
double decimal_to_double(struct decimal value);

#endif
