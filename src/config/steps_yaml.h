/*
 * Reads the steps on the portal's pages, and where their elements are:
 *
 *     - click:  '#btn-salvar-form'
 *     - fill:   ['//form//input[1]', 'input[name=usuario]']
 *       credential: user
 *     - select: '#tp_relatorio'
 *       value:  tudo
 *     - date:   '#data_inicio'
 *       value:  first
 *     - wait:   '#done'
 */
#ifndef CONFIG_STEPS_YAML_H
#define CONFIG_STEPS_YAML_H

#include "base/error.h"
#include "config/node.h"
#include "model/report.h"

#include <stdbool.h>

/* Where steps are done: only those of the login may use credentials, only those of a window may use
 * days. */
enum steps_place { STEPS_LOGIN, STEPS_OPEN, STEPS_WINDOW };

/* Reads the list under `key`; *out is untouched if it is absent. STEPS_WINDOW must set both days
 * and end with the click that starts the download. Fails with ERROR_CONFIG. */
bool steps_read(struct node map, const char *key, enum steps_place place, struct steps *out,
                struct error *err);

/* Reads one locator or a list of them, tried in order. */
bool locator_read(struct node map, const char *key, struct locator *out, struct error *err);

#endif
