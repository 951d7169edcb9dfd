/* SPDX-License-Identifier: MIT */
/* The page of a day: how it goes in the field, and what changed with the last copy. */
#include "pages/filter.h"
#include "pages/html.h"
#include "pages/kinds.h"
#include "pages/labels.h"

#include <inttypes.h>
#include <stdio.h>

enum { WEEKS = 4, CHART_DAYS = 60, ACTIVE_DAYS = 30, TEAMS_MAX = 500 };
/* The days of the chart, and before them what is typical of the first. */
enum { DAYS_READ = CHART_DAYS + 7 * WEEKS };

static int32_t day_of(const struct page *page)
{
    return page->filters.last;
}

/* Whether the day is still going on. */
static bool is_partial(const struct page *page)
{
    return day_of(page) == page->ref.today;
}

/* " até 18:30" of a day that is going on, else nothing. */
static const char *until(struct page *page)
{
    return is_partial(page) ? page_format(page, " até %02d:%02d", page->ref.updated.hour,
                                          page->ref.updated.minute)
                            : "";
}

/* The sums of the day. */
static bool read_day(struct page *page, struct query_table *out, struct error *err)
{
    return page_select(page, &page->filters, &summary_columns,
                       "SELECT coalesce(sum(servicos), 0), count(DISTINCT nullif(equipe, '')),"
                       " coalesce(sum(inspecoes), 0), coalesce(sum(toi_inspecao), 0)"
                       " FROM resumo_dia WHERE 1 = 1",
                       "", 1, out, err);
}

static int64_t twice_the_median(const int64_t counts[WEEKS])
{
    int64_t sum = 0, least = counts[0], most = counts[0];

    for (int i = 0; i < WEEKS; i++) {
        sum += counts[i];
        least = counts[i] < least ? counts[i] : least;
        most = counts[i] > most ? counts[i] : most;
    }
    return sum - least - most;
}

/*
 * The same weekday of the four weeks before, and the day itself, counted up to the copy's time of
 * day: services without a time are left out of both. Of a day that is over all services count.
 */
static bool read_typical(struct page *page, int64_t *now, int64_t *typical_x2, struct error *err)
{
    int64_t counts[WEEKS + 1] = {0};
    char limit[16] = "";
    const int32_t day = day_of(page);
    const struct filters span = page_days(page, day - 7 * WEEKS, day);
    struct query_table table;

    snprintf(limit, sizeof(limit), "%02d:%02d:59", page->ref.updated.hour,
             page->ref.updated.minute);
    const char *head =
        is_partial(page)
            ? page_format(page,
                          "SELECT dia_num, count(*) FROM servicos WHERE hora_inicio <= '%s'"
                          " AND data_execucao IN (SELECT dia FROM calendario WHERE dia_num IN"
                          " (%d, %d, %d, %d, %d))",
                          limit, day, day - 7, day - 14, day - 21, day - 28)
            : page_format(page,
                          "SELECT dia_num, sum(servicos) FROM resumo_dia"
                          " WHERE dia_num IN (%d, %d, %d, %d, %d)",
                          day, day - 7, day - 14, day - 21, day - 28);
    if (!page_select(page, &span, is_partial(page) ? &service_columns : &summary_columns, head,
                     " GROUP BY dia_num", WEEKS + 1, &table, err))
        return false;
    for (size_t i = 0; i < table.rows; i++)
        counts[(day - page_int(&table, i, 0)) / 7] = page_int(&table, i, 1);
    *now = counts[0];
    *typical_x2 = twice_the_median(&counts[1]);
    return true;
}

