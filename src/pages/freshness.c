/* SPDX-License-Identifier: MIT */
/* Says whether the figures can be trusted now. */
#include "pages/freshness.h"

#include "base/clock.h"
#include "base/date.h"
#include "layers/state.h"
#include "pages/html.h"
#include "pages/labels.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MINUTES = 24 * 60, DAYS_MAX = 366, OPEN_MAX = 3 };

static int minute_of(time_t when)
{
    struct tm civil;

    localtime_r(&when, &civil);
    return civil.tm_hour * 60 + civil.tm_min;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

int64_t working_minutes(const struct working_hours *hours, time_t from, time_t to)
{
    const int32_t last = clock_day_of(to);
    int32_t first = clock_day_of(from);
    int64_t minutes = 0;

    if (to <= from)
        return 0;
    int begin = minute_of(from);
    if (last - first > DAYS_MAX) {
        first = last - DAYS_MAX;
        begin = 0;
    }
    for (int32_t day = first; day <= last; day++) {
        const int weekday = (date_weekday(day) + 6) % 7;
        const int end = day == last ? minute_of(to) : DAY_MINUTES;
        const int worked = smaller(hours->to[weekday], end) - larger(hours->from[weekday], begin);
        minutes += larger(worked, 0);
        begin = 0;
    }
    return minutes;
}

static bool read_hours(struct destination *reader, struct arena *arena, struct working_hours *hours,
                       struct error *err)
{
    struct query_table table;

    *hours = (struct working_hours){0};
    if (!query_table_read(reader, "SELECT dia_semana, inicio, fim FROM config_expediente", NULL, 7,
                          arena, &table, err))
        return false;
    for (size_t i = 0; i < table.rows; i++) {
        const struct cell from = query_table_cell(&table, i, 1),
                          to = query_table_cell(&table, i, 2);
        int64_t weekday;
        int hour, minute, hour_to, minute_to;
        if (!query_table_int(&table, i, 0, &weekday) || weekday < 1 || weekday > 7 ||
            !format_read_time(from.text, from.len, &hour, &minute) ||
            !format_read_time(to.text, to.len, &hour_to, &minute_to))
            continue;
        hours->from[weekday - 1] = hour * 60 + minute;
        hours->to[weekday - 1] = hour_to * 60 + minute_to;
    }
    return true;
}

static time_t instant_of(struct cell cell)
{
    struct local_time local;
    struct tm civil = {.tm_isdst = -1};
    int year, month, day;

    if (!cell.text || !format_read_instant(cell.text, cell.len, &local))
        return 0;
    date_to_civil(local.day, &year, &month, &day);
    civil.tm_year = year - 1900;
    civil.tm_mon = month - 1;
    civil.tm_mday = day;
    civil.tm_hour = local.hour;
    civil.tm_min = local.minute;
    return mktime(&civil);
}

static bool read_limits(struct destination *reader, struct arena *arena, int64_t *late,
                        int64_t *stale, struct error *err)
{
    struct query_table table;

    if (!query_table_read(reader,
                          "SELECT max(CASE WHEN chave = 'frescor_aviso_min' THEN valor END),"
                          " max(CASE WHEN chave = 'frescor_erro_min' THEN valor END)"
                          " FROM config_parametro",
                          NULL, 1, arena, &table, err))
        return false;
    *late = 90;
    *stale = 180;
    query_table_int(&table, 0, 0, late);
    query_table_int(&table, 0, 1, stale);
    return true;
}

static bool read_state(struct destination *reader, time_t now, struct arena *arena,
                       struct freshness *out, struct error *err)
{
    struct query_table table;
    char sql[256];

    snprintf(
        sql, sizeof(sql),
        "SELECT (SELECT motivo FROM resumo_estado WHERE situacao <> 'prontos'), (SELECT min(run_id)"
        " FROM etl_lease WHERE run_id IS NOT NULL AND expires_at > %lld)",
        (long long)now);
    if (!query_table_read(reader, sql, NULL, 1, arena, &table, err))
        return false;
    if (query_table_cell(&table, 0, 0).text)
        out->due_reason = query_table_text(&table, 0, 0);
    if (query_table_cell(&table, 0, 1).text)
        out->running = query_table_text(&table, 0, 1);
    return true;
}

/* A setting that was changed is told before the program itself notes it. */
static bool read_settings(struct destination *reader, struct freshness *out, struct error *err)
{
    bool due;

    if (out->due_reason)
        return true;
    if (!state_is_due(reader, &due, err))
        return false;
    if (due)
        out->due_reason = "uma configuração mudou";
    return true;
}

static bool read_open(struct destination *reader, struct arena *arena, struct freshness *out,
                      struct error *err)
{
    struct query_table count;

    if (!query_table_read(reader,
                          "SELECT relatorio, de, ate, situacao, motivo, quando FROM"
                          " ouro_janela_aberta ORDER BY id DESC LIMIT 4",
                          NULL, OPEN_MAX + 1, arena, &out->open, err))
        return false;
    out->open_count = (int64_t)out->open.rows;
    if (out->open.rows <= OPEN_MAX)
        return true;
    out->open.rows = OPEN_MAX;
    return query_table_read(reader, "SELECT count(*) FROM ouro_janela_aberta", NULL, 1, arena,
                            &count, err) &&
           query_table_int(&count, 0, 0, &out->open_count);
}

bool freshness_read(struct destination *reader, time_t now, struct arena *arena,
                    struct freshness *out, struct error *err)
{
    struct working_hours hours;
    int64_t late, stale;

    *out = (struct freshness){.age_minutes = -1, .state = FRESHNESS_ERROR};
    if (!query_table_read(reader,
                          "SELECT relatorio, atualizado_em, ultimo_dia, execucao FROM ouro_frescor"
                          " ORDER BY atualizado_em, relatorio",
                          NULL, FRESHNESS_REPORTS_MAX, arena, &out->reports, err) ||
        !read_hours(reader, arena, &hours, err) ||
        !read_limits(reader, arena, &late, &stale, err) ||
        !read_state(reader, now, arena, out, err) || !read_settings(reader, out, err) ||
        !read_open(reader, arena, out, err))
        return false;
    if (!out->reports.rows)
        return true;
    out->age_minutes =
        working_minutes(&hours, instant_of(query_table_cell(&out->reports, 0, 1)), now);
    out->state = FRESHNESS_FRESH;
    if (out->age_minutes > late || out->open_count || out->due_reason)
        out->state = FRESHNESS_WARNING;
    if (out->age_minutes > stale)
        out->state = FRESHNESS_ERROR;
    return true;
}

static void add_instant(struct buf *out, struct cell cell)
{
    format_cell(out, cell, KIND_INSTANT, 0);
}

static void add_age(const struct freshness *freshness, struct buf *out)
{
    if (freshness->state == FRESHNESS_FRESH || freshness->age_minutes < 60)
        return;
    buf_add_text(out, ": há ");
    format_minutes(out, freshness->age_minutes);
    buf_add_text(out, " de expediente");
}

static void add_reports(const struct freshness *freshness, struct buf *out)
{
    for (size_t i = 0; i < freshness->reports.rows; i++) {
        const char *name = report_label(query_table_text(&freshness->reports, i, 0));
        html_open(out, "span", NULL);
        html_text(out, name);
        buf_add_text(out, " completo até ");
        format_cell(out, query_table_cell(&freshness->reports, i, 2), KIND_DATE, 0);
        html_close(out, "span");
    }
}

/* What is missing, the newest first. */
static void add_open(const struct freshness *freshness, struct buf *out)
{
    for (size_t i = 0; i < freshness->open.rows; i++) {
        const char *status = query_table_text(&freshness->open, i, 3);
        html_open(out, "span", NULL);
        html_text(out, report_label(query_table_text(&freshness->open, i, 0)));
        buf_add_text(out, " de ");
        format_cell(out, query_table_cell(&freshness->open, i, 1), KIND_DATE, 0);
        buf_add_text(out, " a ");
        format_cell(out, query_table_cell(&freshness->open, i, 2), KIND_DATE, 0);
        buf_add_text(out, strcmp(status, "held") == 0 ? " retido: valem as linhas de antes"
                                                      : " não copiado: valem as linhas de antes");
        html_close(out, "span");
    }
    if (freshness->open_count > (int64_t)freshness->open.rows) {
        html_open(out, "span", NULL);
        html_textf(out, "e mais %lld",
                   (long long)(freshness->open_count - (int64_t)freshness->open.rows));
        html_close(out, "span");
    }
}

void freshness_html(const struct freshness *freshness, bool live, struct buf *out)
{
    static const char *const classes[] = {"frescor", "frescor aviso", "frescor erro"};

    html_begin_tag(out, "div");
    html_attr(out, "class", classes[freshness->state]);
    html_attr(out, "role", "status");
    html_attr(out, "data-atualiza", live ? "1" : NULL);
    html_end_tag(out);
    html_open(out, "div", "faixa");
    html_open(out, "span", "sinal");
    html_open(out, "strong", NULL);
    if (freshness->reports.rows) {
        buf_add_text(out, "Dados até ");
        add_instant(out, query_table_cell(&freshness->reports, 0, 1));
        add_age(freshness, out);
    } else {
        buf_add_text(out, "Nada foi copiado ainda");
    }
    html_close(out, "strong");
    html_close(out, "span");
    add_reports(freshness, out);
    add_open(freshness, out);
    if (freshness->due_reason) {
        html_open(out, "span", NULL);
        html_textf(out, "Resumos por refazer (%s): as figuras ainda são as de antes",
                   freshness->due_reason);
        html_close(out, "span");
    }
    if (freshness->running)
        html_element(out, "span", "andamento", "Cópia em andamento");
    html_close(out, "div");
    html_close(out, "div");
}

static void add_member(struct buf *out, const char *name, struct cell cell)
{
    html_json_text(out, name);
    buf_add_char(out, ':');
    if (cell.text)
        html_json_text_n(out, cell.text, cell.len);
    else
        buf_add_text(out, "null");
}

void freshness_json(const struct freshness *freshness, struct buf *out)
{
    static const char *const names[] = {"fresco", "aviso", "erro"};
    const struct cell none = {0};

    buf_addf(out, "{\"estado\":\"%s\",", names[freshness->state]);
    add_member(out, "dados_ate",
               freshness->reports.rows ? query_table_cell(&freshness->reports, 0, 1) : none);
    buf_add_text(out, ",\"relatorios\":[");
    for (size_t i = 0; i < freshness->reports.rows; i++) {
        buf_add_text(out, i ? ",{" : "{");
        add_member(out, "relatorio", query_table_cell(&freshness->reports, i, 0));
        buf_add_char(out, ',');
        add_member(out, "ultimo_dia", query_table_cell(&freshness->reports, i, 2));
        buf_add_char(out, ',');
        add_member(out, "atualizado_em", query_table_cell(&freshness->reports, i, 1));
        buf_add_char(out, '}');
    }
    buf_addf(out, "],\"janelas_abertas\":%lld,\"resumos_prontos\":%s,\"executando\":%s,",
             (long long)freshness->open_count, freshness->due_reason ? "false" : "true",
             freshness->running ? "true" : "false");
    buf_add_text(out, "\"linha\":");
    BUF_DONE struct buf line = BUF_INIT(64 * 1024);
    freshness_html(freshness, true, &line);
    html_json_text(out, buf_text(&line));
    buf_add_char(out, '}');
}
