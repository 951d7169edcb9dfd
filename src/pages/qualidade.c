/* SPDX-License-Identifier: MIT */
/* The page of quality: what comes back from the field, why, and whose more than chance explains. */
#include "pages/filter.h"
#include "pages/html.h"
#include "pages/kinds.h"

#include <string.h>

enum {
    MONTHS = 24,
    REASONS_MAX = 200,
    TEAMS_MAX = 2000,
    TEAMS_HIGH = 6,
    TEAMS_LOW = 3,
    TEAM_SERVICES = 100
};

/* Whether a month of services is old enough that its returns have come. */
static bool is_mature(const struct page *page, int32_t month)
{
    return page->ref.today - (filter_month_add(month, 1) - 1) >= page->ref.return_days;
}

/* Of each month: services, with a return, matched exactly; the rate. */
static bool read_cohorts(struct page *page, struct query_table *out, struct error *err)
{
    const int32_t last = page->filters.last;
    const struct filters span =
        page_days(page, filter_month_add(filter_month_of(last), 1 - MONTHS), last);

    return page_select_sums(page, &span, "servicos, retornos, retornos_exatos",
                            "mes, sum(servicos), sum(retornos), sum(retornos_exatos), round(1.0 *"
                            " sum(retornos) / nullif(sum(servicos), 0), 6)",
                            " GROUP BY mes ORDER BY mes", MONTHS, out, err);
}

static void figure_rates(struct page *page, const struct query_table *cohorts)
{
    int32_t month = 0;
    size_t last = cohorts->rows;

    for (size_t i = 0; i < cohorts->rows; i++)
        if (query_table_day(cohorts, i, 0, &month) && is_mature(page, month))
            last = i;
    if (last == cohorts->rows) {
        figure(page, "Taxa de retorno", FORMAT_MISSING, NULL, "nenhum mês já maduro");
        figure(page, "Certo da primeira vez", FORMAT_MISSING, NULL, "nenhum mês já maduro");
        return;
    }
    query_table_day(cohorts, last, 0, &month);
    const int32_t end = filter_month_add(month, 1) - 1;
    const struct filters span =
        page_days(page, month, end < page->filters.last ? end : page->filters.last);
    const struct filter_change returned = {FILTER_CONTA, "retornos"};
    const int64_t services = page_int(cohorts, last, 1), returns = page_int(cohorts, last, 2);
    BUF_DONE struct buf note = BUF_INIT(4096);
    const char *link = rows_link(page, &span, &returned, 1);
    rows_count(page, returns, link, &note);
    buf_addf(&note, " de %s; última coorte madura", text_count(page, services));
    figure(page, page_format(page, "Taxa de retorno, %s", text_month(page, month)),
           text_share(page, returns, services, 1), NULL, buf_text(&note));
    figure(page, "Certo da primeira vez", text_share(page, services - returns, services, 1), NULL,
           page_format(page, "coorte de %s, com %d dias ou mais", text_month(page, month),
                       (int)page->ref.return_days));
}

/* Open returns by age: band, number, the youngest. Two cards show them; they are read once. */
static bool read_ages(struct page *page, struct query_table *out, struct error *err)
{
    const struct filters any_day = page_any_day(page);

    if (page->shared) {
        *out = *page->shared;
        return true;
    }
    if (!page_select(
            page, &any_day, &return_columns,
            page_format(page,
                        "SELECT faixa, sum(n), min(idade) FROM (SELECT CASE WHEN idade <= 7 THEN"
                        " '0-7' WHEN idade <= 15 THEN '8-15' WHEN idade <= 30 THEN"
                        " '16-30' WHEN idade <= 60 THEN '31-60' WHEN idade <= 90 THEN"
                        " '61-90' ELSE '> 90' END AS faixa, idade, n FROM (SELECT %d -"
                        " dia_num AS idade, count(*) AS n FROM retornos WHERE data_resolvido IS"
                        " NULL AND data_execucao IS NOT NULL",
                        page->ref.today),
            " GROUP BY dia_num) AS d) AS x GROUP BY faixa ORDER BY min(idade)", 10, out, err))
        return false;
    page->shared = arena_alloc(page->arena, sizeof(*page->shared));
    *page->shared = *out;
    return true;
}