static bool figure_services(struct page *page, const struct query_table *day, struct error *err)
{
    int64_t now, typical_x2;
    const char *note;

    if (!read_typical(page, &now, &typical_x2, err))
        return false;
    const char *weekday = format_weekday(day_of(page));
    if (typical_x2 == 0) {
        note = page_format(page, "sem %s comparável nas 4 semanas anteriores", weekday);
    } else {
        const int64_t difference = 2 * now - typical_x2;
        const bool fewer = difference < 0;
        const bool weekend = date_weekday(day_of(page)) % 6 == 0;
        note = page_format(page, "<span class=\"%s\">%s a %s</span> que %s %s %s%s",
                           fewer ? "desce" : "sobe",
                           text_share(page, fewer ? -difference : difference, typical_x2, 1),
                           fewer ? "menos" : "mais", weekend ? "um" : "uma", weekday,
                           weekend ? "típico" : "típica", until(page));
    }
    figure(page, page_format(page, "Serviços%s", until(page)),
           text_count(page, page_int(day, 0, 0)), rows_link(page, &page->filters, NULL, 0), note);
    return true;
}

static bool figure_teams(struct page *page, const struct query_table *day, struct error *err)
{
    const int32_t last = day_of(page);
    const struct filters month = page_days(page, last - ACTIVE_DAYS + 1, last);
    const int64_t services = page_int(day, 0, 0), teams = page_int(day, 0, 1);
    struct query_table active;

    if (!page_select(page, &month, &summary_columns,
                     "SELECT count(DISTINCT nullif(equipe, '')) FROM resumo_dia WHERE 1 = 1", "", 1,
                     &active, err))
        return false;
    figure(page, "Equipes em campo",
           page_format(page, "%s <small>de %s</small>", text_count(page, teams),
                       text_count(page, page_int(&active, 0, 0))),
           NULL,
           page_format(page, "%s serviços por equipe; com serviço em %d dias",
                       text_quotient(page, services, teams, 1), ACTIVE_DAYS));
    return true;
}

/* Returns of days that were over: those of a day that is still going on are not in the log. */
static bool figure_returns(struct page *page, struct error *err)
{
    const struct filters any_day = page_any_day(page);
    const struct filter_change changes[] = {{FILTER_RELATORIO, "retornos"},
                                            {FILTER_EXECUCAO, page->ref.run}};
    struct query_table table;

    if (page->filters.values[FILTER_MUNICIPIO]) {
        figure(page, "Retornos novos", FORMAT_MISSING, NULL, "não se separa por município");
        return true;
    }
    if (!page_select(page, &any_day, &return_columns,
                     "SELECT count(*) FROM retornos WHERE _row_key IN (SELECT row_key FROM"
                     " etl_changes WHERE report = 'return_reports' AND op = 'insert' AND changed_at"
                     " >= (SELECT min(started_at) FROM etl_runs WHERE id = (SELECT execucao FROM"
                     " painel_referencia)) AND run_id = (SELECT execucao FROM painel_referencia))",
                     "", 1, &table, err))
        return false;
    figure(page, "Retornos novos", text_count(page, page_int(&table, 0, 0)),
           rows_link(page, &any_day, changes, 2), "de dias encerrados, vistos na última cópia");
    return true;
}

static bool figure_money(struct page *page, struct error *err)
{
    const int32_t last = day_of(page);
    const struct filters month = page_days(page, filter_month_of(last), last);
    const struct filter_change deal = {FILTER_CONTA, "negociados"};
    struct query_table table;

    if (!page_select(page, &month, &summary_columns,
                     "SELECT coalesce(sum(valor_centavos), 0), coalesce(sum(negociados), 0)"
                     " FROM resumo_dia WHERE 1 = 1",
                     "", 1, &table, err))
        return false;
    const char *link = rows_link(page, &month, &deal, 1);
    BUF_DONE struct buf note = BUF_INIT(4096);
    rows_count(page, page_int(&table, 0, 1), link, &note);
    buf_add_text(&note, " negociados; ainda cresce");
    figure(page, page_format(page, "Negociado em %s", format_month_name(last)),
           text_reais_short(page, page_int(&table, 0, 0)), NULL, buf_text(&note));
    return true;
}

