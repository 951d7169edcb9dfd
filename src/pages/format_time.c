/* SPDX-License-Identifier: MIT */
/* Writes days, months and times in Portuguese. */
#include "pages/format.h"

#include "base/date.h"

#include <inttypes.h>

#define NO_BREAK "\xC2\xA0"

enum { MONTH_LETTERS = 3 }; /* "set"; they are ASCII in all names */

struct civil {
    int year, month, day;
};

static struct civil civil_of(int32_t day)
{
    struct civil out;

    date_to_civil(day, &out.year, &out.month, &out.day);
    return out;
}

void format_date(struct buf *out, int32_t day)
{
    char text[DATE_ISO_SIZE];

    buf_add_text(out, date_format_br(day, text));
}

void format_day_month(struct buf *out, int32_t day)
{
    const struct civil date = civil_of(day);

    buf_addf(out, "%02d/%02d", date.day, date.month);
}

const char *format_month_name(int32_t day)
{
    static const char *const names[] = {"janeiro",  "fevereiro", "março",    "abril",
                                        "maio",     "junho",     "julho",    "agosto",
                                        "setembro", "outubro",   "novembro", "dezembro"};

    return names[civil_of(day).month - 1];
}

void format_month_short(struct buf *out, int32_t day)
{
    buf_addf(out, "%.*s/%02d", MONTH_LETTERS, format_month_name(day), civil_of(day).year % 100);
}

void format_month_long(struct buf *out, int32_t day)
{
    buf_addf(out, "%s de %d", format_month_name(day), civil_of(day).year);
}

const char *format_weekday(int32_t day)
{
    static const char *const names[] = {"domingo", "segunda", "terça", "quarta",
                                        "quinta",  "sexta",   "sábado"};

    return names[date_weekday(day)];
}

const char *format_weekday_short(int32_t day)
{
    static const char *const names[] = {"dom", "seg", "ter", "qua", "qui", "sex", "sáb"};

    return names[date_weekday(day)];
}

void format_minutes(struct buf *out, int64_t minutes)
{
    const int64_t hours = minutes / 60;

    if (hours == 0) {
        format_count(out, minutes);
        buf_add_text(out, NO_BREAK "min");
        return;
    }
    format_count(out, hours);
    const int64_t rest = minutes % 60;
    buf_addf(out, NO_BREAK "h" NO_BREAK "%02" PRId64, rest < 0 ? -rest : rest);
}

void format_time(struct buf *out, int hour, int minute)
{
    buf_addf(out, "%02d:%02d", hour, minute);
}

void format_instant(struct buf *out, struct local_time when)
{
    format_date(out, when.day);
    buf_add_char(out, ' ');
    format_time(out, when.hour, when.minute);
}

static int two_digits(const char *text)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

bool format_read_time(const char *text, size_t len, int *hour, int *minute)
{
    if (len < 5 || text[2] != ':' || (len > 5 && text[5] != ':'))
        return false;
    const int h = two_digits(text), m = two_digits(text + 3);
    if (h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *hour = h;
    *minute = m;
    return true;
}

/* What a time may have behind its minutes: seconds with a fraction, and a zone. */
static bool is_rest_of_time(const char *text, size_t len)
{
    static const char allowed[] = "0123456789:.+-Z";

    for (size_t i = 0; i < len; i++) {
        bool known = false;
        for (const char *c = allowed; *c && !known; c++)
            known = *c == text[i];
        if (!known)
            return false;
    }
    return true;
}

bool format_read_instant(const char *text, size_t len, struct local_time *out)
{
    struct local_time when;

    if (len < 16 || (text[10] != 'T' && text[10] != ' ') || !date_parse_iso(text, 10, &when.day))
        return false;
    /* The minutes are followed by seconds or by nothing. */
    if (!format_read_time(text + 11, len - 11, &when.hour, &when.minute) ||
        !is_rest_of_time(text + 16, len - 16))
        return false;
    *out = when;
    return true;
}
