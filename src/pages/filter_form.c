/* SPDX-License-Identifier: MIT */
/* Writes the form of filters. */
#include "pages/filter_form.h"

#include "pages/filter.h"
#include "pages/html.h"

#include <string.h>

enum { NAMES_MAX = 2000, SENTENCE_MAX = 8192 };

static bool accepts(const struct page *page, enum filter filter)
{
    return page->accepted & FILTER_BIT(filter);
}

static void add_input(struct page *page, enum filter filter, const char *label, const char *value,
                      const char *list, const char *placeholder)
{
    struct buf *out = page->out;

    html_open(out, "div", NULL);
    html_open(out, "label", NULL);
    html_text(out, label);
    html_begin_tag(out, "input");
    html_attr(out, "name", filter_name(filter));
    html_attr(out, "value", value);
    html_attr(out, "list", list);
    html_attr(out, "placeholder", placeholder);
    html_attr(out, "autocomplete", "off");
    html_attr(out, "inputmode", list ? NULL : "numeric");
    html_attr(out, "size", list ? "14" : "10");
    html_end_tag(out);
    html_close(out, "label");
    html_close(out, "div");
}

static void add_choice(struct page *page, enum filter filter, const char *label, const char *all,
                       const struct query_table *names)
{
    struct buf *out = page->out;
    const char *chosen = page->filters.values[filter];
    bool seen = !chosen;

    html_open(out, "div", NULL);
    html_open(out, "label", NULL);
    html_text(out, label);
    html_begin_tag(out, "select");
    html_attr(out, "name", filter_name(filter));
    html_end_tag(out);
    html_option(out, "", all, !chosen);
    for (size_t i = 0; i < names->rows; i++) {
        const char *name = query_table_text(names, i, 0);
        const bool is_chosen = chosen && strcmp(name, chosen) == 0;
        seen = seen || is_chosen;
        html_option(out, name, name, is_chosen);
    }
    if (!seen)
        html_option(out, chosen, chosen, true);
    html_close(out, "select");
    html_close(out, "label");
    html_close(out, "div");
}

static void add_list(struct page *page, const char *id, const struct query_table *names)
{
    html_begin_tag(page->out, "datalist");
    html_attr(page->out, "id", id);
    html_end_tag(page->out);
    for (size_t i = 0; i < names->rows; i++) {
        html_begin_tag(page->out, "option");
        html_attr(page->out, "value", query_table_text(names, i, 0));
        html_end_tag(page->out);
        html_close(page->out, "option");
    }
    html_close(page->out, "datalist");
}

/* The names of the last three months: who left long ago can still be written. */
static bool read_names(struct page *page, const char *column, struct query_table *out,
                       struct error *err)
{
    char first[DATE_ISO_SIZE];
    const char *sql = page_format(
        page,
        "SELECT DISTINCT %s FROM resumo_mes WHERE mes >= '%s' AND %s <> '' ORDER BY %s LIMIT %d",
        column, date_format_iso(filter_month_add(filter_month_of(page->ref.today), -3), first),
        column, column, NAMES_MAX);

    return query_table_read(page->reader, sql, NULL, NAMES_MAX, page->arena, out, err);
}

static void add_days(struct page *page)
{
    const struct filters *f = &page->filters;

    if (accepts(page, FILTER_DIA))
        add_input(page, FILTER_DIA, "Dia", text_date(page, f->last), NULL, "dd/mm/aaaa");
    if (!accepts(page, FILTER_DE))
        return;
    add_input(page, FILTER_DE, "De", text_date(page, f->first), NULL, "dd/mm/aaaa");
    add_input(page, FILTER_ATE, "Até", text_date(page, f->last), NULL, "dd/mm/aaaa");
}

static void add_teams(struct page *page)
{
    const struct filters *f = &page->filters;

    for (size_t i = 0; i < f->team_count; i++)
        add_input(page, FILTER_EQUIPE, "Equipe", f->teams[i], "equipes", "");
    if (f->team_count < FILTERS_TEAMS_MAX)
        add_input(page, FILTER_EQUIPE, f->team_count ? "Mais uma equipe" : "Equipe", NULL,
                  "equipes", f->team_count ? "" : "Todas");
}