static bool card_figures(struct page *page, struct error *err)
{
    struct query_table day;

    figures_begin(page);
    if (!read_day(page, &day, err) || !figure_services(page, &day, err) ||
        !figure_teams(page, &day, err))
        return false;
    figure(page, "Taxa de acerto", text_share(page, page_int(&day, 0, 3), page_int(&day, 0, 2), 1),
           NULL,
           page_format(page, "%s TOI em %s", text_count(page, page_int(&day, 0, 3)),
                       text_counted(page, page_int(&day, 0, 2), "inspeção", "inspeções")));
    if (!figure_returns(page, err) || !figure_money(page, err))
        return false;
    figures_end(page);
    return true;
}

static bool is_going_on(void *arg, const struct query_table *table, size_t row)
{
    const struct page *page = arg;
    int32_t day;

    return query_table_day(table, row, 0, &day) && day == page->ref.today;
}

static void link_day(void *arg, const struct query_table *table, size_t row, struct buf *address)
{
    struct page *page = arg;
    const struct filter_change change = {FILTER_DIA, query_table_text(table, row, 0)};

    filters_link(address, page->path, page->accepted, &page->filters, &change, 1);
}

/* Rows of the last days: the day, its services, what is typical, inspections, share of records. */
static void put_days(struct page *page, int64_t sums[DAYS_READ][3], int32_t last,
                     struct query_table *out)
{
    query_table_make(CHART_DAYS, 5, page->arena, out);
    for (size_t row = 0; row < CHART_DAYS; row++) {
        const size_t at = row + DAYS_READ - CHART_DAYS;
        const int64_t before[WEEKS] = {sums[at - 7][0], sums[at - 14][0], sums[at - 21][0],
                                       sums[at - 28][0]};
        const int64_t typical = twice_the_median(before);
        char day[DATE_ISO_SIZE];
        date_format_iso(last - CHART_DAYS + 1 + (int32_t)row, day);
        query_table_put(out, row, 0, page_format(page, "%s", day));
        query_table_put(out, row, 1, page_format(page, "%" PRId64, sums[at][0]));
        query_table_put(out, row, 2,
                        page_format(page, "%" PRId64 ".%d", typical / 2, typical % 2 ? 5 : 0));
        query_table_put(out, row, 3, page_format(page, "%" PRId64, sums[at][1]));
        query_table_put(out, row, 4, text_ratio(page, sums[at][2], sums[at][1]));
    }
}

static bool read_days(struct page *page, int32_t last, struct query_table *out, struct error *err)
{
    const int32_t first = last - DAYS_READ + 1;
    const struct filters span = page_days(page, first, last);
    int64_t sums[DAYS_READ][3] = {0};
    struct query_table table;

    if (!page_select(page, &span, &summary_columns,
                     "SELECT dia_num, sum(servicos), sum(inspecoes), sum(toi_inspecao) FROM"
                     " resumo_dia WHERE 1 = 1",
                     " GROUP BY dia_num", DAYS_READ, &table, err))
        return false;
    for (size_t row = 0; row < table.rows; row++) {
        const int64_t at = page_int(&table, row, 0) - first;
        for (size_t i = 0; at >= 0 && at < DAYS_READ && i < 3; i++)
            sums[at][i] = page_int(&table, row, i + 1);
    }
    put_days(page, sums, last, out);
    return true;
}