/* The municipality is of the service: a return has none. */
static bool figure_open(struct page *page, struct error *err)
{
    const struct filters any_day = page_any_day(page);
    const struct filter_change open[] = {{FILTER_RELATORIO, "retornos"}, {FILTER_ABERTO, "1"}};
    struct query_table ages;
    int64_t old = 0;

    if (page->filters.values[FILTER_MUNICIPIO]) {
        figure(page, "Retornos abertos", FORMAT_MISSING, NULL, "não se separa por município");
        return true;
    }
    if (!read_ages(page, &ages, err))
        return false;
    for (size_t i = 0; i < ages.rows; i++)
        old += page_int(&ages, i, 2) > 30 ? page_int(&ages, i, 1) : 0;
    figure(page, "Retornos abertos", text_count(page, query_table_sum(&ages, 1)),
           rows_link(page, &any_day, open, 2),
           page_format(page, "%s com mais de 30 dias", text_count(page, old)));
    return true;
}

static bool figure_delay(struct page *page, struct error *err)
{
    struct ranks ranks;

    if (page->filters.team_count || page->filters.values[FILTER_MUNICIPIO]) {
        figure(page, "Prazo de solução", FORMAT_MISSING, NULL,
               "a mediana não se separa por equipe nem por município");
        return true;
    }
    if (!page_ranks(page, "prazo_resolucao", &ranks, err))
        return false;
    if (!ranks.there)
        figure(page, "Prazo de solução", FORMAT_MISSING, NULL, "nenhum retorno resolvido");
    else
        figure(page, "Prazo de solução",
               page_format(page, "%s <small>dias</small>", text_count(page, ranks.median)), NULL,
               page_format(page, "mediana desde a execução · p90 %s", text_count(page, ranks.p90)));
    return true;
}

static bool figure_repeats(struct page *page, struct error *err)
{
    const struct filters any_day = page_any_day(page);
    const struct filter_change repeats[] = {{FILTER_RELATORIO, "retornos"},
                                            {FILTER_REINCIDENTE, "uc"}};
    struct query_table table;
    char since[DATE_ISO_SIZE];

    if (page->filters.values[FILTER_MUNICIPIO]) {
        figure(page, "Retornos repetidos", FORMAT_MISSING, NULL, "não se separa por município");
        return true;
    }
    date_format_iso(page->ref.today - (int32_t)page->ref.repeat_days, since);
    if (!page_select(
            page, &any_day, &return_columns,
            page_format(page,
                        "SELECT count(*), count(DISTINCT uc) FROM retornos WHERE data_execucao >"
                        " '%s' AND uc IN (SELECT uc FROM retornos WHERE data_execucao > '%s' GROUP"
                        " BY uc HAVING count(*) >= 2)",
                        since, since),
            "", 1, &table, err))
        return false;
    figure(page, "Retornos repetidos", text_count(page, page_int(&table, 0, 0)),
           rows_link(page, &any_day, repeats, 2),
           page_format(page, "de %s UC com dois ou mais na janela",
                       text_count(page, page_int(&table, 0, 1))));
    return true;
}

static bool card_figures(struct page *page, struct error *err)
{
    struct query_table cohorts;

    figures_begin(page);
    if (!read_cohorts(page, &cohorts, err))
        return false;
    figure_rates(page, &cohorts);
    if (!figure_open(page, err) || !figure_delay(page, err) || !figure_repeats(page, err))
        return false;
    figures_end(page);
    return true;
}

static bool is_pale(void *arg, const struct query_table *table, size_t row)
{
    int32_t month;

    return query_table_day(table, row, 0, &month) && !is_mature(arg, month);
}

