/* SPDX-License-Identifier: MIT */
/* Finding a report by what people call it. */
#include "model/report.h"

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
