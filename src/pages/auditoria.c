/* SPDX-License-Identifier: MIT */
/* The page of audits: what was corrected in the past, and what that does to figures long told. */
#include "pages/filter.h"
#include "pages/html.h"
#include "pages/kinds.h"
#include "pages/labels.h"

#include <stdlib.h>
#include <string.h>

enum { MONTHS_MAX = 600, RUNS_MAX = 2000, COLUMNS_SHOWN = 12, POINTS_TOLD = 10000 };

static const struct filter_columns effect_columns = {
    .date = "mes", .grain = GRAIN_MONTH, .regional = "regional", .grupo = "grupo"};

static const struct filter_columns split_columns = {.regional = "regional", .grupo = "grupo"};

/* Of each month: returns and services before and now, the rates; the run before. */
static bool read_effects(struct page *page, struct query_table *out, struct error *err)
{
    return page_select(
        page, &page->filters, &effect_columns,
        "SELECT mes, min(execucao_antes), sum(servicos_antes), sum(servicos_agora),"
        " sum(retornos_antes), sum(retornos_agora), round(1.0 * sum(retornos_antes) /"
        " nullif(sum(servicos_antes), 0), 6), round(1.0 * sum(retornos_agora) /"
        " nullif(sum(servicos_agora), 0), 6), round(1.0 * sum(toi_inspecao_antes) /"
        " nullif(sum(inspecoes_antes), 0), 6), round(1.0 * sum(toi_inspecao_agora) /"
        " nullif(sum(inspecoes_agora), 0), 6), sum(produzidos_agora) - sum(produzidos_antes),"
        " sum(valor_centavos_antes), sum(valor_centavos_agora) FROM ouro_efeito_auditoria WHERE"
        " 1 = 1",
        " GROUP BY mes ORDER BY mes DESC", MONTHS_MAX, out, err);
}

/* The change of the rate in millionths. */
static int64_t change_of(const struct query_table *effects, size_t row)
{
    struct decimal before, now;
    int64_t a, b;

    if (!query_table_decimal(effects, row, 6, &before) ||
        !query_table_decimal(effects, row, 7, &now) || !decimal_shift(&before, 6) ||
        !decimal_shift(&now, 6) || !decimal_to_int(before, &a) || !decimal_to_int(now, &b))
        return 0;
    return b - a;
}

/* The month of the address, or the one whose rate changed most; rows if there is none. */
static size_t month_told(const struct page *page, const struct query_table *effects)
{
    const char *wanted = page->filters.values[FILTER_MES];
    size_t most = effects->rows;

    for (size_t i = 0; i < effects->rows; i++) {
        if (wanted && strcmp(query_table_text(effects, i, 0), wanted) == 0)
            return i;
        if (most == effects->rows || llabs(change_of(effects, i)) > llabs(change_of(effects, most)))
            most = i;
    }
    return most;
}

/* Filters without the month of the address, which is no filter here but the month to tell of. */
static struct page without_month(const struct page *page)
{
    struct page all = *page;

    all.filters.values[FILTER_MES] = NULL;
    return all;
}

/* Three cards show them; they are read once. */
static bool read_all_effects(struct page *page, struct query_table *out, struct error *err)
{
    struct page all = without_month(page);

    if (!page->shared) {
        struct query_table effects;
        if (!read_effects(&all, &effects, err))
            return false;
        page->shared = arena_alloc(page->arena, sizeof(*page->shared));
        *page->shared = effects;
    }
    *out = *page->shared;
    return true;
}

/* "219 serviços com retorno a mais.", or nothing for no change. */
static void add_change(struct page *page, struct buf *out, int64_t change, const char *what)
{
    if (change == 0)
        return;
    buf_addf(out, "%s %s ", text_count(page, llabs(change)), what);
    buf_add_text(out, change > 0 ? "a mais. " : "a menos. ");
}

static void write_headline(struct page *page, const struct query_table *effects, size_t row)
{
    struct buf *out = page->out;
    const int64_t before = page_int(effects, row, 4), now = page_int(effects, row, 5);
    const int64_t services = page_int(effects, row, 2), services_now = page_int(effects, row, 3);
    int32_t month = 0;

    query_table_day(effects, row, 0, &month);
    const char *name = format_month_name(month);
    html_open(out, "div", "manchete");
    html_open(out, "p", NULL);
    if (change_of(effects, row) == 0)
        html_textf(out, "Nenhuma correção mudou a taxa de retorno de %s.", name);
    else
        buf_addf(out,
                 "A taxa de retorno de <strong>%s</strong> passou de <strong>%s</strong> para"
                 " <strong>%s</strong> depois do fechamento.",
                 name, text_share(page, before, services, 1),
                 text_share(page, now, services_now, 1));
    html_close(out, "p");
    html_open(out, "p", NULL);
    add_change(page, out, now - before, "serviços com retorno");
    add_change(page, out, services_now - services, "serviços no mês");
    html_close(out, "p");
    html_close(out, "div");
}

