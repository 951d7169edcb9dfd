/* SPDX-License-Identifier: MIT */
/* Reads dates and times, and tells impossible days from unreadable text. */
#include "transform/values.h"

#include "base/date.h"
#include "transform/cell_text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The dates that the Python program's tables can hold (nanoseconds in 64 bits, whole days). Dates
 * outside are typing errors. */
enum { DATE_FIRST = -106751 /* 1677-09-22 */, DATE_LAST = 106751 /* 2262-04-11 */ };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    unsigned char u = (unsigned char)c;

    /* 0x85 and 0xA0 are NEL and NBSP in Latin-1, and parts of them in UTF-8 (C2 85, C2 A0). */
    return u == ' ' || (u >= 0x09 && u <= 0x0D) || (u >= 0x1C && u <= 0x1F) || u == 0x85 ||
           u == 0xA0 || u == 0xC2;
}

static void trim(const char **text, size_t *len)
{
    while (*len && is_blank(**text)) {
        (*text)++;
        (*len)--;
    }
    while (*len && is_blank((*text)[*len - 1]))
        (*len)--;
}

static bool says_none(const char *text, size_t len)
{
    static const struct {
        const char *text;
        size_t len;
    } words[] = {{"null", 4},
                 {"none", 4},
                 {"nan", 3},
                 {"nat", 3},
                 {"0000-00-00", 10},
                 {"00/00/0000", 10},
                 {"\\N", 2},
                 {"#n/a", 4},
                 {"(null)", 6},
                 {"n/a", 3},
                 {"-", 1},
                 {"0000-00-00 00:00:00", 19},
                 {"00/00/0000 00:00:00", 19},
                 {"00/00/0000 00:00", 16}};

    if (len == 0)
        return true;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (len == words[i].len && strncasecmp(words[i].text, text, len) == 0)
            return true;
    return false;
}

/* Reads min..max digits from the front; -1 if there are fewer or more. */
static int take_number(const char **text, const char *end, int min, int max)
{
    int value = 0, count = 0;

    while (*text < end && **text >= '0' && **text <= '9') {
        if (++count > max)
            return -1;
        value = value * 10 + (**text - '0');
        (*text)++;
    }
    return count < min ? -1 : value;
}

static bool take(const char **text, const char *end, char c)
{
    if (*text == end || **text != c)
        return false;
    (*text)++;
    return true;
}

static bool find_day(int year, int month, int day, int32_t *date)
{
    if (!date_valid(year, month, day))
        return false;
    int32_t found = date_from_civil(year, month, day);
    if (found < DATE_FIRST || found > DATE_LAST)
        return false;
    *date = found;
    return true;
}

/* The parts of a date as they are written; there may be no such day. */
struct written {
    int day, month, year;
};

/* Takes d/m/yyyy with one kind of separator. Dashes and dots are day first too: the Python program
 * read them as month first and silently swapped them. */
static bool take_day_first(const char **text, const char *end, struct written *out)
{
    const char *at = *text;

    if ((out->day = take_number(&at, end, 1, 2)) < 0 || at == end ||
        (*at != '/' && *at != '-' && *at != '.'))
        return false;
    const char separator = *at++;
    if ((out->month = take_number(&at, end, 1, 2)) < 0 || !take(&at, end, separator) ||
        (out->year = take_number(&at, end, 4, 4)) < 0)
        return false;
    *text = at;
    return true;
}

/* Takes yyyy-mm-dd. */
static bool take_year_first(const char **text, const char *end, struct written *out)
{
    return (out->year = take_number(text, end, 4, 4)) >= 0 && take(text, end, '-') &&
           (out->month = take_number(text, end, 2, 2)) >= 0 && take(text, end, '-') &&
           (out->day = take_number(text, end, 2, 2)) >= 0;
}

