/* SPDX-License-Identifier: MIT */
/* Decimal numbers in 64 bits. Digits that do not fit are cut off, never rounded: so rounding later
 * half away from zero gives the same as with all digits. */
#include "pages/decimal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { DIGITS_MAX = 19, EXPONENT_DIGITS = 3 };

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What is left to read. */
struct reader {
    const char *at, *end;
};

static bool take(struct reader *in, const char *set)
{
    if (in->at == in->end)
        return false;
    for (; *set; set++)
        if (*in->at == *set) {
            in->at++;
            return true;
        }
    return false;
}

/* Reads at least one digit of the part before the point. */
static bool read_whole(struct reader *in, struct decimal *number)
{
    const char *first = in->at;
    int used = 0;

    for (; in->at < in->end && is_digit(*in->at); in->at++) {
        used += used > 0 || *in->at != '0';
        if (used > DIGITS_MAX)
            return false;
        number->magnitude = number->magnitude * 10 + (uint64_t)(*in->at - '0');
    }
    return in->at > first;
}

static bool read_fraction(struct reader *in, struct decimal *number)
{
    const char *first = in->at;

    for (; in->at < in->end && is_digit(*in->at); in->at++) {
        if (number->scale == DECIMAL_SCALE_MAX || number->magnitude >= power_of_ten(DIGITS_MAX - 1))
            continue;
        number->magnitude = number->magnitude * 10 + (uint64_t)(*in->at - '0');
        number->scale++;
    }
    return in->at > first;
}

static bool read_exponent(struct reader *in, int *out)
{
    const bool negative = take(in, "-");
    const char *first;
    int exponent = 0;

    if (!negative)
        take(in, "+");
    for (first = in->at; in->at < in->end && is_digit(*in->at); in->at++) {
        if (in->at - first == EXPONENT_DIGITS)
            return false;
        exponent = exponent * 10 + (*in->at - '0');
    }
    *out = negative ? -exponent : exponent;
    return in->at > first;
}

static bool multiply_by_ten(struct decimal *number)
{
    if (number->magnitude >= power_of_ten(DIGITS_MAX - 1))
        return false;
    number->magnitude *= 10;
    return true;
}

/* Moves the point by `exponent` places to the right. */
static bool move_point(struct decimal *number, int exponent)
{
    if (number->magnitude == 0) {
        number->scale = 0;
        return true;
    }
    for (; exponent > 0; exponent--) {
        if (number->scale > 0)
            number->scale--;
        else if (!multiply_by_ten(number))
            return false;
    }
    for (; exponent < 0; exponent++) {
        if (number->scale < DECIMAL_SCALE_MAX)
            number->scale++;
        else
            number->magnitude /= 10;
    }
    return true;
}

bool decimal_parse(const char *text, size_t len, struct decimal *out)
{
    struct reader in = {text, text + len};
    struct decimal number = {0};
    int exponent = 0;

    const bool negative = take(&in, "-");
    if (!read_whole(&in, &number))
        return false;
    if (take(&in, ".") && !read_fraction(&in, &number))
        return false;
    if (take(&in, "eE") && !read_exponent(&in, &exponent))
        return false;
    if (in.at != in.end || !move_point(&number, exponent))
        return false;
    number.negative = negative && number.magnitude != 0;
    *out = number;
    return true;
}

/* The magnitude of INT64_MIN has no positive int64_t. */
static uint64_t magnitude_of(int64_t number)
{
    return number < 0 ? (uint64_t)0 - (uint64_t)number : (uint64_t)number;
}

struct decimal decimal_of(int64_t number)
{
    return (struct decimal){.magnitude = magnitude_of(number), .negative = number < 0};
}

struct decimal decimal_quotient(int64_t numerator, int64_t denominator)
{
    const uint64_t by = magnitude_of(denominator);
    uint64_t rest = magnitude_of(numerator);

    assert(by != 0);
    struct decimal out = {.magnitude = rest / by};
    while (out.scale < DECIMAL_SCALE_MAX && out.magnitude < power_of_ten(DIGITS_MAX - 1)) {
        rest = rest % by * 10;
        out.magnitude = out.magnitude * 10 + rest / by;
        out.scale++;
    }
    out.negative = out.magnitude != 0 && (numerator < 0) != (denominator < 0);
    return out;
}

bool decimal_shift(struct decimal *value, int places)
{
    struct decimal moved = *value;

    assert(places >= -6 && places <= 6);
    if (!move_point(&moved, places))
        return false;
    *value = moved;
    return true;
}

struct decimal decimal_round(struct decimal value, unsigned digits)
{
    if (value.scale > digits) {
        const uint64_t unit = power_of_ten(value.scale - digits);
        const uint64_t rest = value.magnitude % unit;
        value.magnitude = value.magnitude / unit + (rest >= unit - rest ? 1 : 0);
        value.scale = digits;
    }
    while (value.scale < digits && multiply_by_ten(&value))
        value.scale++;
    if (value.magnitude == 0)
        value.negative = false;
    return value;
}

bool decimal_to_int(struct decimal value, int64_t *out)
{
    const struct decimal whole = decimal_round(value, 0);

    if (whole.negative && whole.magnitude == magnitude_of(INT64_MIN)) {
        *out = INT64_MIN;
        return true;
    }
    if (whole.magnitude > INT64_MAX)
        return false;
    *out = whole.negative ? -(int64_t)whole.magnitude : (int64_t)whole.magnitude;
    return true;
}

bool decimal_to_whole(struct decimal value, int64_t *out)
{
    const struct decimal back = decimal_round(decimal_round(value, 0), value.scale);

    return back.scale == value.scale && back.magnitude == value.magnitude &&
           decimal_to_int(value, out);
}

void decimal_write(struct buf *out, struct decimal value, char point)
{
    char digits[64];
    const size_t len = (size_t)snprintf(digits, sizeof(digits), "%0*" PRIu64, (int)value.scale + 1,
                                        value.magnitude);

    if (value.negative)
        buf_add_char(out, '-');
    buf_add(out, digits, len - value.scale);
    if (value.scale == 0)
        return;
    buf_add_char(out, point);
    buf_add(out, digits + len - value.scale, value.scale);
}

double decimal_to_double(struct decimal value)
{
    const double size = (double)value.magnitude / (double)power_of_ten(value.scale);

    return value.negative ? -size : size;
}