static bool card_days(struct page *page, struct error *err)
{
    static const struct legend legend[] = {
        {"b", "Serviços"},
        {"b apagada", "Dia em curso"},
        {"t", "Típico: mediana do mesmo dia nas 4 semanas anteriores"},
        {NULL, NULL},
    };
    static const struct chart_series series[] = {
        {.name = "Serviços", .cell = 1, .kind = KIND_INTEGER, .flags = SERIES_PALE, .order = 2},
        {.name = "Típico",
         .cell = 2,
         .kind = KIND_DECIMAL,
         .type = "line",
         .colour = "--tinta",
         .flags = SERIES_TICKS,
         .order = 1},
    };
    static const struct table_column columns[] = {
        {.head = "Dia", .cell = 0, .kind = KIND_DATE, .flags = TABLE_ROW_HEAD},
        {.head = "Serviços", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Típico", .cell = 2, .kind = KIND_DECIMAL, .digits = 1},
        {.head = "Inspeções", .cell = 3, .kind = KIND_INTEGER},
        {.head = "Acerto", .cell = 4, .kind = KIND_RATIO, .digits = 1},
    };
    const int32_t last = day_of(page);
    struct query_table table;

    card_begin(page, "c8", "Serviços por dia",
               is_partial(page) ? page_format(page, "%d dias. A última barra é o dia em curso,%s.",
                                              CHART_DAYS, until(page))
                                : page_format(page, "%d dias.", CHART_DAYS));
    if (!read_days(page, last, &table, err))
        return false;
    chart_canvas(page, "dias",
                 "Serviços por dia, com a mediana do mesmo dia nas quatro semanas anteriores",
                 false, legend);
    chart_data_add(&page->charts,
                   &(struct chart){.id = "dias",
                                   .type = "bar",
                                   .label_cell = 0,
                                   .label_kind = KIND_DATE,
                                   .format = "0",
                                   .series = series,
                                   .series_count = 2,
                                   .pale = is_going_on,
                                   .link = page->request->site->single_file ? NULL : link_day,
                                   .arg = page},
                   &table);
    numbers_begin(page);
    table_html(page->out, &table,
               &(struct table_view){.caption = "Serviços por dia",
                                    .columns = columns,
                                    .column_count = 5,
                                    .reversed = true});
    numbers_end(page);
    const struct filters shown = page_days(page, last - CHART_DAYS + 1, last);
    return card_end_with(page, NULL, "ouro_equipe_dia", &shown, err);
}

static bool card_changes(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Relatório", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Novas", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Mudadas", .cell = 2, .kind = KIND_INTEGER},
        {.head = "Apagadas", .cell = 3, .kind = KIND_INTEGER},
    };
    static const struct table_column changed[] = {
        {.head = "Coluna mudada", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Relatório", .cell = 1},
        {.head = "Linhas", .cell = 2, .kind = KIND_INTEGER},
    };
    struct query_table reports, names;

    card_begin(page, "c4", "O que mudou com a última cópia",
               "Pelo log, em todo o período copiado.");
    if (!query_table_read(
            page->reader,
            "SELECT " REPORT_LABEL(
                "report") ", sum(inserted),"
                          " sum(updated), sum(deleted) FROM etl_windows WHERE status = 'loaded' AND"
                          " run_id = (SELECT execucao FROM painel_referencia) GROUP BY report"
                          " ORDER BY report",
            NULL, 16, page->arena, &reports, err) ||
        !query_table_read(
            page->reader,
            "SELECT column_name, " REPORT_LABEL(
                "report") " AS nome, count(*) AS linhas"
                          " FROM etl_change_columns WHERE report IN (SELECT report FROM etl_windows"
                          " WHERE run_id = (SELECT execucao FROM painel_referencia)) AND changed_at"
                          " >= (SELECT min(started_at) FROM etl_runs WHERE id = (SELECT execucao"
                          " FROM painel_referencia)) AND run_id = (SELECT execucao FROM"
                          " painel_referencia) AND op = 'update' GROUP BY column_name, report ORDER"
                          " BY linhas DESC, column_name, nome LIMIT 5",
            NULL, 5, page->arena, &names, err))
        return false;
    table_html(page->out, &reports,
               &(struct table_view){.caption = "Linhas que a última cópia mudou",
                                    .columns = columns,
                                    .column_count = 4});
    table_html(page->out, &names,
               &(struct table_view){
                   .caption = "Colunas mais mudadas", .columns = changed, .column_count = 3});
    return card_end(page, "ouro_execucao", err);
}

static bool link_group(void *arg, const struct query_table *table, size_t row, size_t column,
                       struct buf *address)
{
    struct page *page = arg;
    const struct filter_change changes[] = {
        {FILTER_REGIONAL, query_table_text(table, row, 0)},
        {FILTER_GRUPO, query_table_text(table, row, 1)},
    };

    if (column != 3)
        return false;
    return rows_address(page, &page->filters, changes, 2, address);
}

static bool card_groups(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Regional", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Grupo", .cell = 1},
        {.head = "Equipes", .cell = 2, .kind = KIND_INTEGER},
        {.head = "Serviços", .cell = 3, .kind = KIND_INTEGER},
        {.head = "Por equipe", .cell = 4, .kind = KIND_DECIMAL, .digits = 1},
        {.head = "Inspeções", .cell = 5, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Acerto", .cell = 6, .kind = KIND_RATIO, .digits = 1},
    };
    struct query_table table;

    card_begin(page, "c6", "Por regional e grupo",
               page_format(page, "O dia%s.", is_partial(page) ? until(page) : " inteiro"));
    if (!page_select(page, &page->filters, &summary_columns,
                     "SELECT regional, grupo, count(DISTINCT nullif(equipe, '')), sum(servicos),"
                     " round(1.0 * sum(servicos) / nullif(count(DISTINCT nullif(equipe, '')), 0),"
                     " 6), sum(inspecoes), round(1.0 * sum(toi_inspecao) / nullif(sum(inspecoes),"
                     " 0), 6) FROM resumo_dia WHERE 1 = 1",
                     " GROUP BY regional, grupo ORDER BY regional, grupo", 100, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "O dia por regional e grupo",
                                    .columns = columns,
                                    .column_count = 7,
                                    .link = link_group,
                                    .arg = page});
    return card_end(page, "ouro_equipe_dia", err);
}

