/* SPDX-License-Identifier: MIT */
/* Names, forms and words of the filters. */
#include "pages/filter.h"

#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAND_DIGITS = 5, RUN_MAX = 64, ORDER_MAX = 63, KEY_DIGITS = 32, LIMIT_MAX = 5000 };

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char digits[] = "0123456789";

static const struct filter_word yes[] = {{"1", NULL}, {0}};
static const struct filter_word periods[] = {
    {"30d", NULL}, {"90d", NULL}, {"12m", NULL}, {"mes", NULL}, {0}};
static const struct filter_word open_ones[] = {{"1", "em aberto"}, {0}};
static const struct filter_word reports[] = {{"servicos", "serviços"},
                                             {"retornos", "retornos"},
                                             {"rejeitadas", "linhas rejeitadas"},
                                             {"mudancas", "mudanças"},
                                             {0}};
static const struct filter_word anomalies[] = {
    {"sem_horario", "sem horário"}, {"sem_data", "sem data de execução"}, {0}};
/* As the columns of resumo_dia are called; what each counts is in measures.c. */
static const struct filter_word measures[] = {
    {"produzidos", "produzidos"},
    {"inspecoes", "inspeções"},
    {"toi", "com TOI"},
    {"toi_inspecao", "inspeções com TOI"},
    {"retornos", "com retorno"},
    {"retornos_exatos", "com retorno exato"},
    {"com_horario", "com horário válido"},
    {"sem_horario", "sem horário"},
    {"horario_anomalo", "horários anômalos"},
    {"baixados", "baixados"},
    {"abertos", "sem baixa"},
    {"baixa_anomala", "baixa antes da execução"},
    {"toi_entregues", "TOI entregues"},
    {"toi_notificados", "TOI notificados"},
    {"ar_pendentes", "AR pendentes"},
    {"negociados", "com valor negociado"},
    {"valor_ilegivel", "valor ilegível"},
    {"medidores", "com medidor instalado"},
    {"afericao_pendente", "aferição pendente"},
    {0},
};
static const struct filter_word repeaters[] = {
    {"uc", "UC reincidentes"}, {"equipe", "equipes reincidentes"}, {0}};
static const struct filter_word formats[] = {{"iso", NULL}, {0}};

const struct filter_rule filter_rules[FILTER_COUNT] = {
    [FILTER_DE] = {"de", FORM_DAY, NULL, NULL},
    [FILTER_ATE] = {"ate", FORM_DAY, NULL, NULL},
    [FILTER_PERIODO] = {"periodo", FORM_WORD, NULL, periods},
    [FILTER_DIA] = {"dia", FORM_DAY, NULL, NULL},
    [FILTER_REGIONAL] = {"regional", FORM_TEXT, "regional", NULL},
    [FILTER_GRUPO] = {"grupo", FORM_TEXT, "grupo", NULL},
    [FILTER_EQUIPE] = {"equipe", FORM_TEXT, NULL, NULL},
    [FILTER_MUNICIPIO] = {"municipio", FORM_TEXT, "município", NULL},
    [FILTER_TIPO] = {"tipo", FORM_TEXT, "tipo", NULL},
    [FILTER_TUDO] = {"tudo", FORM_WORD, NULL, yes},
    [FILTER_RELATORIO] = {"relatorio", FORM_WORD, NULL, reports},
    [FILTER_MES] = {"mes", FORM_MONTH, NULL, NULL},
    [FILTER_MOTIVO] = {"motivo", FORM_TEXT, "motivo", NULL},
    [FILTER_FAIXA] = {"faixa", FORM_BAND, "dias", NULL},
    [FILTER_ABERTO] = {"aberto", FORM_WORD, NULL, open_ones},
    [FILTER_ANOMALIA] = {"anomalia", FORM_WORD, NULL, anomalies},
    [FILTER_CONTA] = {"conta", FORM_WORD, NULL, measures},
    [FILTER_REINCIDENTE] = {"reincidente", FORM_WORD, NULL, repeaters},
    [FILTER_EXECUCAO] = {"execucao", FORM_RUN, "execução", NULL},
    [FILTER_AUDITORIA] = {"auditoria", FORM_TEXT, "auditoria", NULL},
    [FILTER_APOS] = {"apos", FORM_AFTER, NULL, NULL},
    [FILTER_ORDEM] = {"ordem", FORM_ORDER, NULL, NULL},
    [FILTER_FORMATO] = {"formato", FORM_WORD, NULL, formats},
    [FILTER_LIMITE] = {"limite", FORM_LIMIT, NULL, NULL},
};

const char *filter_name(enum filter filter)
{
    return filter_rules[filter].name;
}

const char *filter_complaint(enum filter filter)
{
    static const char *const complaints[] = {
        [FORM_DAY] = "não é uma data",
        [FORM_MONTH] = "não é um mês, como 2026-09-01",
        [FORM_WORD] = "não vale",
        [FORM_TEXT] = "é longo demais",
        [FORM_BAND] = "não é uma faixa de dias, como 8-15",
        [FORM_RUN] = "não é a identidade de uma execução",
        [FORM_AFTER] = "não é uma linha",
        [FORM_ORDER] = "não é o nome de uma coluna",
        [FORM_LIMIT] = "não é um número de 1 a 5000",
    };

    return complaints[filter_rules[filter].form];
}

