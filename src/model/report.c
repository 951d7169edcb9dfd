/* SPDX-License-Identifier: MIT */
/* Finds a report by its name or alias, and tells its exports by their names. */
#include "model/report.h"

#include "base/mem.h"

#include <fnmatch.h>
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