static const char *pale_class(void *arg, const struct query_table *table, size_t row)
{
    return is_pale(arg, table, row) ? "imatura" : NULL;
}

/* Two columns of counts that open their rows. */
static bool link_cohort(void *arg, const struct query_table *table, size_t row, size_t column,
                        struct buf *address)
{
    struct page *page = arg;
    static const char *const counted[] = {NULL, NULL, "retornos", "retornos_exatos"};
    int32_t month;

    if (column < 1 || column > 3 || !query_table_day(table, row, 0, &month))
        return false;
    const int32_t end = filter_month_add(month, 1) - 1, last = page->filters.last;
    const struct filters span = page_days(page, month, end < last ? end : last);
    const struct filter_change change = {FILTER_CONTA, counted[column]};
    return rows_address(page, &span, &change, 1, address);
}

static bool card_cohorts(struct page *page, struct error *err)
{
    static const struct legend legend[] = {
        {"", "Taxa de retorno"}, {"apagada", "Coorte imatura"}, {NULL, NULL}};
    static const struct chart_series series[] = {
        {.name = "Taxa de retorno", .cell = 4, .kind = KIND_RATIO, .flags = SERIES_PALE}};
    static const struct table_column columns[] = {
        {.head = "Mês", .cell = 0, .kind = KIND_MONTH, .flags = TABLE_ROW_HEAD},
        {.head = "Serviços", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Com retorno", .cell = 2, .kind = KIND_INTEGER},
        {.head = "Por UC, data, código e equipe",
         .cell = 3,
         .kind = KIND_INTEGER,
         .flags = TABLE_WIDE},
        {.head = "Taxa", .cell = 4, .kind = KIND_RATIO, .digits = 2},
    };
    struct query_table table;

    card_begin(page, "c8", "Taxa de retorno por mês de execução",
               page_format(page,
                           "Serviços com retorno ÷ serviços do mesmo mês. Tracejado: coorte com"
                           " menos de %d dias, ainda vai subir.",
                           (int)page->ref.return_days));
    if (!read_cohorts(page, &table, err))
        return false;
    chart_canvas(page, "coorte", "Taxa de retorno por mês de execução em 24 meses", false, legend);
    chart_data_add(&page->charts,
                   &(struct chart){.id = "coorte",
                                   .type = "line",
                                   .label_kind = KIND_MONTH,
                                   .format = "%",
                                   .series = series,
                                   .series_count = 1,
                                   .pale = is_pale,
                                   .arg = page},
                   &table);
    numbers_begin(page);
    table_html(page->out, &table,
               &(struct table_view){.caption = "Taxa de retorno por mês",
                                    .columns = columns,
                                    .column_count = 5,
                                    .reversed = true,
                                    .link = link_cohort,
                                    .row_class = pale_class,
                                    .arg = page});
    numbers_end(page);
    return card_end(page, "ouro_mes", err);
}

static bool link_age(void *arg, const struct query_table *table, size_t row, size_t column,
                     struct buf *address)
{
    struct page *page = arg;
    const struct filters any_day = page_any_day(page);
    const struct filter_change open[] = {{FILTER_RELATORIO, "retornos"},
                                         {FILTER_ABERTO, "1"},
                                         {FILTER_FAIXA, query_table_text(table, row, 0)}};

    if (column != 1)
        return false;
    return rows_address(page, &any_day, open, 3, address);
}

static bool card_ages(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Dias", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Abertos", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Parte do maior", .cell = 1, .kind = KIND_INTEGER, .flags = TABLE_BAR},
    };
    const struct filters any_day = page_any_day(page);
    struct query_table table;

    card_begin(page, "c4", "Retornos abertos por idade",
               "Dias desde a execução do serviço; a data de abertura não vem na exportação.");
    if (!read_ages(page, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Retornos abertos por idade",
                                    .columns = columns,
                                    .column_count = 3,
                                    .link = link_age,
                                    .arg = page});
    return card_end_with(
        page, page_format(page, "%s no total", text_count(page, query_table_sum(&table, 1))),
        "ouro_retorno_aberto", &any_day, err);
}