static void add_shortcut(struct page *page, enum filter filter, const char *value, const char *text)
{
    const struct filter_change change = {filter, value};

    html_link(page->out, page_link(page, page->path, page->accepted, &page->filters, &change, 1),
              NULL, text);
}

static void add_shortcuts(struct page *page)
{
    char day[DATE_ISO_SIZE];

    html_open(page->out, "div", "atalhos");
    if (accepts(page, FILTER_DIA)) {
        add_shortcut(page, FILTER_DIA, date_format_iso(page->filters.last - 1, day),
                     "dia anterior");
        if (page->filters.last < page->ref.today)
            add_shortcut(page, FILTER_DIA, date_format_iso(page->filters.last + 1, day),
                         "dia seguinte");
    }
    if (accepts(page, FILTER_PERIODO)) {
        add_shortcut(page, FILTER_PERIODO, "30d", "30 dias");
        add_shortcut(page, FILTER_PERIODO, "90d", "90 dias");
        add_shortcut(page, FILTER_PERIODO, "12m", "12 meses");
    }
    if (filters_any(&page->filters, page->accepted & ~FILTER_BIT(FILTER_ORDEM)))
        html_link(page->out, page->path, NULL, "Limpar");
    html_close(page->out, "div");
}

static bool add_fields(struct page *page, struct error *err)
{
    struct query_table regions, groups, teams, towns;

    add_days(page);
    if (accepts(page, FILTER_REGIONAL)) {
        if (!read_names(page, "regional", &regions, err) ||
            !read_names(page, "grupo", &groups, err))
            return false;
        add_choice(page, FILTER_REGIONAL, "Regional", "Todas", &regions);
        add_choice(page, FILTER_GRUPO, "Grupo", "Todos", &groups);
    }
    if (accepts(page, FILTER_EQUIPE)) {
        if (!read_names(page, "equipe", &teams, err))
            return false;
        add_teams(page);
        add_list(page, "equipes", &teams);
    }
    if (accepts(page, FILTER_MUNICIPIO)) {
        if (!read_names(page, "municipio", &towns, err))
            return false;
        add_input(page, FILTER_MUNICIPIO, "Município", page->filters.values[FILTER_MUNICIPIO],
                  "municipios", "Todos");
        add_list(page, "municipios", &towns);
    }
    return true;
}

bool filter_form(struct page *page, struct error *err)
{
    BUF_DONE struct buf sentence = BUF_INIT(SENTENCE_MAX);
    struct buf *out = page->out;

    filters_sentence(&sentence, &page->filters);
    if (page->request->site->single_file) {
        html_element(out, "p", "sub", buf_text(&sentence));
        return true;
    }
    html_element(out, "p", "sub so-papel", buf_text(&sentence));
    /* Open: without script nothing would open it on a wide screen, where it has no head. */
    buf_add_text(out, "<details class=\"dobra\" open>");
    html_open(out, "summary", NULL);
    html_open(out, "span", NULL);
    html_textf(out, "Filtros: %s", sentence.len ? buf_text(&sentence) : "nenhum");
    html_close(out, "span");
    buf_add_text(out, "<span aria-hidden=\"true\">▾</span></summary>");
    html_begin_tag(out, "form");
    html_attr(out, "class", "filtros");
    html_attr(out, "method", "get");
    html_attr(out, "action", page->path);
    html_attr(out, "aria-label", "Filtros");
    html_end_tag(out);
    if (!add_fields(page, err))
        return false;
    if (page->filters.values[FILTER_ORDEM])
        html_hidden(out, filter_name(FILTER_ORDEM), page->filters.values[FILTER_ORDEM]);
    buf_add_text(out, "<button class=\"botao forte\" type=\"submit\">Aplicar</button>");
    add_shortcuts(page);
    html_close(out, "form");
    html_close(out, "details");
    return true;
}
