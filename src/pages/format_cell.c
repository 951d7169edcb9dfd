/* SPDX-License-Identifier: MIT */
/* Writes the cells of queries by what their column holds. */
#include "pages/format.h"

#include "base/date.h"
#include "pages/html.h"

const char *cell_kind_name(enum cell_kind kind)
{
    static const char *const names[] = {
        [KIND_TEXT] = "texto",      [KIND_INTEGER] = "inteiro",  [KIND_DECIMAL] = "decimal",
        [KIND_RATIO] = "razao",     [KIND_REAIS] = "reais",      [KIND_CENTS] = "centavos",
        [KIND_MINUTES] = "minutos", [KIND_DATE] = "data",        [KIND_MONTH] = "mes",
        [KIND_TIME] = "hora",       [KIND_INSTANT] = "instante",
    };

    return names[kind];
}

bool cell_kind_is_number(enum cell_kind kind)
{
    return kind >= KIND_INTEGER && kind <= KIND_MINUTES;
}

/* Writes a number; false if it is not what the kind says. Nothing is written then. */
static bool add_number(struct buf *out, struct decimal number, enum cell_kind kind, unsigned digits)
{
    struct decimal per_cent = number;
    int64_t whole = 0;

    switch (kind) {
    case KIND_INTEGER:
    case KIND_CENTS:
        if (!decimal_to_whole(number, &whole))
            return false;
        if (kind == KIND_CENTS)
            format_reais(out, whole);
        else
            format_count(out, whole);
        return true;
    case KIND_MINUTES:
        if (!decimal_to_int(number, &whole))
            return false;
        format_minutes(out, whole);
        return true;
    case KIND_RATIO:
        if (!decimal_shift(&per_cent, 2))
            return false;
        format_rate(out, number, digits);
        return true;
    case KIND_REAIS:
        if (!decimal_shift(&number, 2) || !decimal_to_int(number, &whole))
            return false;
        format_reais(out, whole);
        return true;
    default:
        format_decimal(out, number, digits);
        return true;
    }
}

static bool add_day(struct buf *out, struct cell cell, enum cell_kind kind)
{
    int32_t day;

    if (!date_parse_iso(cell.text, cell.len, &day))
        return false;
    if (kind == KIND_MONTH)
        format_month_short(out, day);
    else
        format_date(out, day);
    return true;
}

static bool add_time(struct buf *out, struct cell cell)
{
    int hour, minute;

    if (!format_read_time(cell.text, cell.len, &hour, &minute))
        return false;
    format_time(out, hour, minute);
    return true;
}

static bool add_instant(struct buf *out, struct cell cell)
{
    struct local_time when;

    if (!format_read_instant(cell.text, cell.len, &when))
        return false;
    format_instant(out, when);
    return true;
}

/* Writes the cell as its kind; false, with nothing written, if it is not of that kind. */
static bool add_value(struct buf *out, struct cell cell, enum cell_kind kind, unsigned digits)
{
    struct decimal number;

    switch (kind) {
    case KIND_TEXT:
        html_text_n(out, cell.text, cell.len);
        return true;
    case KIND_DATE:
    case KIND_MONTH:
        return add_day(out, cell, kind);
    case KIND_TIME:
        return add_time(out, cell);
    case KIND_INSTANT:
        return add_instant(out, cell);
    default:
        return decimal_parse(cell.text, cell.len, &number) && add_number(out, number, kind, digits);
    }
}

bool format_cell(struct buf *out, struct cell cell, enum cell_kind kind, unsigned digits)
{
    if (!cell.text) {
        buf_add_text(out, FORMAT_MISSING);
        return true;
    }
    if (add_value(out, cell, kind, digits))
        return true;
    html_text_n(out, cell.text, cell.len);
    return false;
}
