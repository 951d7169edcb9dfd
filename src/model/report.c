/* SPDX-License-Identifier: MIT */
/* Finds a report by its name or alias, tells its exports by their names, and adds columns to a
 * run's copy of it. */
#include "model/report.h"

#include "base/buf.h"
#include "base/mem.h"
#include "model/header.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_called(const struct report *report, const char *name)
{
    if (strcmp(report->name, name) == 0)
        return true;
    for (size_t i = 0; i < report->aliases.count; i++)
        if (strcmp(report->aliases.items[i], name) == 0)
            return true;
    return false;
}

bool report_is_key(const struct report *report, size_t column)
{
    for (size_t i = 0; i < report->key_count; i++)
        if (report->key[i] == column)
            return true;
    return false;
}

const struct report *report_find(const struct report *reports, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (is_called(&reports[i], name))
            return &reports[i];
    return NULL;
}

static bool matches(const struct names *files, const char *name)
{
    for (size_t i = 0; i < files->count; i++)
        if (fnmatch(files->items[i], name, FNM_CASEFOLD) == 0)
            return true;
    return false;
}

bool report_names_file(const struct names *files, const char *name)
{
    const char *dot = strrchr(name, '.');

    if (matches(files, name))
        return true;
    if (!dot || (strcasecmp(dot, ".gz") != 0 && strcasecmp(dot, ".zip") != 0))
        return false;
    MEM_FREE_TEXT char *stem = mem_copy_n(name, (size_t)(dot - name));
    MEM_FREE_TEXT char *csv = mem_format("%s.csv", stem);
    return matches(files, stem) || matches(files, csv);
}

void grown_report_init(struct grown_report *grown, const struct report *profile)
{
    assert(profile->added_count == 0);
    *grown = (struct grown_report){.report = *profile};
    grown->columns = mem_array(profile->column_count, sizeof(*grown->columns));
    memcpy(grown->columns, profile->columns, profile->column_count * sizeof(*grown->columns));
    grown->report.columns = grown->columns;
}

void grown_report_copy(struct grown_report *copy, const struct grown_report *grown)
{
    struct report profile = grown->report;

    profile.column_count = report_own_columns(&grown->report);
    profile.added_count = 0;
    grown_report_init(copy, &profile);
    for (size_t i = profile.column_count; i < grown->report.column_count; i++)
        grown_report_add(copy, grown->columns[i].name);
}

void grown_report_done(struct grown_report *grown)
{
    free(grown->columns);
    arena_done(&grown->names);
    *grown = (struct grown_report){0};
}

/* Whether the report has a column of that name. Case does not count, because Status and STATUS are
 * one column in SQLite. */
static bool has_column(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (strcasecmp(report->columns[i].name, name) == 0)
            return true;
    return false;
}

static bool lists_header(const struct names *names, const char *header)
{
    BUF_DONE struct buf known = BUF_INIT((size_t)16 * HEADER_NAME_MAX);

    for (size_t i = 0; i < names->count; i++) {
        buf_reset(&known);
        header_normalize(&known, names->items[i], strlen(names->items[i]));
        if (strcmp(buf_text(&known), header) == 0)
            return true;
    }
    return false;
}

/* Whether a column of the profile takes the header or drops it. A column that was added once may be
 * in the profile now, under another name. */
static bool knows_header(const struct report *report, const char *header)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (lists_header(&report->columns[i].from, header))
            return true;
    return lists_header(&report->drop, header);
}

const char *report_cannot_add(const struct report *report, const char *name)
{
    if (!*name)
        return "it has no name";
    if (strlen(name) > COLUMN_NAME_MAX)
        return "its name is longer than 63 bytes";
    if (strncasecmp(name, "_row_", strlen("_row_")) == 0)
        return "names that begin with _row_ are etl-sigos's own";
    if (has_column(report, name))
        return "the report has a column of that name";
    if (knows_header(report, name))
        return "the profile knows it";
    if (report->added_count >= REPORT_ADDED_MAX)
        return "100 columns were added already";
    return NULL;
}

void grown_report_add(struct grown_report *grown, const char *name)
{
    struct report *report = &grown->report;
    const char **from = arena_alloc(&grown->names, sizeof(*from));
    size_t at = report->column_count;

    assert(!report_cannot_add(report, name));
    grown->columns = mem_grow(grown->columns, report->column_count + 1, sizeof(*grown->columns));
    for (; at > report_own_columns(report) && strcmp(grown->columns[at - 1].name, name) > 0; at--)
        grown->columns[at] = grown->columns[at - 1];
    from[0] = arena_copy(&grown->names, name, strlen(name));
    grown->columns[at] = (struct column){
        .name = from[0],
        .type = COLUMN_TEXT,
        .source = COLUMN_FROM_FILE,
        .from = {.items = from, .count = 1},
    };
    report->columns = grown->columns;
    report->column_count++;
    report->added_count++;
}
