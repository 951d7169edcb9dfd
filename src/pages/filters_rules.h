/*
 * What each filter may be: for filters.c and filters_write.c.
 */
#ifndef PAGES_FILTERS_RULES_H
#define PAGES_FILTERS_RULES_H

#include "base/arena.h"
#include "pages/filters.h"

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

/* Returns the value in canonical form, which lives in the arena, or NULL if it has not the form. */
const char *filter_canonical(enum filter filter, const char *value, struct arena *arena);
/* Returns what is wrong with a value that has not the form, in Portuguese; static. */
const char *filter_complaint(enum filter filter);

/* Puts a team into its place among sorted ones; one that is there already is not put twice. There
 * must be room. */
void filter_team_insert(const char **teams, size_t *count, const char *team);

int32_t filter_month_of(int32_t day);              /* the first day of its month */
int32_t filter_month_add(int32_t day, int months); /* the first day of a later or earlier month */

#endif
