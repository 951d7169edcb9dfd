/* SPDX-License-Identifier: MIT */
/* Lists the rows behind a figure. */
#include "pages/rows.h"

#include "base/clock.h"
#include "pages/card.h"
#include "pages/error_page.h"
#include "pages/filter.h"
#include "pages/frame.h"
#include "pages/freshness.h"
#include "pages/html.h"
#include "pages/labels.h"
#include "pages/measures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 50, SQL_MAX = 64 * 1024, TEXT_MAX = 64 * 1024, COLUMNS_MAX = 10 };

/* A kind of rows (filter relatorio): where they are, and what the list shows of them. The first two
 * columns of the query are what a row is found by: the day, or the number, and the key. */
struct row_kind {
    const char *name, *title;
    const char *from, *select;
    const char *order;
    struct filter_columns columns;
    uint32_t filters; /* that it has besides its columns' */
    struct table_column shown[COLUMNS_MAX];
    size_t shown_count;
    bool has_page; /* /linha/NAME/KEY */
};

#define DAYS                                                                                       \
    (FILTER_BIT(FILTER_DE) | FILTER_BIT(FILTER_ATE) | FILTER_BIT(FILTER_PERIODO) |                 \
     FILTER_BIT(FILTER_DIA) | FILTER_BIT(FILTER_TUDO) | FILTER_BIT(FILTER_MES))
#define AREA (FILTER_BIT(FILTER_REGIONAL) | FILTER_BIT(FILTER_GRUPO) | FILTER_BIT(FILTER_EQUIPE))
#define BOTH                                                                                       \
    (DAYS | AREA | FILTER_BIT(FILTER_RELATORIO) | FILTER_BIT(FILTER_FAIXA) |                       \
     FILTER_BIT(FILTER_EXECUCAO) | FILTER_BIT(FILTER_ANOMALIA) | FILTER_BIT(FILTER_APOS))