static bool link_reason(void *arg, const struct query_table *table, size_t row, size_t column,
                        struct buf *address)
{
    struct page *page = arg;
    const struct filter_change changes[] = {{FILTER_RELATORIO, "retornos"},
                                            {FILTER_MOTIVO, query_table_text(table, row, 0)}};

    if (column != 1)
        return false;
    return rows_address(page, &page->filters, changes, 2, address);
}

/* Rows of the reason, its returns, their share of all, and that of all so far. */
static bool read_reasons(struct page *page, struct query_table *out, struct error *err)
{
    struct query_table counts, all;
    int64_t sum = 0;

    if (!page_select(page, &page->filters, &return_columns,
                     "SELECT count(*) FROM retornos WHERE 1 = 1", "", 1, &all, err) ||
        !page_select(page, &page->filters, &return_columns,
                     "SELECT coalesce(motivo, '(sem motivo)') AS nome, count(*) AS n FROM retornos"
                     " WHERE 1 = 1",
                     page_format(page,
                                 " GROUP BY coalesce(motivo, '(sem motivo)') ORDER BY n DESC, nome"
                                 " LIMIT %d",
                                 REASONS_MAX),
                     REASONS_MAX, &counts, err))
        return false;
    query_table_make(counts.rows, 4, page->arena, out);
    for (size_t row = 0; row < counts.rows; row++) {
        const int64_t count = page_int(&counts, row, 1);
        sum += count;
        query_table_put(out, row, 0, query_table_text(&counts, row, 0));
        query_table_put(out, row, 1, query_table_text(&counts, row, 1));
        query_table_put(out, row, 2, text_ratio(page, count, page_int(&all, 0, 0)));
        query_table_put(out, row, 3, text_ratio(page, sum, page_int(&all, 0, 0)));
    }
    return true;
}

static bool card_reasons(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Motivo", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Retornos", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Parte do maior", .cell = 1, .kind = KIND_INTEGER, .flags = TABLE_BAR},
        {.head = "Parte", .cell = 2, .kind = KIND_RATIO, .digits = 1},
        {.head = "Acumulado", .cell = 3, .kind = KIND_RATIO, .digits = 1, .flags = TABLE_WIDE},
    };
    struct query_table table;

    card_begin(page, "c6", "Motivos", "Retornos de serviços do período, do mais comum em diante.");
    if (!read_reasons(page, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Motivos de retorno",
                                    .columns = columns,
                                    .column_count = 5,
                                    .link = link_reason,
                                    .arg = page});
    return card_end(page, "ouro_retorno_motivo", err);
}

/* --- teams ---------------------------------------------------------------------------------------
 */

/* The teams whose rates are compared, and over which days. */
struct teams {
    struct page *page;
    struct filters span;
    double mean;
};

/* Whether a rate is farther from the mean than three standard deviations, by which chance explains
 * it: 1 above, -1 below, else 0. */
static int beyond_chance(const struct teams *teams, int64_t services, int64_t returns)
{
    const double p = teams->mean, n = (double)services;
    const double distance = (double)returns / n - p;

    if (distance * distance * n <= 9 * p * (1 - p))
        return 0;
    return distance > 0 ? 1 : -1;
}

static bool tell_chance(void *arg, const struct query_table *table, size_t row, size_t column,
                        struct buf *html)
{
    const struct teams *teams = arg;

    if (column != 5)
        return false;
    const int side = beyond_chance(teams, page_int(table, row, 1), page_int(table, row, 2));
    if (side > 0)
        html_element(html, "span", "tag alta", "acima do acaso");
    else if (side < 0)
        html_element(html, "span", "tag ok", "abaixo do acaso");
    return true;
}

