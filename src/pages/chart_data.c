/* SPDX-License-Identifier: MIT */
/* Writes the charts' data. The members are those that the page's script reads. */
#include "pages/chart_data.h"

#include "pages/html.h"

#include <assert.h>
#include <string.h>

enum { TEXT_MAX = 8192 };

void chart_data_begin(struct buf *out)
{
    buf_add_text(out, "<script type=\"application/json\" id=\"dados\">{");
}

void chart_data_end(struct buf *out)
{
    buf_add_text(out, "}</script>");
}

/* Begins a member or an element: with a comma unless it is the first. */
static void separate(struct buf *out)
{
    if (out->len > 0 && !strchr("[{", out->data[out->len - 1]))
        buf_add_char(out, ',');
}

static void add_name(struct buf *out, const char *name)
{
    separate(out);
    buf_addf(out, "\"%s\":", name);
}

static void add_text(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    add_name(out, name);
    html_json_text(out, value);
}

static void add_flag(struct buf *out, const char *name, bool given, const char *value)
{
    if (!given)
        return;
    add_name(out, name);
    buf_add_text(out, value);
}

static void add_count(struct buf *out, const char *name, unsigned value)
{
    if (value == 0)
        return;
    add_name(out, name);
    buf_addf(out, "%u", value);
}

/* What stands below the bars or points of a row, and what over the box under the pointer. */
enum label_form { LABEL_SHORT, LABEL_LONG };

static void format_label(struct buf *out, const struct chart *chart,
                         const struct query_table *table, size_t row, enum label_form form)
{
    const bool brief = form == LABEL_SHORT;
    const struct cell cell = query_table_cell(table, row, chart->label_cell);
    struct local_time when;
    int32_t day;

    if (chart->label_kind == KIND_DATE && query_table_day(table, row, chart->label_cell, &day)) {
        if (brief)
            format_day_month(out, day);
        else
            buf_addf(out, "%s, ", format_weekday_short(day));
        if (!brief)
            format_date(out, day);
    } else if (chart->label_kind == KIND_MONTH &&
               query_table_day(table, row, chart->label_cell, &day)) {
        if (brief)
            format_month_short(out, day);
        else
            format_month_long(out, day);
    } else if (chart->label_kind == KIND_INSTANT && cell.text &&
               format_read_instant(cell.text, cell.len, &when)) {
        if (brief)
            format_day_month(out, when.day);
        else
            format_instant(out, when);
    } else {
        buf_add_text(out, query_table_text(table, row, chart->label_cell));
    }
}

static void add_labels(struct buf *out, const char *name, const struct chart *chart,
                       const struct query_table *table, enum label_form form)
{
    BUF_DONE struct buf label = BUF_INIT(TEXT_MAX);

    add_name(out, name);
    buf_add_char(out, '[');
    for (size_t row = 0; row < table->rows; row++) {
        buf_reset(&label);
        format_label(&label, chart, table, row, form);
        separate(out);
        html_json_text(out, buf_text(&label));
    }
    buf_add_char(out, ']');
}

static void add_number(struct buf *out, const struct query_table *table, size_t row,
                       const struct chart_series *series)
{
    struct decimal number;

    separate(out);
    if (!query_table_decimal(table, row, series->cell, &number) ||
        (series->kind == KIND_RATIO && !decimal_shift(&number, 2)) ||
        (series->kind == KIND_CENTS && !decimal_shift(&number, -2)))
        buf_add_text(out, "null");
    else
        decimal_write(out, number, '.');
}

static void add_numbers(struct buf *out, const struct query_table *table,
                        const struct chart_series *series)
{
    add_name(out, "dados");
    buf_add_char(out, '[');
    for (size_t row = 0; row < table->rows; row++)
        add_number(out, table, row, series);
    buf_add_char(out, ']');
}

static void add_pale_rows(struct buf *out, const struct chart *chart,
                          const struct chart_series *series, const struct query_table *table)
{
    const char *type = series->type ? series->type : chart->type;

    if (!chart->pale || !(series->flags & SERIES_PALE))
        return;
    add_name(out, strcmp(type, "bar") == 0 ? "apagadas" : "imaturos");
    buf_add_char(out, '[');
    for (size_t row = 0; row < table->rows; row++)
        if (chart->pale(chart->arg, table, row)) {
            separate(out);
            buf_addf(out, "%zu", row);
        }
    buf_add_char(out, ']');
}

static void add_series(struct buf *out, const struct chart *chart,
                       const struct chart_series *series, const struct query_table *table)
{
    separate(out);
    buf_add_char(out, '{');
    add_text(out, "nome", series->name);
    add_text(out, "tipo", series->type);
    add_text(out, "cor", series->colour);
    add_text(out, "formato", series->format);
    add_numbers(out, table, series);
    add_pale_rows(out, chart, series, table);
    add_flag(out, "tracejado", series->flags & SERIES_DASHED, "true");
    add_flag(out, "pontos", series->flags & SERIES_NO_POINTS, "false");
    add_flag(out, "degrau", series->flags & SERIES_STEPS, "true");
    add_flag(out, "tique", series->flags & SERIES_TICKS, "true");
    add_flag(out, "faixa", series->flags & SERIES_BAND, "\"+1\"");
    add_flag(out, "invisivel", series->flags & SERIES_INVISIBLE, "true");
    add_flag(out, "mudo", series->flags & SERIES_SILENT, "true");
    add_count(out, "ordem", series->order);
    add_count(out, "raio", series->radius);
    buf_add_char(out, '}');
}

static void add_links(struct buf *out, const struct chart *chart, const struct query_table *table)
{
    BUF_DONE struct buf address = BUF_INIT(TEXT_MAX);

    if (!chart->link)
        return;
    add_name(out, "ligar");
    buf_add_char(out, '[');
    for (size_t row = 0; row < table->rows; row++) {
        buf_reset(&address);
        chart->link(chart->arg, table, row, &address);
        separate(out);
        html_json_text(out, buf_text(&address));
    }
    buf_add_char(out, ']');
}

void chart_data_add(struct buf *out, const struct chart *chart, const struct query_table *table)
{
    assert(chart->series_count <= CHART_SERIES_MAX);
    separate(out);
    html_json_text(out, chart->id);
    buf_add_text(out, ":{");
    add_text(out, "tipo", chart->type);
    add_labels(out, "rotulos", chart, table, LABEL_SHORT);
    if (chart->label_kind != KIND_TEXT)
        add_labels(out, "titulos", chart, table, LABEL_LONG);
    add_text(out, "formato", chart->format);
    add_text(out, "eixo", chart->axis);
    add_flag(out, "zero", chart->not_from_zero, "false");
    if (chart->has_min) {
        add_name(out, "min");
        buf_addf(out, "%.15g", chart->min);
    }
    if (chart->has_max) {
        add_name(out, "max");
        buf_addf(out, "%.15g", chart->max);
    }
    add_name(out, "series");
    buf_add_char(out, '[');
    for (size_t i = 0; i < chart->series_count; i++)
        add_series(out, chart, &chart->series[i], table);
    buf_add_char(out, ']');
    add_links(out, chart, table);
    buf_add_char(out, '}');
}
