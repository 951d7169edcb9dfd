/* SPDX-License-Identifier: MIT */
/* Writes tables. */
#include "pages/table_html.h"

#include "base/mem.h"
#include "pages/html.h"

#include <stdlib.h>

enum { ADDRESS_MAX = 8192 };

/* A table that is being written. */
struct writer {
    const struct table_view *view;
    double *largest; /* of each column with bars */
};

static const char *cell_class(const struct table_column *column)
{
    const bool number = cell_kind_is_number(column->kind) && !(column->flags & TABLE_BAR);
    const bool wide = column->flags & TABLE_WIDE;

    if (number)
        return wide ? "n p2" : "n";
    return wide ? "p2" : NULL;
}

static void add_heads(struct buf *out, const struct table_view *view)
{
    html_open(out, "thead", NULL);
    html_open(out, "tr", NULL);
    for (size_t i = 0; i < view->column_count; i++) {
        const struct table_column *column = &view->columns[i];
        html_begin_tag(out, "th");
        html_attr(out, "scope", "col");
        html_attr(out, "class", cell_class(column));
        html_attr(out, "aria-sort", column->order);
        html_end_tag(out);
        if (column->flags & TABLE_BAR)
            html_element(out, "span", "oculto", column->head);
        else if (column->order_link)
            html_link(out, column->order_link, NULL, column->head);
        else
            html_text(out, column->head);
        html_close(out, "th");
    }
    html_close(out, "tr");
    html_close(out, "thead");
}

static double number_at(const struct query_table *table, size_t row, size_t cell)
{
    struct decimal number;

    return query_table_decimal(table, row, cell, &number) ? decimal_to_double(number) : 0;
}

static double largest(const struct query_table *table, size_t cell)
{
    double max = 0;

    for (size_t row = 0; row < table->rows; row++) {
        const double number = number_at(table, row, cell);
        max = number > max ? number : max;
    }
    return max;
}

static void measure(struct writer *writer, const struct query_table *table)
{
    const struct table_view *view = writer->view;

    for (size_t i = 0; i < view->column_count; i++)
        if (view->columns[i].flags & TABLE_BAR)
            writer->largest[i] = largest(table, view->columns[i].cell);
}

static void add_bar(struct buf *out, const struct query_table *table, size_t row,
                    const struct table_column *column, double max)
{
    html_bar(out, max > 0 ? number_at(table, row, column->cell) / max : 0, column->bar_class);
}

static void add_value(struct buf *out, const struct query_table *table, size_t row, size_t at,
                      const struct writer *writer)
{
    const struct table_view *view = writer->view;
    const struct table_column *column = &view->columns[at];
    BUF_DONE struct buf address = BUF_INIT(ADDRESS_MAX);

    if (view->content && view->content(view->arg, table, row, at, out))
        return;
    if (column->flags & TABLE_BAR) {
        add_bar(out, table, row, column, writer->largest[at]);
        return;
    }
    const bool linked =
        view->link && view->link(view->arg, table, row, at, &address) && !address.full;
    if (linked) {
        html_begin_tag(out, "a");
        html_attr(out, "href", buf_text(&address));
        html_end_tag(out);
    }
    format_cell(out, query_table_cell(table, row, column->cell), column->kind, column->digits);
    if (linked)
        html_close(out, "a");
}

static void add_row(struct buf *out, const struct query_table *table, size_t row,
                    const struct writer *writer)
{
    const struct table_view *view = writer->view;

    html_open(out, "tr", view->row_class ? view->row_class(view->arg, table, row) : NULL);
    for (size_t i = 0; i < view->column_count; i++) {
        const struct table_column *column = &view->columns[i];
        const bool head = column->flags & TABLE_ROW_HEAD;
        html_begin_tag(out, head ? "th" : "td");
        html_attr(out, "scope", head ? "row" : NULL);
        html_attr(out, "class", cell_class(column));
        html_end_tag(out);
        add_value(out, table, row, i, writer);
        html_close(out, head ? "th" : "td");
    }
    html_close(out, "tr");
}

void table_html(struct buf *out, const struct query_table *table, const struct table_view *view)
{
    struct writer writer = {view, mem_array(view->column_count, sizeof(*writer.largest))};

    measure(&writer, table);
    html_begin_tag(out, "div");
    html_attr(out, "class", "rola");
    html_attr(out, "tabindex", "0");
    html_attr(out, "role", "region");
    html_attr(out, "aria-label", view->caption);
    html_end_tag(out);
    html_open(out, "table", view->class_name);
    html_element(out, "caption", NULL, view->caption);
    add_heads(out, view);
    html_open(out, "tbody", NULL);
    for (size_t i = 0; i < table->rows; i++)
        add_row(out, table, view->reversed ? table->rows - 1 - i : i, &writer);
    if (table->rows == 0)
        buf_addf(out, "<tr><td colspan=\"%zu\">Nenhuma linha.</td></tr>", view->column_count);
    html_close(out, "tbody");
    html_close(out, "table");
    html_close(out, "div");
    free(writer.largest);
}