static bool day_first(const char **text, const char *end, int32_t *date)
{
    const char *at = *text;
    struct written parts;

    if (!take_day_first(&at, end, &parts) || !find_day(parts.year, parts.month, parts.day, date))
        return false;
    *text = at;
    return true;
}

static bool year_first(const char **text, const char *end, int32_t *date)
{
    const char *at = *text;

    if (end - at >= 10 && date_parse_iso(at, 10, date)) {
        *text = at + 10;
    } else if (end - at >= 8) {
        int all = take_number(&at, end, 8, 8);
        if (all < 0 || !find_day(all / 10000, all / 100 % 100, all % 100, date))
            return false;
        *text = at;
    } else {
        return false;
    }
    return *date >= DATE_FIRST && *date <= DATE_LAST;
}

static bool clock_time(const char **text, const char *end, int parts[3])
{
    const char *at = *text;

    parts[2] = 0;
    if ((parts[0] = take_number(&at, end, 1, 2)) < 0 || !take(&at, end, ':') ||
        (parts[1] = take_number(&at, end, 1, 2)) < 0)
        return false;
    if (take(&at, end, ':') && (parts[2] = take_number(&at, end, 1, 2)) < 0)
        return false;
    *text = at;
    return parts[0] <= 23 && parts[1] <= 59 && parts[2] <= 59;
}