static const struct row_kind kinds[] = {
    {
        .name = "servicos",
        .title = "Serviços",
        .from = "servicos",
        .select = "data_execucao, chave, uc, equipe, municipio, tipo_servico, status, toi,"
                  " hora_inicio, min_campo, valor_negociado_centavos",
        .columns = {.date = "data_execucao",
                    .regional = "regional",
                    .grupo = "grupo",
                    .equipe = "equipe",
                    .municipio = "municipio",
                    .tipo = "tipo_servico"},
        .filters = BOTH | FILTER_BIT(FILTER_MUNICIPIO) | FILTER_BIT(FILTER_TIPO) |
                   FILTER_BIT(FILTER_CONTA),
        .shown = {{.head = "Dia", .cell = 0, .kind = KIND_DATE, .flags = TABLE_ROW_HEAD},
                  {.head = "UC", .cell = 2},
                  {.head = "Equipe", .cell = 3},
                  {.head = "Município", .cell = 4, .flags = TABLE_WIDE},
                  {.head = "Tipo", .cell = 5, .flags = TABLE_WIDE},
                  {.head = "Status", .cell = 6},
                  {.head = "TOI", .cell = 7, .flags = TABLE_WIDE},
                  {.head = "Início", .cell = 8, .kind = KIND_TIME, .flags = TABLE_WIDE},
                  {.head = "Minutos", .cell = 9, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
                  {.head = "Negociado", .cell = 10, .kind = KIND_CENTS, .flags = TABLE_WIDE}},
        .shown_count = 10,
        .has_page = true,
    },
    {
        .name = "retornos",
        .title = "Retornos",
        .from = "retornos",
        .select = "data_execucao, chave, uc, equipe, motivo, toi, data_resolvido,"
                  " prazo_resolucao_dias",
        .columns = {.date = "data_execucao",
                    .regional = "regional",
                    .grupo = "grupo",
                    .equipe = "equipe",
                    .motivo = "coalesce(motivo, '(sem motivo)')"},
        .filters = BOTH | FILTER_BIT(FILTER_MOTIVO) | FILTER_BIT(FILTER_ABERTO) |
                   FILTER_BIT(FILTER_REINCIDENTE),
        .shown = {{.head = "Dia", .cell = 0, .kind = KIND_DATE, .flags = TABLE_ROW_HEAD},
                  {.head = "UC", .cell = 2},
                  {.head = "Equipe", .cell = 3},
                  {.head = "Motivo", .cell = 4},
                  {.head = "TOI", .cell = 5, .flags = TABLE_WIDE},
                  {.head = "Resolvido", .cell = 6, .kind = KIND_DATE},
                  {.head = "Dias", .cell = 7, .kind = KIND_INTEGER, .flags = TABLE_WIDE}},
        .shown_count = 7,
        .has_page = true,
    },
    {
        .name = "rejeitadas",
        .title = "Linhas rejeitadas",
        .from = "etl_rejects",
        .select = "run_id, line, " REPORT_LABEL("report") ", file, reason, raw",
        .order = "run_id DESC, file, line",
        .filters = FILTER_BIT(FILTER_RELATORIO) | FILTER_BIT(FILTER_EXECUCAO),
        .shown = {{.head = "Execução", .cell = 0, .flags = TABLE_ROW_HEAD},
                  {.head = "Relatório", .cell = 2},
                  {.head = "Arquivo", .cell = 3, .flags = TABLE_WIDE},
                  {.head = "Linha", .cell = 1, .kind = KIND_INTEGER},
                  {.head = "Razão", .cell = 4},
                  {.head = "Texto", .cell = 5, .flags = TABLE_WIDE}},
        .shown_count = 6,
    },
    {
        .name = "mudancas",
        .title = "Mudanças",
        .from = "etl_change_columns",
        .select = "window_date, run_id, " REPORT_LABEL("report") ", op, column_name, before,"
                                                                 " after",
        .order = "change_id DESC, column_name",
        .columns = {.date = "window_date"},
        .filters = DAYS | FILTER_BIT(FILTER_RELATORIO) | FILTER_BIT(FILTER_EXECUCAO) |
                   FILTER_BIT(FILTER_AUDITORIA),
        .shown = {{.head = "Dia", .cell = 0, .kind = KIND_DATE, .flags = TABLE_ROW_HEAD},
                  {.head = "Execução", .cell = 1, .flags = TABLE_WIDE},
                  {.head = "Relatório", .cell = 2},
                  {.head = "Operação", .cell = 3, .flags = TABLE_WIDE},
                  {.head = "Coluna", .cell = 4},
                  {.head = "Antes", .cell = 5},
                  {.head = "Depois", .cell = 6}},
        .shown_count = 7,
    },
};

/* The kind that the address names; services without one. */
static const struct row_kind *kind_of(const struct request *request)
{
    const char *name = NULL;

    for (size_t i = 0; i < request->value_count; i++)
        if (strcmp(request->values[i].name, "relatorio") == 0)
            name = request->values[i].value;
    for (size_t i = 0; name && i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return &kinds[0];
}

/* --- conditions ----------------------------------------------------------------------------------
 */

static void add_band(const struct page *page, struct buf *sql)
{
    int32_t from, to;

    if (!filters_band(&page->filters, &from, &to))
        return;
    if (from > 0) /* else those of the future are among them, as in the figures */
        buf_addf(sql, " AND dia_num <= %d", page->ref.today - from);
    if (to < INT32_MAX)
        buf_addf(sql, " AND dia_num >= %d", page->ref.today - to);
}

static void add_run(struct page *page, const struct row_kind *kind, struct buf *sql,
                    struct sql_values *values)
{
    const char *run = page->filters.values[FILTER_EXECUCAO];

    if (!run)
        return;
    const unsigned n = sql_bind(values, run);
    if (!kind->has_page)
        buf_addf(sql, " AND run_id = $%u", n);
    else
        buf_addf(
            sql,
            " AND _row_key IN (SELECT row_key FROM etl_changes WHERE report = '%s' AND op ="
            " 'insert' AND changed_at >= (SELECT min(started_at) FROM etl_runs WHERE id = $%u) AND"
            " run_id = $%u)",
            strcmp(kind->name, "servicos") == 0 ? "general_reports" : "return_reports", n, n);
}

/* Figures are of rows with a day; those without one are a list of their own. */
static void add_oddity(const struct page *page, const struct row_kind *kind, struct buf *sql)
{
    const char *oddity = page->filters.values[FILTER_ANOMALIA];

    if (!kind->has_page)
        return;
    if (oddity && strcmp(oddity, "sem_data") == 0) {
        buf_add_text(sql, " AND data_execucao IS NULL");
        return;
    }
    buf_add_text(sql, " AND data_execucao IS NOT NULL");
    if (oddity && strcmp(kind->name, "servicos") == 0)
        buf_add_text(sql, " AND situacao_horario = 'ausente'");
}

static void add_repeaters(const struct page *page, struct buf *sql)
{
    const char *who = page->filters.values[FILTER_REINCIDENTE];
    char since[DATE_ISO_SIZE];

    if (who)
        buf_addf(sql,
                 " AND data_execucao > '%s' AND %s IN (SELECT quem FROM ouro_retorno_reincidente"
                 " WHERE tipo = '%s')",
                 date_format_iso(page->ref.today - (int32_t)page->ref.repeat_days, since), who,
                 who);
}

static void add_audit(struct page *page, struct buf *sql, struct sql_values *values)
{
    const char *column = page->filters.values[FILTER_AUDITORIA];

    if (!column)
        return;
    buf_add_text(sql, " AND op = 'update' AND age_days > (SELECT valor FROM config_parametro WHERE"
                      " chave = 'auditoria_idade_dias')");
    if (strcmp(column, "1") != 0)
        buf_addf(sql, " AND column_name = $%u", sql_bind(values, column));
}

/* Everything that the address asks for but where to begin. */
static void add_conditions(struct page *page, const struct row_kind *kind, struct buf *sql,
                           struct sql_values *values)
{
    const char *counted = page->filters.values[FILTER_CONTA];
    const struct measure *measure = counted ? measure_find(counted) : NULL;

    buf_addf(sql, " FROM %s WHERE 1 = 1",
             measure && measure->needs_return ? "servicos_retorno" : kind->from);
    filters_where(sql, values, &page->filters, &kind->columns);
    if (measure)
        buf_addf(sql, " AND %s", measure->condition);
    if (page->filters.values[FILTER_ABERTO])
        buf_add_text(sql, " AND aberto = 1");
    add_band(page, sql);
    add_run(page, kind, sql, values);
    add_oddity(page, kind, sql);
    add_repeaters(page, sql);
    add_audit(page, sql, values);
}

/* Behind which row the page begins; only rows with a page of their own have an order for that. */
static void add_start(struct page *page, struct buf *sql, struct sql_values *values)
{
    const char *after = page->filters.values[FILTER_APOS];
    int32_t day;

    if (!after)
        return;
    const char *comma = strchr(after, ',');
    const unsigned key = sql_bind(values, comma + 1);
    if (!date_parse_iso(after, (size_t)(comma - after), &day)) {
        buf_addf(sql, " AND chave > $%u", key);
        return;
    }
    const unsigned n = sql_bind_day(values, day);
    buf_addf(sql, " AND (data_execucao < $%u OR (data_execucao = $%u AND chave > $%u))", n, n, key);
}

/* --- the list ------------------------------------------------------------------------------------
 */

static bool count_rows(struct page *page, const struct row_kind *kind, int64_t *out,
                       struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    struct sql_values values = {.arena = page->arena};
    struct query_table table;

    buf_add_text(&sql, "SELECT count(*)");
    add_conditions(page, kind, &sql, &values);
    if (!query_table_read(page->reader, buf_text(&sql), &values, 1, page->arena, &table, err))
        return false;
    *out = page_int(&table, 0, 0);
    return true;
}

static bool read_rows(struct page *page, const struct row_kind *kind, struct query_table *out,
                      struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    struct sql_values values = {.arena = page->arena};

    buf_addf(&sql, "SELECT %s", kind->select);
    add_conditions(page, kind, &sql, &values);
    add_start(page, &sql, &values);
    buf_addf(&sql, " ORDER BY %s LIMIT %d", kind->order ? kind->order : "data_execucao DESC, chave",
             PAGE_ROWS + 1);
    return query_table_read(page->reader, buf_text(&sql), &values, PAGE_ROWS + 1, page->arena, out,
                            err);
}

static bool link_row(void *arg, const struct query_table *table, size_t row, size_t column,
                     struct buf *address)
{
    const struct row_kind *kind = arg;

    if (!kind->has_page || column != 0)
        return false;
    buf_addf(address, "/linha/%s/%s", kind->name, query_table_text(table, row, 1));
    return true;
}

static void add_next(struct page *page, const struct row_kind *kind,
                     const struct query_table *table)
{
    if (table->rows <= PAGE_ROWS)
        return;
    if (!kind->has_page) {
        html_element(page->out, "p", "rodape", "As 50 mais novas.");
        return;
    }
    const char *day = query_table_text(table, PAGE_ROWS - 1, 0);
    const struct filter_change after = {
        FILTER_APOS,
        page_format(page, "%s,%s", *day ? day : "-", query_table_text(table, PAGE_ROWS - 1, 1))};
    html_open(page->out, "p", "rodape");
    html_link(page->out, page_link(page, "/linhas", page->accepted, &page->filters, &after, 1),
              "botao", "Mais 50");
    html_close(page->out, "p");
}

static bool write_list(struct page *page, const struct row_kind *kind, struct error *err)
{
    struct query_table table;
    int64_t count;

    if (!count_rows(page, kind, &count, err) || !read_rows(page, kind, &table, err))
        return false;
    html_open(page->out, "section", "cartao c12");
    html_open(page->out, "p", "contagem");
    html_element(page->out, "strong", NULL, text_count(page, count));
    buf_add_text(page->out, count == 1 ? " linha" : " linhas");
    html_close(page->out, "p");
    struct query_table shown = table;
    if (shown.rows > PAGE_ROWS)
        shown.rows = PAGE_ROWS;
    table_html(page->out, &shown,
               &(struct table_view){.caption = kind->title,
                                    .class_name = "linhas",
                                    .columns = kind->shown,
                                    .column_count = kind->shown_count,
                                    .link = link_row,
                                    .arg = (void *)(uintptr_t)kind});
    add_next(page, kind, &table);
    html_close(page->out, "section");
    return true;
}

static bool write_page(struct page *page, const struct row_kind *kind, struct error *err)
{
    BUF_DONE struct buf line = BUF_INIT(TEXT_MAX), sentence = BUF_INIT(TEXT_MAX);
    struct freshness freshness;

    if (!freshness_read(page->reader, clock_now(), page->arena, &freshness, err))
        return false;
    freshness_html(&freshness, true, &line);
    filters_sentence(&sentence, &page->filters);
    frame_begin(page->out, page->request, kind->title, buf_text(&line));
    buf_add_text(page->out, "<div class=\"titulo\"><div>");
    html_element(page->out, "h1", NULL, kind->title);
    html_element(page->out, "p", NULL, sentence.len ? buf_text(&sentence) : "Todas as linhas");
    buf_add_text(page->out, "</div></div><div class=\"grade\">");
    if (!write_list(page, kind, err))
        return false;
    buf_add_text(page->out, "</div>");
    frame_end(page->out, page->request, NULL);
    return true;
}

bool rows_answer(struct page *page, struct answer *out, struct error *err)
{
    const struct row_kind *kind = kind_of(page->request);
    struct filters_problem problem;

    page->accepted = kind->filters;
    if (!filters_read(page->request, kind->filters, page->ref.today, page->arena, &page->filters,
                      &problem)) {
        pages_error(page->request, 400, "filtro_invalido", problem.message, problem.field, out);
        return true;
    }
    return write_page(page, kind, err);
}