bool filter_can_ask(const char *text)
{
    const size_t len = strlen(text);

    if (len == 0 || len > FILTERS_TEXT_MAX || text[0] == ' ' || text[len - 1] == ' ')
        return false;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < 0x20 || *c == 0x7F || (c[0] == 0xC2 && c[1] < 0xA0))
            return false;
    return true;
}

static bool read_day(const char *text, int32_t *out)
{
    return date_parse_iso(text, strlen(text), out) || date_parse_br(text, strlen(text), out);
}

static const char *keep(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

static const char *keep_day(struct arena *arena, int32_t day)
{
    char text[DATE_ISO_SIZE];

    return keep(arena, date_format_iso(day, text));
}

/* A day that is the first of its month, or yyyy-mm. */
static const char *read_month(const char *text, struct arena *arena)
{
    char whole[DATE_ISO_SIZE];
    int32_t day;

    if (strlen(text) == 7) {
        snprintf(whole, sizeof(whole), "%s-01", text);
        text = whole;
    }
    return read_day(text, &day) && date_day(day) == 1 ? keep_day(arena, day) : NULL;
}

/* Reads a number without sign or needless zeros; returns what is behind it, or NULL. */
static const char *read_number(const char *text, size_t max_digits, int32_t *out)
{
    const size_t len = strspn(text, digits);

    if (len == 0 || len > max_digits || (len > 1 && *text == '0'))
        return NULL;
    *out = 0;
    for (size_t i = 0; i < len; i++)
        *out = *out * 10 + (text[i] - '0');
    return text + len;
}

static const char *read_band(const char *text, struct arena *arena)
{
    char band[2 * BAND_DIGITS + 3];
    int32_t from, to;

    if (*text == '>') {
        const char *rest = read_number(text + 1 + (text[1] == ' '), BAND_DIGITS, &from);
        if (!rest || *rest)
            return NULL;
        snprintf(band, sizeof(band), "> %d", from);
        return keep(arena, band);
    }
    const char *rest = read_number(text, BAND_DIGITS, &from);
    if (!rest || *rest != '-')
        return NULL;
    rest = read_number(rest + 1, BAND_DIGITS, &to);
    return rest && !*rest && from <= to ? keep(arena, text) : NULL;
}

static bool is_word(const char *text, const struct filter_word *words)
{
    while (words->value && strcmp(words->value, text) != 0)
        words++;
    return words->value != NULL;
}

static bool is_run(const char *text)
{
    const size_t len = strlen(text);

    for (size_t i = 0; i < len; i++) {
        const char c = text[i];
        if (!strchr(lower, c) && !strchr(digits, c) && !(c >= 'A' && c <= 'Z') && c != '.' &&
            c != '-')
            return false;
    }
    return len <= RUN_MAX;
}

static bool is_after(const char *text)
{
    const char *comma = strchr(text, ',');
    int32_t day;

    if (!comma || strspn(comma + 1, "0123456789abcdef") != KEY_DIGITS || comma[1 + KEY_DIGITS])
        return false;
    const size_t len = (size_t)(comma - text);
    return (len == 1 && *text == '-') || date_parse_iso(text, len, &day);
}

static bool is_order(const char *text)
{
    text += *text == '-';
    const size_t len = strlen(text);
    return len > 0 && len <= ORDER_MAX && strchr(lower, *text) &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static bool is_limit(const char *text)
{
    int32_t limit;
    const char *rest = read_number(text, 4, &limit);

    return rest && !*rest && limit >= 1 && limit <= LIMIT_MAX;
}

const char *filter_canonical(enum filter filter, const char *value, struct arena *arena)
{
    const struct filter_rule *rule = &filter_rules[filter];
    int32_t day;
    bool good = false;

    switch (rule->form) {
    case FORM_DAY:
        return read_day(value, &day) ? keep_day(arena, day) : NULL;
    case FORM_MONTH:
        return read_month(value, arena);
    case FORM_BAND:
        return read_band(value, arena);
    case FORM_WORD:
        good = is_word(value, rule->words);
        break;
    case FORM_TEXT:
        good = strlen(value) <= FILTERS_TEXT_MAX;
        break;
    case FORM_RUN:
        good = is_run(value);
        break;
    case FORM_AFTER:
        good = is_after(value);
        break;
    case FORM_ORDER:
        good = is_order(value);
        break;
    case FORM_LIMIT:
        good = is_limit(value);
        break;
    }
    return good ? keep(arena, value) : NULL;
}

void filter_team_insert(const char **teams, size_t *count, const char *team)
{
    size_t at = *count;

    while (at > 0 && strcmp(teams[at - 1], team) > 0)
        at--;
    if (at > 0 && strcmp(teams[at - 1], team) == 0)
        return;
    memmove(teams + at + 1, teams + at, (*count - at) * sizeof(*teams));
    teams[at] = team;
    (*count)++;
}

int32_t filter_month_of(int32_t day)
{
    return day - date_day(day) + 1;
}

int32_t filter_month_add(int32_t day, int months)
{
    int year, month, ignored;

    date_to_civil(day, &year, &month, &ignored);
    const int count = year * 12 + month - 1 + months;
    return date_from_civil(count / 12, count % 12 + 1, 1);
}