/* Writes "HH:MM:SS" and its NUL. It avoids snprintf because every row needs it. */
static void print_time(char *out, const int parts[3])
{
    for (int i = 0; i < 3; i++) {
        *out++ = (char)('0' + parts[i] / 10);
        *out++ = (char)('0' + parts[i] % 10);
        *out++ = i < 2 ? ':' : '\0';
    }
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* Reads dd/mm/yyyy, as nearly all dates are, by copying its digits. False: the text may be anything
 * else, also no date. */
static bool plain_date(const char *text, size_t len, char *out, int32_t *date)
{
    static const unsigned char digits[] = {0, 1, 3, 4, 6, 7, 8, 9};

    if (len != 10 || text[2] != '/' || text[5] != '/')
        return false;
    for (size_t i = 0; i < sizeof(digits); i++)
        if (!is_digit(text[digits[i]]))
            return false;
    if (!find_day(two_digits(text + 6) * 100 + two_digits(text + 8), two_digits(text + 3),
                  two_digits(text), date))
        return false;
    memcpy(out, text + 6, 4);
    memcpy(out + 4, "-00-00", sizeof("-00-00"));
    memcpy(out + 5, text + 3, 2);
    memcpy(out + 8, text, 2);
    return true;
}

/* Reads HH:MM:SS in the same way. */
static bool plain_time(const char *text, size_t len, char *out)
{
    if (len != 8 || text[2] != ':' || text[5] != ':')
        return false;
    for (size_t i = 0; i < 8; i += 3)
        if (!is_digit(text[i]) || !is_digit(text[i + 1]))
            return false;
    if (two_digits(text) > 23 || two_digits(text + 3) > 59 || two_digits(text + 6) > 59)
        return false;
    memcpy(out, text, 8);
    out[8] = '\0';
    return true;
}

/* Whether the rest is what may follow the seconds: a fraction, AM or PM, a zone. It is not used:
 * the day stays as it is written. */
static bool only_tail_follows(const char *text, const char *end)
{
    if (text < end && (*text == '.' || *text == ',')) {
        text++;
        if (take_number(&text, end, 1, 9) < 0)
            return false;
    }
    if (end - text >= 2 &&
        (strncasecmp(end - 2, "AM", 2) == 0 || strncasecmp(end - 2, "PM", 2) == 0)) {
        while (text < end && *text == ' ')
            text++;
        return text + 2 == end;
    }
    if (text < end && *text == 'Z')
        return text + 1 == end;
    if (text < end && (*text == '+' || *text == '-')) {
        text++;
        if (take_number(&text, end, 2, 2) < 0)
            return false;
        take(&text, end, ':');
        if (text < end && take_number(&text, end, 2, 2) < 0)
            return false;
    }
    return text == end;
}

/* Whether a date is followed by nothing, or only by a time of day. */
static bool only_time_follows(const char *text, const char *end)
{
    int parts[3];

    if (text == end)
        return true;
    if (*text != ' ' && *text != 'T')
        return false;
    while (text < end && (*text == ' ' || *text == 'T'))
        text++;
    return clock_time(&text, end, parts) && only_tail_follows(text, end);
}

bool value_is_month_first(const char *text, size_t len)
{
    struct written parts;
    int32_t date;

    trim(&text, &len);
    return take_day_first(&text, text + len, &parts) && parts.month > 12 &&
           find_day(parts.year, parts.day, parts.month, &date);
}

/* Returns VALUE_IMPOSSIBLE or VALUE_UNREADABLE for a text that is no date. */
static enum value no_date(const char *text, const char *end)
{
    const char *at = text, *iso = text;
    struct written parts;
    int32_t date;

    if (!take_day_first(&at, end, &parts)) {
        if (!take_year_first(&iso, end, &parts))
            return VALUE_UNREADABLE;
        at = iso;
    }
    return find_day(parts.year, parts.month, parts.day, &date) ||
                   find_day(parts.year, parts.day, parts.month, &date) ||
                   !only_time_follows(at, end)
               ? VALUE_UNREADABLE
               : VALUE_IMPOSSIBLE;
}

/* Removes what a program wraps around a value so that a spreadsheet takes it for text. */
static __attribute__((noinline)) void unwrap_any(const char **text, size_t *len)
{
    const struct csv_field inner = cell_unwrap((struct csv_field){.text = *text, .len = *len});

    *text = inner.text;
    *len = inner.len;
    trim(text, len);
    if (*len > 1 && **text == '\'') {
        (*text)++;
        (*len)--;
    }
}

static inline void unwrap(const char **text, size_t *len)
{
    if (*len && cell_may_be_wrapped(**text))
        unwrap_any(text, len);
}

enum value value_date(const char *text, size_t len, char out[VALUE_SIZE], int32_t *date)
{
    if (plain_date(text, len, out, date))
        return VALUE_READ;
    trim(&text, &len);
    unwrap(&text, &len);
    if (says_none(text, len))
        return VALUE_NONE;
    const char *end = text + len, *at = text;
    int32_t found;
    if ((!day_first(&at, end, &found) && !year_first(&at, end, &found)) ||
        !only_time_follows(at, end))
        return no_date(text, end);
    *date = found;
    date_format_iso(found, out);
    return VALUE_READ;
}

enum value value_time(const char *text, size_t len, char out[VALUE_SIZE])
{
    int parts[3];

    if (plain_time(text, len, out))
        return VALUE_READ;
    trim(&text, &len);
    unwrap(&text, &len);
    if (says_none(text, len))
        return VALUE_NONE;
    const char *end = text + len;
    if (!clock_time(&text, end, parts) || text != end)
        return VALUE_UNREADABLE;
    print_time(out, parts);
    return VALUE_READ;
}

enum value value_timestamp(const char *text, size_t len, char out[VALUE_SIZE])
{
    int parts[3] = {0};
    int32_t date;

    trim(&text, &len);
    unwrap(&text, &len);
    if (says_none(text, len))
        return VALUE_NONE;
    const char *end = text + len;
    if (!day_first(&text, end, &date) && !year_first(&text, end, &date))
        return no_date(text, end);
    if (text != end) {
        if (*text != ' ' && *text != 'T')
            return VALUE_UNREADABLE;
        text++;
        if (!clock_time(&text, end, parts) || text != end)
            return VALUE_UNREADABLE;
    }
    date_format_iso(date, out);
    out[DATE_ISO_SIZE - 1] = ' ';
    print_time(out + DATE_ISO_SIZE, parts);
    return VALUE_READ;
}
