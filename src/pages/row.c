/* SPDX-License-Identifier: MIT */
/* Shows one row: its columns, and what the log knows of its past. */
#include "base/clock.h"
#include "load/sql_text.h"
#include "pages/card.h"
#include "pages/error_page.h"
#include "pages/frame.h"
#include "pages/freshness.h"
#include "pages/html.h"
#include "pages/rows.h"

#include <string.h>

enum { KEY_DIGITS = 32, COLUMNS_MAX = 160, CHANGES_MAX = 500, TEXT_MAX = 64 * 1024 };

struct row_place {
    const char *view, *title, *report;
};

static const struct row_place places[] = {
    {"servicos", "Serviço", "general_reports"},
    {"retornos", "Retorno", "return_reports"},
};

/* Reads "servicos/<key>"; the key is hexadecimal digits, so it may stand in SQL. */
static const struct row_place *place_of(const char *what, const char **key)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        const size_t len = strlen(places[i].view);
        if (strncmp(what, places[i].view, len) != 0 || what[len] != '/')
            continue;
        *key = what + len + 1;
        if (strspn(*key, "0123456789abcdef") == KEY_DIGITS && !(*key)[KEY_DIGITS])
            return &places[i];
    }
    return NULL;
}

/* The key as a literal of the technical column. */
static const char *key_literal(struct page *page, const char *key)
{
    static const struct {
        const char *before, *dash, *behind;
    } forms[] = {
        [DIALECT_POSTGRES] = {"'", "", "'::uuid"},
        [DIALECT_SQLITE] = {"x'", "", "'"},
        [DIALECT_CLICKHOUSE] = {"toUUID('", "-", "')"},
    };
    const char *dash = forms[page->reader->ops->dialect].dash;

    return page_format(page, "%s%.8s%s%.4s%s%.4s%s%.4s%s%s%s",
                       forms[page->reader->ops->dialect].before, key, dash, key + 8, dash, key + 12,
                       dash, key + 16, dash, key + 20, forms[page->reader->ops->dialect].behind);
}

/* All columns of the row, as rows of name, value and meaning. */
static bool read_columns(struct page *page, const struct row_place *place, const char *literal,
                         struct query_table *names, struct query_table *values, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(TEXT_MAX);
    struct sql_values bound = {.arena = page->arena};

    sql_bind(&bound, place->view);
    if (!query_table_read(page->reader,
                          "SELECT coluna, descricao FROM etl_dicionario WHERE relacao = $1 AND"
                          " coluna <> '_row_key' ORDER BY ordem",
                          &bound, COLUMNS_MAX, page->arena, names, err))
        return false;
    for (size_t i = 0; i < names->rows; i++) {
        buf_add_text(&sql, i ? ", " : "SELECT ");
        sql_add_name_for(page->reader->ops->dialect, &sql, query_table_text(names, i, 0));
    }
    buf_addf(&sql, " FROM %s WHERE _row_key = %s", place->view, literal);
    return query_table_read(page->reader, buf_text(&sql), NULL, 1, page->arena, values, err);
}

static void write_columns(struct page *page, const struct query_table *names,
                          const struct query_table *values)
{
    struct buf *out = page->out;

    card_begin(page, "c6", "Como está agora", NULL);
    buf_add_text(out, "<div class=\"rola\" tabindex=\"0\" role=\"region\" aria-label=\"Colunas\">"
                      "<table><caption>Colunas da linha</caption><thead><tr>"
                      "<th scope=\"col\">Coluna</th><th scope=\"col\">Valor</th></tr></thead>"
                      "<tbody>");
    for (size_t i = 0; i < names->rows; i++) {
        const char *meaning = query_table_text(names, i, 1);
        buf_add_text(out, "<tr>");
        html_begin_tag(out, "th");
        html_attr(out, "scope", "row");
        html_attr(out, "title", *meaning ? meaning : NULL);
        html_end_tag(out);
        html_text(out, query_table_text(names, i, 0));
        buf_add_text(out, "</th><td class=\"larga\">");
        format_cell(out, query_table_cell(values, 0, i), KIND_TEXT, 0);
        buf_add_text(out, "</td></tr>");
    }
    buf_add_text(out, "</tbody></table></div>");
    card_close(page);
}

static bool write_past(struct page *page, const struct row_place *place, const char *literal,
                       struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Quando", .cell = 0, .kind = KIND_INSTANT, .flags = TABLE_ROW_HEAD},
        {.head = "O quê", .cell = 1},
        {.head = "Coluna", .cell = 2},
        {.head = "Antes", .cell = 3},
        {.head = "Depois", .cell = 4},
    };
    struct query_table table;

    card_begin(page, "c6", "O que mudou", "Pelo log de mudanças, a mais nova primeiro.");
    if (!query_table_read(
            page->reader,
            page_format(page,
                        "SELECT DISTINCT changed_at, CASE WHEN op = 'insert' THEN 'apareceu' WHEN"
                        " op = 'delete' THEN 'sumiu' ELSE 'mudou' END, CASE WHEN op = 'update' THEN"
                        " column_name END AS coluna, CASE WHEN op = 'update' THEN before END, CASE"
                        " WHEN op = 'update' THEN after END, change_id FROM etl_change_columns"
                        " WHERE report = '%s' AND change_id IN (SELECT id FROM etl_changes WHERE"
                        " row_key = %s) ORDER BY change_id DESC, coluna LIMIT %d",
                        place->report, literal, CHANGES_MAX),
            NULL, CHANGES_MAX, page->arena, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){
                   .caption = "Mudanças da linha", .columns = columns, .column_count = 5});
    card_close(page);
    return true;
}

bool row_answer(struct page *page, const char *what, struct answer *out, struct error *err)
{
    BUF_DONE struct buf line = BUF_INIT(TEXT_MAX);
    const char *key = NULL;
    const struct row_place *place = place_of(what, &key);
    struct query_table names, values;
    struct freshness freshness;

    if (!place) {
        pages_error(page->request, 404, "nao_encontrado", "Essa página não existe.", NULL, out);
        return true;
    }
    const char *literal = key_literal(page, key);
    if (!read_columns(page, place, literal, &names, &values, err) ||
        !freshness_read(page->reader, clock_now(), page->arena, &freshness, err))
        return false;
    freshness_html(&freshness, true, &line);
    frame_begin(page->out, page->request, place->title, buf_text(&line));
    buf_add_text(page->out, "<div class=\"titulo\"><div>");
    html_element(page->out, "h1", NULL, place->title);
    html_element(page->out, "p", NULL,
                 values.rows ? page_format(page, "Chave %s", key)
                             : page_format(page, "Chave %s: não está mais na tabela", key));
    buf_add_text(page->out, "</div></div><div class=\"grade\">");
    if (values.rows)
        write_columns(page, &names, &values);
    if (!write_past(page, place, literal, err))
        return false;
    buf_add_text(page->out, "</div>");
    frame_end(page->out, page->request, NULL);
    return true;
}
