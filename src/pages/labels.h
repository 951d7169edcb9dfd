/*
 * What analysts call reports and kinds of runs.
 */
#ifndef PAGES_LABELS_H
#define PAGES_LABELS_H

/* Returns "geral", "retornos", or a report's own name. */
const char *report_label(const char *report);
/* The same of a column, as SQL. */
#define REPORT_LABEL(column)                                                                       \
    "CASE WHEN " column " = 'general_reports' THEN 'geral' WHEN " column                           \
    " = 'return_reports' THEN 'retornos' ELSE " column " END"

/* Returns "completo", "incremental" or "carga" for the mode of a run; static. */
const char *mode_label(const char *mode);

#endif