static bool card_headline(struct page *page, struct error *err)
{
    struct query_table effects;

    page->card_class = "c12";
    page->card_title = "Efeito";
    if (!read_all_effects(page, &effects, err))
        return false;
    const size_t row = month_told(page, &effects);
    if (row < effects.rows) {
        write_headline(page, &effects, row);
        return true;
    }
    html_open(page->out, "div", "manchete");
    html_element(page->out, "p", NULL,
                 "Nenhum mês encerrado ainda: o efeito das correções aparece depois que um acaba.");
    html_close(page->out, "div");
    return true;
}

static bool tell_mode(void *arg, const struct query_table *table, size_t row, size_t column,
                      struct buf *html)
{
    (void)arg;
    if (column != 1)
        return false;
    html_text(html, mode_label(query_table_text(table, row, 2)));
    return true;
}

static bool card_series(struct page *page, struct error *err)
{
    static const struct legend legend[] = {
        {"", "Taxa depois de cada execução"}, {"s3", "No fechamento"}, {NULL, NULL}};
    static const struct chart_series series[] = {
        {.name = "Taxa de retorno", .cell = 5, .kind = KIND_RATIO, .flags = SERIES_STEPS},
        {.name = "No fechamento",
         .cell = 6,
         .kind = KIND_RATIO,
         .colour = "--serie-3",
         .flags = SERIES_DASHED | SERIES_NO_POINTS},
    };
    static const struct table_column columns[] = {
        {.head = "Execução", .cell = 1, .kind = KIND_INSTANT, .flags = TABLE_ROW_HEAD},
        {.head = "Ciclo", .cell = 2},
        {.head = "Serviços", .cell = 3, .kind = KIND_INTEGER},
        {.head = "Com retorno", .cell = 4, .kind = KIND_INTEGER},
        {.head = "Taxa", .cell = 5, .kind = KIND_RATIO, .digits = 2},
    };
    struct query_table effects, table;
    int32_t month;

    card_begin(page, "c7", "Execução a execução", NULL);
    if (!read_all_effects(page, &effects, err))
        return false;
    const size_t row = month_told(page, &effects);
    if (row == effects.rows || !query_table_day(&effects, row, 0, &month)) {
        html_element(page->out, "p", "vazio", "Nenhum mês encerrado ainda.");
        card_close(page);
        return true;
    }
    html_element(page->out, "p", "sub",
                 page_format(page,
                             "A taxa de retorno de %s como estava depois de cada execução que mexeu"
                             " no mês.",
                             format_month_name(month)));
    struct decimal closing;
    char first[DATE_ISO_SIZE];
    const struct page all = without_month(page);
    if (!page_select(
            page, &all.filters, &split_columns,
            page_format(page,
                        "SELECT s.execucao, r.started_at, s.modo, s.n, s.voltas, s.taxa, %s FROM"
                        " (SELECT execucao, modo, sum(servicos) AS n, sum(retornos) AS"
                        " voltas, round(1.0 * sum(retornos) / nullif(sum(servicos), 0), 6)"
                        " AS taxa FROM ouro_coorte_serie WHERE mes = '%s'",
                        query_table_decimal(&effects, row, 6, &closing)
                            ? query_table_text(&effects, row, 6)
                            : "NULL",
                        date_format_iso(month, first)),
            " GROUP BY execucao, modo) AS s LEFT JOIN etl_runs AS r ON s.execucao = r.id"
            " ORDER BY s.execucao",
            RUNS_MAX, &table, err))
        return false;
    chart_canvas(page, "serie", "Taxa de retorno do mês depois de cada execução", false, legend);
    chart_data_add(&page->charts,
                   &(struct chart){.id = "serie",
                                   .type = "line",
                                   .label_cell = 1,
                                   .label_kind = KIND_INSTANT,
                                   .format = "%",
                                   .not_from_zero = true,
                                   .series = series,
                                   .series_count = 2},
                   &table);
    numbers_begin(page);
    table_html(page->out, &table,
               &(struct table_view){.caption = "O mês por execução",
                                    .columns = columns,
                                    .column_count = 5,
                                    .content = tell_mode});
    numbers_end(page);
    return card_end_with(page, NULL, "ouro_coorte_serie", &all.filters, err);
}

