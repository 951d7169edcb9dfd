/* SPDX-License-Identifier: MIT */
/*
 * Profiles. The input is YAML files, separated by form feeds, which YAML does not allow: the
 * portal's file, then the reports'. An empty portal file stands for that of SIGOS. Any files are
 * refused with a file's name, or make a usable profile: the transform accepts its reports, and
 * SQLite their tables.
 */
#include "config/builtin.h"
#include "config/profile.h"
#include "config/portal_yaml.h"
#include "load/sqlite/sql.h"
#include "transform/transform.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SOURCES_MAX = 4 };

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static size_t split(const char *text, size_t len, struct profile_source *sources)
{
    static const char *const names[SOURCES_MAX] = {"portal", "first", "second", "third"};
    size_t count = 0;

    for (const char *end = text; end && count < SOURCES_MAX; text = end + 1) {
        end = memchr(text, '\f', len);
        const size_t part = end ? (size_t)(end - text) : len;
        sources[count] = (struct profile_source){names[count], text, part};
        len -= part + (end != NULL);
        count++;
    }
    if (!sources[0].len) {
        sources[0].text = builtin_portal;
        sources[0].len = BUILTIN_SIZE(builtin_portal);
    }
    return count;
}

static void check_text(const char *text)
{
    for (; text && *text; text++)
        demand((unsigned char)*text >= ' ', "a text has no control bytes");
}

static void check_names(const struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        demand(*names->items[i], "no name is empty");
        check_text(names->items[i]);
    }
}

static void check_steps(const struct steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        demand(step->at.any.count > 0, "a step has a place");
        check_names(&step->at.any);
        check_text(step->text);
        demand(step->value != STEP_LITERAL || step->text ||
                   (step->action != STEP_FILL && step->action != STEP_SELECT),
               "what is filled in is known");
    }
}

static void check_portal(const struct portal *portal)
{
    demand(!url_portal_fault(portal->url), "the address is good");
    demand(portal->jobs >= 1 && portal->jobs <= JOBS_MAX, "the jobs are few");
    demand(*portal->name && *portal->zone, "portal and zone are named");
    demand(portal->deadlines.window > 0 && portal->deadlines.silence > 0, "deadlines are not over");
    demand(portal->logged_in.any.count > 0, "a login is recognised");
    check_steps(&portal->login);
    check_names(&portal->refusals);
}

static void check_ratio(double ratio)
{
    demand(isfinite(ratio) && ratio >= 0 && ratio <= 1, "a ratio is from 0 to 1");
}

static void check_columns(const struct report *report)
{
    demand(report->column_count > 0 && report->key_count > 0, "there are columns and a key");
    for (size_t i = 0; i < report->column_count; i++) {
        const struct column *column = &report->columns[i];
        demand(*column->name && strlen(column->name) <= COLUMN_NAME_MAX, "a column has a name");
        demand((column->source == COLUMN_FROM_FILE) == (column->from.count > 0),
               "what comes from the file has a header, and nothing else");
        check_names(&column->from);
    }
    for (size_t i = 0; i < report->key_count; i++)
        demand(report->key[i] < report->column_count, "a key column is one");
    for (size_t i = 0; i < report->derivation_count; i++)
        demand(report->derivations[i].from < report->column_count &&
                   report->derivations[i].column < report->column_count,
               "what is derived is a column, and from one");
    demand(report_is_key(report, report->window_date) &&
               report->columns[report->window_date].type == COLUMN_DATE,
           "the window's date is a date of the key");
}

/* Makes the report's table in SQLite, which checks its SQL and every name. */
static void check_table(const struct report *report)
{
    static sqlite3 *db;
    char *sql = sqlite_sql_create_table(report), *words = NULL;

    demand(db || sqlite3_open(":memory:", &db) == SQLITE_OK, "there is a database");
    demand(sqlite3_exec(db, "begin", NULL, NULL, NULL) == SQLITE_OK, "a transaction begins");
    const int made = sqlite3_exec(db, sql, NULL, NULL, &words);
    if (made != SQLITE_OK)
        fprintf(stderr, "%s\n%s\n", words, sql);
    demand(made == SQLITE_OK, "a table can be made");
    demand(sqlite3_exec(db, "rollback", NULL, NULL, NULL) == SQLITE_OK, "it is gone again");
    free(sql);
}

static void check_report(const struct profile *profile, const struct report *report)
{
    const struct limits *limits = &report->limits;

    demand(report_find(profile->reports, profile->report_count, report->name) == report,
           "a name means one report");
    for (size_t i = 0; i < report->aliases.count; i++)
        demand(report_find(profile->reports, profile->report_count, report->aliases.items[i]) ==
                   report,
               "an alias means one report");
    check_columns(report);
    check_steps(&report->open);
    check_steps(&report->window);
    demand(report->window.count > 0 &&
               report->window.items[report->window.count - 1].action == STEP_CLICK,
           "a window ends with a click");
    check_names(&report->files);
    check_names(&report->drop);
    check_names(&report->footers);
    demand(report->windows.days > 0 && report->windows.incremental_step > 0, "windows go on");
    check_ratio(limits->max_delete_ratio);
    check_ratio(limits->max_reject_ratio);
    check_ratio(limits->max_update_ratio);
    transform_free(transform_new(report));
    check_table(report);
}

static void check_refusal(const struct error *err, const struct profile_source *sources,
                          size_t count)
{
    bool named = false;

    for (size_t i = 0; i < count; i++) {
        const size_t len = strlen(sources[i].name);
        named |= strncmp(err->message, sources[i].name, len) == 0 &&
                 (err->message[len] == ':' || err->message[len] == ' ');
    }
    demand(err->kind == ERROR_CONFIG && named, "a refusal names its file");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct profile_source sources[SOURCES_MAX] = {0};
    struct profile profile = {0}, again = {0};
    struct error err = {0}, second = {0};
    const size_t count = split((const char *)data, size, sources);

    if (count < 2)
        return 0;
    const bool good = profile_read(sources, count, &profile, &err);
    demand(profile_read(sources, count, &again, &second) == good &&
               strcmp(err.message, second.message) == 0,
           "the same files say the same");
    if (good) {
        check_portal(&profile.portal);
        demand(profile.report_count == count - 1, "every report is there");
        for (size_t i = 0; i < profile.report_count; i++)
            check_report(&profile, &profile.reports[i]);
    } else {
        check_refusal(&err, sources, count);
    }
    profile_done(&profile);
    profile_done(&again);
    return 0;
}
