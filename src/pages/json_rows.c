/* SPDX-License-Identifier: MIT */
/* Writes the answers of /api. */
#include "pages/json_rows.h"

#include "pages/html.h"

struct writer {
    const struct json_rows *rows;
    struct buf *out;
    size_t count;
};

void json_add_cell(struct buf *out, struct cell cell, enum cell_kind kind)
{
    struct decimal number;

    if (!cell.text)
        buf_add_text(out, "null");
    else if (cell_kind_is_number(kind) && decimal_parse(cell.text, cell.len, &number))
        decimal_write(out, number, '.');
    else
        html_json_text_n(out, cell.text, cell.len);
}

static bool add_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct writer *writer = arg;
    struct buf *out = writer->out;

    if (count != writer->rows->column_count)
        return error_set(err, ERROR_DATABASE, "a row has %zu cells instead of %zu", count,
                         writer->rows->column_count);
    if (writer->count++ >= writer->rows->limit)
        return true;
    if (writer->count > 1)
        buf_add_char(out, ',');
    for (size_t i = 0; i < count; i++) {
        buf_add_char(out, i > 0 ? ',' : '[');
        json_add_cell(out, cells[i], writer->rows->columns[i].kind);
    }
    buf_add_char(out, ']');
    if (out->full)
        return error_set(err, ERROR_DATA, "the rows have more than %zu bytes", out->max);
    return true;
}

static void add_text_member(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, "\"%s\":", name);
    if (value)
        html_json_text(out, value);
    else
        buf_add_text(out, "null");
    buf_add_char(out, ',');
}

static void add_columns(struct buf *out, const struct json_rows *rows)
{
    buf_add_text(out, "\"colunas\":[");
    for (size_t i = 0; i < rows->column_count; i++) {
        buf_add_text(out, i > 0 ? ",{" : "{");
        add_text_member(out, "nome", rows->columns[i].name);
        buf_addf(out, "\"tipo\":\"%s\"}", cell_kind_name(rows->columns[i].kind));
    }
    buf_add_text(out, "],");
}

bool json_rows(struct destination *reader, const char *sql, const struct sql_values *values,
               const struct json_rows *rows, struct buf *out, struct error *err)
{
    struct writer writer = {.rows = rows, .out = out};

    buf_add_char(out, '{');
    add_text_member(out, "modelo", rows->model);
    buf_add_text(out, "\"filtros\":");
    filters_json(out, rows->filters);
    buf_add_char(out, ',');
    add_text_member(out, "dados_ate", rows->data_until);
    add_text_member(out, "execucao", rows->run);
    add_columns(out, rows);
    buf_add_text(out, "\"linhas\":[");
    if (!destination_query_values(reader, sql, values ? values->texts : NULL,
                                  values ? values->count : 0, add_row, &writer, err))
        return false;
    buf_addf(out, "],\"total\":%zu,\"cortado\":%s}", writer.count,
             writer.count > rows->limit ? "true" : "false");
    if (out->full)
        return error_set(err, ERROR_DATA, "the rows have more than %zu bytes", out->max);
    return true;
}