static bool link_team(void *arg, const struct query_table *table, size_t row, size_t column,
                      struct buf *address)
{
    const struct teams *teams = arg;
    const struct filter_change changes[] = {{FILTER_EQUIPE, query_table_text(table, row, 0)},
                                            {FILTER_CONTA, column == 2 ? "retornos" : NULL}};

    if (column != 1 && column != 2)
        return false;
    return rows_address(teams->page, &teams->span, changes, 2, address);
}

/* Leaves the highest and the lowest. */
static void keep_extremes(struct query_table *table)
{
    if (table->rows <= TEAMS_HIGH + TEAMS_LOW)
        return;
    for (size_t i = 0; i < TEAMS_LOW; i++)
        table->cells[TEAMS_HIGH + i] = table->cells[table->rows - TEAMS_LOW + i];
    table->rows = TEAMS_HIGH + TEAMS_LOW;
}

static bool card_teams(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Equipe", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Serviços", .cell = 1, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Com retorno", .cell = 2, .kind = KIND_INTEGER},
        {.head = "Taxa", .cell = 3, .kind = KIND_RATIO, .digits = 1},
        {.head = "Parte da maior",
         .cell = 3,
         .kind = KIND_RATIO,
         .flags = TABLE_BAR,
         .bar_class = "s2"},
        {.head = "Acaso", .cell = 4},
    };
    const int32_t length = page->filters.last - page->filters.first;
    const int32_t mature = page->ref.today - (int32_t)page->ref.return_days;
    const int32_t last = page->filters.last < mature ? page->filters.last : mature;
    struct teams teams = {.page = page, .span = page_days(page, last - length, last)};
    struct query_table table, whole;

    card_begin(page, "c6", "Equipes",
               page_format(page, "Dias já maduros: %s a %s. Com %d serviços ou mais.",
                           text_date(page, last - length), text_date(page, last), TEAM_SERVICES));
    if (!page_select(page, &teams.span, &summary_columns,
                     "SELECT coalesce(sum(servicos), 0), coalesce(sum(retornos), 0) FROM resumo_dia"
                     " WHERE 1 = 1",
                     "", 1, &whole, err) ||
        !page_select(page, &teams.span, &summary_columns,
                     "SELECT equipe, sum(servicos), sum(retornos), round(1.0 * sum(retornos) /"
                     " sum(servicos), 6) AS taxa, NULL FROM resumo_dia WHERE equipe <> ''",
                     page_format(page,
                                 " GROUP BY equipe HAVING sum(servicos) >= %d ORDER BY taxa DESC,"
                                 " equipe",
                                 TEAM_SERVICES),
                     TEAMS_MAX, &table, err))
        return false;
    const int64_t all = (int64_t)table.rows, services = page_int(&whole, 0, 0);
    teams.mean = services ? (double)page_int(&whole, 0, 1) / (double)services : 0;
    keep_extremes(&table);
    table_html(page->out, &table,
               &(struct table_view){.caption = "Equipes por taxa de retorno",
                                    .columns = columns,
                                    .column_count = 6,
                                    .link = link_team,
                                    .content = tell_chance,
                                    .arg = &teams});
    return card_end_with(
        page,
        page_format(page,
                    "%s de %s. Média %s. Acima e abaixo do acaso: mais de 3 desvios da"
                    " média para esse número de serviços",
                    text_count(page, (int64_t)table.rows), text_count(page, all),
                    text_share(page, page_int(&whole, 0, 1), services, 1)),
        "ouro_equipe_mes", &teams.span, err);
}

static page_card *const cards[] = {card_figures, card_cohorts, card_ages, card_reasons, card_teams};

const struct page_kind page_qualidade = {
    .path = "/qualidade",
    .name = "Qualidade",
    .question = "O que volta do campo, por quê, e quais equipes voltam mais do que o acaso"
                " explica?",
    .filters = FILTERS_OF_DAYS | FILTERS_OF_PLACE,
    .period = PERIOD_DAYS,
    .cards = cards,
    .card_count = sizeof(cards) / sizeof(*cards),
};