static bool link_column(void *arg, const struct query_table *table, size_t row, size_t column,
                        struct buf *address)
{
    struct page *page = arg;
    const struct filters any_day = page_any_day(page);
    const struct filter_change changes[] = {{FILTER_RELATORIO, "mudancas"},
                                            {FILTER_AUDITORIA, query_table_text(table, row, 0)},
                                            {FILTER_REGIONAL, NULL},
                                            {FILTER_GRUPO, NULL},
                                            {FILTER_MES, NULL}};

    if (column != 1)
        return false;
    return rows_address(page, &any_day, changes, 5, address);
}

/* The log knows rows, not areas. */
static bool card_changed(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Coluna", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Mudanças", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Parte da maior", .cell = 1, .kind = KIND_INTEGER, .flags = TABLE_BAR},
    };
    struct query_table table, age;

    if (!query_table_read(page->reader,
                          "SELECT valor FROM config_parametro WHERE chave = 'auditoria_idade_dias'",
                          NULL, 1, page->arena, &age, err))
        return false;
    card_begin(page, "c5", "O que mudou em linhas antigas",
               page_format(page, "Todas as execuções, pelo log; antigas: de mais de %s dias.",
                           text_count(page, page_int(&age, 0, 0))));
    if (!query_table_read(
            page->reader,
            page_format(page,
                        "SELECT coluna, sum(mudancas) AS vezes FROM ouro_auditoria WHERE"
                        " operacao = 'update' GROUP BY coluna ORDER BY vezes DESC,"
                        " coluna LIMIT %d",
                        COLUMNS_SHOWN),
            NULL, COLUMNS_SHOWN, page->arena, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Colunas mudadas",
                                    .columns = columns,
                                    .column_count = 3,
                                    .link = link_column,
                                    .arg = page});
    return card_end(page, "ouro_auditoria", err);
}

/* The month opens the series; the change is in points, marked beyond one. */
static bool tell_effect(void *arg, const struct query_table *table, size_t row, size_t column,
                        struct buf *html)
{
    struct page *page = arg;
    struct decimal before, now;

    if (column == 0 && !page->request->site->single_file) {
        const struct filter_change month = {FILTER_MES, query_table_text(table, row, 0)};
        int32_t day;
        if (!query_table_day(table, row, 0, &day))
            return false;
        html_link(html, page_link(page, page->path, page->accepted, &page->filters, &month, 1),
                  NULL, text_month(page, day));
        return true;
    }
    if (column != 3 || !query_table_decimal(table, row, 6, &before) ||
        !query_table_decimal(table, row, 7, &now))
        return false;
    const bool marked = llabs(change_of(table, row)) > POINTS_TOLD;
    if (marked)
        html_open(html, "span", "tag alta");
    format_points(html, before, now, 2);
    if (marked)
        html_close(html, "span");
    return true;
}

static bool card_effects(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Mês", .cell = 0, .kind = KIND_MONTH, .flags = TABLE_ROW_HEAD},
        {.head = "Retorno antes", .cell = 6, .kind = KIND_RATIO, .digits = 2},
        {.head = "Agora", .cell = 7, .kind = KIND_RATIO, .digits = 2},
        {.head = "Mudança", .cell = 7, .kind = KIND_RATIO},
        {.head = "Acerto antes", .cell = 8, .kind = KIND_RATIO, .digits = 2, .flags = TABLE_WIDE},
        {.head = "Acerto agora", .cell = 9, .kind = KIND_RATIO, .digits = 2, .flags = TABLE_WIDE},
        {.head = "Produzidos a mais", .cell = 10, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Negociado antes", .cell = 11, .kind = KIND_CENTS, .flags = TABLE_WIDE},
        {.head = "Negociado agora", .cell = 12, .kind = KIND_CENTS, .flags = TABLE_WIDE},
    };
    struct query_table table;

    card_begin(page, "c12", "Efeito por mês",
               "Antes: como o mês estava fechamento_dias depois de acabar. Agora: depois da última"
               " execução que mexeu nele. O negociado também cresce sem correção.");
    if (!read_all_effects(page, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Efeito por mês",
                                    .columns = columns,
                                    .column_count = sizeof(columns) / sizeof(*columns),
                                    .content = tell_effect,
                                    .arg = page});
    return card_end(page, "ouro_efeito_auditoria", err);
}

static page_card *const cards[] = {card_headline, card_series, card_changed, card_effects};

const struct page_kind page_auditoria = {
    .path = "/auditoria",
    .name = "Auditoria",
    .question = "O que foi corrigido no passado, e quanto isso muda as figuras já publicadas?",
    .filters = FILTER_BIT(FILTER_REGIONAL) | FILTER_BIT(FILTER_GRUPO) | FILTER_BIT(FILTER_MES),
    .period = PERIOD_NONE,
    .cards = cards,
    .card_count = sizeof(cards) / sizeof(*cards),
};
