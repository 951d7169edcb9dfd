/*
 * Makes the text of the views that depend on a report's columns: the silver views, with the columns
 * that exports added, and the history of rows, which undoes the change log.
 */
#ifndef LAYERS_HISTORY_H
#define LAYERS_HISTORY_H

#include "base/buf.h"
#include "layers/models.h"
#include "model/report.h"

#define HISTORY_SUFFIX "_historico"

/* What a version is, for who reads the view's text; comments of SQL. */
extern const char history_intro[];

/* Returns the column that says when a row was exported, or NULL. */
const struct column *history_extracted_at(const struct report *report);

/* Where SQL is written for. */
struct layer_dialect {
    enum sql_dialect sql;
    char date_type[16]; /* ClickHouse: the type of days, which depends on the server's version */
};

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
                      struct layer_dialect dialect);

/* The same of general_reports_historico and return_reports_historico in ClickHouse, which has
 * neither LATERAL nor, in every version, windows. */
void history_add_clickhouse_view(struct buf *sql, const struct report *report,
                                 const char *date_type);

#endif
