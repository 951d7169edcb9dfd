/*
 * What each measure of resumo_dia counts, as a condition on a service: for the rows behind a
 * figure. The same rules as sql/layers/load/contribuicao.sql; a test compares the two.
 */
#ifndef PAGES_MEASURES_H
#define PAGES_MEASURES_H

#include <stdbool.h>
#include <stddef.h>

struct measure {
    const char *name;      /* the column of resumo_dia, and the value of the filter conta */
    const char *condition; /* on the view servicos, or on servicos_retorno */
    bool needs_return;     /* on servicos_retorno */
};

/* Returns the measure, or NULL. */
const struct measure *measure_find(const char *name);

#endif
