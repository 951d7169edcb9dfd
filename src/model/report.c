/* SPDX-License-Identifier: MIT */
/* Finding a report by what people call it, and its exports by their names. */
#include "model/report.h"

#include <fnmatch.h>
#include <string.h>

static bool is_called(const struct report *report, const char *name)
{
    if (strcmp(report->name, name) == 0)
        return true;
    for (size_t i = 0; i < report->aliases.count; i++)
        if (strcmp(report->aliases.items[i], name) == 0)
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

bool report_names_file(const struct names *files, const char *name)
{
    for (size_t i = 0; i < files->count; i++)
        if (fnmatch(files->items[i], name, FNM_CASEFOLD) == 0)
            return true;
    return false;
}