static bool link_team(void *arg, const struct query_table *table, size_t row, size_t column,
                      struct buf *address)
{
    struct page *page = arg;
    const int32_t last = day_of(page);
    const struct filters month = page_days(page, last - ACTIVE_DAYS + 1, last);
    const struct filter_change team = {FILTER_EQUIPE, query_table_text(table, row, 0)};

    if (column != 4)
        return false;
    return rows_address(page, &month, &team, 1, address);
}

static bool card_absent(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Equipe", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Regional", .cell = 1},
        {.head = "Último serviço", .cell = 2, .kind = KIND_DATE, .flags = TABLE_WIDE},
        {.head = "Dias", .cell = 3, .kind = KIND_INTEGER},
        {.head = "Em 30 dias", .cell = 4, .kind = KIND_INTEGER},
    };
    const int32_t last = day_of(page);
    const struct filters month = page_days(page, last - ACTIVE_DAYS + 1, last);
    struct query_table table;

    card_begin(page, "c6", page_format(page, "Equipes sem serviço em %s", text_date(page, last)),
               "Sem serviço não é ausência: a equipe pode estar fora da escala.");
    if (!page_select(
            page, &month, &summary_columns,
            page_format(page,
                        "SELECT equipe, min(regional), max(data_execucao), %d -"
                        " max(dia_num) AS dias, sum(servicos) FROM resumo_dia WHERE equipe <> ''",
                        last),
            page_format(
                page, " GROUP BY equipe HAVING max(dia_num) < %d ORDER BY dias DESC, equipe", last),
            TEAMS_MAX, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Equipes sem serviço no dia",
                                    .columns = columns,
                                    .column_count = 5,
                                    .link = link_team,
                                    .arg = page});
    return card_end_with(page, text_counted(page, (int64_t)table.rows, "equipe", "equipes"),
                         "ouro_equipe_situacao", &page->filters, err);
}

static page_card *const cards[] = {card_figures, card_days, card_changes, card_groups, card_absent};

const struct page_kind page_hoje = {
    .path = "/hoje",
    .name = "Hoje",
    .question = "Como está o dia no campo, e o que mudou desde a última cópia?",
    .filters = FILTER_BIT(FILTER_DIA) | FILTERS_OF_PLACE,
    .period = PERIOD_DAY,
    .cards = cards,
    .card_count = sizeof(cards) / sizeof(*cards),
};
