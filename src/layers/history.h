/*
 * Makes the text of the views that depend on a report's columns: the silver views, with the columns
 * that exports added, and the history of rows, which undoes the change log.
 */
#ifndef LAYERS_HISTORY_H
#define LAYERS_HISTORY_H

#include "base/buf.h"
#include "layers/models.h"
#include "model/report.h"

/*
 * Adds the CREATE VIEW statement of a model of kind MODEL_SILVER for that report, which has its
 * added columns:
 *
 *   servicos, retornos                 the file's text; behind its columns each added column as
 *                                      extra_NAME, text
 *   general_reports_historico, …       the table's columns for every version of every row, with
 *                                      valido_de and valido_ate (ids of runs)
 *   historico_servicos, …              the silver view's text over that view
 */
void history_add_view(struct buf *sql, const struct model *model, const struct report *report,
                      enum sql_dialect dialect);

#endif
