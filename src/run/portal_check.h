/*
 * Tries what a cycle does with the portal, once and without a database: browser, login, each
 * report's form, an export of one day, its rows. For `etl-sigos check`.
 */
#ifndef RUN_PORTAL_CHECK_H
#define RUN_PORTAL_CHECK_H

#include "base/error.h"
#include "model/portal.h"
#include "model/report.h"
#include "model/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is told of each step. */
struct portal_check {
    /* A step that worked, and what was found: "login", "as maria at https://…". */
    void (*passed)(void *arg, const char *what, const char *found);
    /* What works but is to be looked at, and what to do. */
    void (*warned)(void *arg, const char *what, const char *found, const char *advice);
    void (*failed)(void *arg, const char *what, const struct error *err);
    void *arg;
};

/* Checks the portal and its reports. `day` is the day that is exported, a day number. What fails is
 * told and ends only what depends on it: after a login that fails no report is tried. */
void portal_check(const struct portal *portal, const struct settings *settings,
                  const struct report *reports, size_t report_count, int32_t day,
                  const struct portal_check *check);

#endif
