/*
 * One filter of a page: its name in the address and what its value may be.
 */
#ifndef PAGES_FILTER_H
#define PAGES_FILTER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which a link has them. */
enum filter {
    FILTER_DE,      /* a day */
    FILTER_ATE,     /* a day */
    FILTER_PERIODO, /* 30d 90d 12m mes */
    FILTER_DIA,     /* a day, instead of the three above */
    FILTER_REGIONAL,
    FILTER_GRUPO,
    FILTER_EQUIPE, /* may be repeated */
    FILTER_MUNICIPIO,
    FILTER_TIPO,
    FILTER_TUDO,        /* 1: a period of more than FILTERS_MONTHS_MAX months is meant */
    FILTER_RELATORIO,   /* servicos retornos rejeitadas mudancas */
    FILTER_MES,         /* the first day of a month */
    FILTER_MOTIVO,      /* a reason of a return */
    FILTER_FAIXA,       /* a band of days: 0-7, > 90 */
    FILTER_ABERTO,      /* 1 */
    FILTER_ANOMALIA,    /* sem_horario sem_data */
    FILTER_CONTA,       /* a measure of resumo_dia, such as toi: only what it counts */
    FILTER_REINCIDENTE, /* uc equipe */
    FILTER_EXECUCAO,    /* a run's id */
    FILTER_AUDITORIA,   /* a column's name, or 1 for all */
    FILTER_APOS,        /* DAY,KEY of the last row of the page before; - for no day */
    FILTER_ORDEM,       /* a column's name, with - before it for the largest first */
    FILTER_FORMATO,     /* iso */
    FILTER_LIMITE,      /* rows, 1 to 5000 */
    FILTER_COUNT,
};

enum { FILTERS_TEAMS_MAX = 20, FILTERS_MONTHS_MAX = 24, FILTERS_TEXT_MAX = 1000 };

/* Sets of filters. */
#define FILTER_BIT(filter) (UINT32_C(1) << (filter))
#define FILTERS_OF_PAGES ((FILTER_BIT(FILTER_TUDO + 1) - 1) | FILTER_BIT(FILTER_ORDEM))
#define FILTERS_OF_DAYS                                                                            \
    (FILTER_BIT(FILTER_DE) | FILTER_BIT(FILTER_ATE) | FILTER_BIT(FILTER_PERIODO) |                 \
     FILTER_BIT(FILTER_TUDO))
#define FILTERS_OF_PLACE                                                                           \
    (FILTER_BIT(FILTER_REGIONAL) | FILTER_BIT(FILTER_GRUPO) | FILTER_BIT(FILTER_EQUIPE) |          \
     FILTER_BIT(FILTER_MUNICIPIO))
#define FILTERS_OF_ROWS (FILTER_BIT(FILTER_ORDEM + 1) - 1)
#define FILTERS_OF_CSV (FILTERS_OF_PAGES | FILTER_BIT(FILTER_FORMATO) | FILTER_BIT(FILTER_MES))
#define FILTERS_OF_API (FILTERS_OF_PAGES | FILTER_BIT(FILTER_LIMITE) | FILTER_BIT(FILTER_MES))

/* What a value must look like. */
enum filter_form {
    FORM_DAY,
    FORM_MONTH,
    FORM_WORD, /* one of the rule's words */
    FORM_TEXT,
    FORM_BAND,
    FORM_RUN,
    FORM_AFTER,
    FORM_ORDER,
    FORM_LIMIT,
};

/* A value that a filter may have, and how a sentence calls it; without a phrase it is not told. */
struct filter_word {
    const char *value, *phrase;
};

struct filter_rule {
    const char *name;
    enum filter_form form;
    const char *phrase;              /* before the value in a sentence; NULL: not told */
    const struct filter_word *words; /* of FORM_WORD; ends with a NULL value */
};

extern const struct filter_rule filter_rules[FILTER_COUNT];

const char *filter_name(enum filter filter); /* as in the address; static */
/* Returns the value in canonical form, which lives in the arena, or NULL if it has not the form. */
const char *filter_canonical(enum filter filter, const char *value, struct arena *arena);
/* Whether an address can ask for this text, so that a link may carry it: not for none, one with
 * control characters or blanks at its ends, or one that is too long. */
bool filter_can_ask(const char *text);
/* Returns what is wrong with a value that has not the form, in Portuguese; static. */
const char *filter_complaint(enum filter filter);

/* Puts a team into its place among sorted ones; one that is there already is not put twice. There
 * must be room. */
void filter_team_insert(const char **teams, size_t *count, const char *team);

int32_t filter_month_of(int32_t day);              /* the first day of its month */
int32_t filter_month_add(int32_t day, int months); /* the first day of a later or earlier month */

#endif
