/* SPDX-License-Identifier: MIT */
/* What analysts call reports and kinds of runs. */
#include "pages/labels.h"

#include <string.h>

const char *report_label(const char *report)
{
    if (strcmp(report, "general_reports") == 0)
        return "geral";
    return strcmp(report, "return_reports") == 0 ? "retornos" : report;
}

const char *mode_label(const char *mode)
{
    if (strcmp(mode, "full") == 0)
        return "completo";
    return strcmp(mode, "incremental") == 0 ? "incremental" : "carga";
}
