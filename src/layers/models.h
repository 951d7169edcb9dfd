/*
 * The layers: settings tables, silver views, summary tables, gold views and indexes, each one file
 * under sql/layers/. A file that all databases understand stands there once; where one differs, its
 * own stands in sql/layers/postgres/, sqlite/ or clickhouse/.
 *
 * ClickHouse has no transaction in which a load could keep a summary: there the summaries are views
 * over silver, and there are no indexes.
 *
 * Names and columns are those of docs/manual; figures are defined where they are computed, in the
 * files.
 */
#ifndef LAYERS_MODELS_H
#define LAYERS_MODELS_H

#include "load/destination_ops.h"

#include <stdbool.h>
#include <stddef.h>

enum model_kind {
    MODEL_SETTINGS,   /* a table with rows that people change: never dropped, only added to */
    MODEL_DICTIONARY, /* a table that is made anew at each installation */
    MODEL_SUMMARY,    /* a table that is made from others: dropped and refilled when it changes */
    MODEL_SILVER,     /* a view on a report's table, which gets the columns that exports added */
    MODEL_VIEW,
    MODEL_INDEX, /* on a report's table */
};

enum { MODEL_DIALECTS = DIALECT_CLICKHOUSE + 1 };

struct model {
    const char *name;
    enum model_kind kind;
    const char *text[MODEL_DIALECTS]; /* the file's text, by dialect; NULL: see model_is_in */
    const char *report;               /* of a silver view: whose table it shows */
};

/* All models, each after those that it reads. */
extern const struct model models[];
extern const size_t model_count;

/* What a load runs, one text for all databases: sql/layers/load/. */
extern const char *const script_temporaries;
extern const char *const script_contributions;
extern const char *const script_invert;
extern const char *const script_sum;
extern const char *const script_drop_temporaries;
extern const char *const script_services_of_services;
extern const char *const script_services_of_returns;
extern const char *const script_measures_of_returns;
extern const char *const script_settings_values;
extern const char *const script_cohort_begin;
extern const char *const script_cohort_update;
extern const char *const script_cohort_complete;
extern const char *const script_cohort_refill;
extern const char *const script_audit_update;
extern const char *const script_audit_refill;
extern const char *const script_coverage_update;
extern const char *const script_coverage_refill;
extern const char *const script_empty;
extern const char *const script_refill_days;

/* Returns the model of that name, or NULL. */
const struct model *model_find(const char *name);

/* Returns the text of the model's file. */
static inline const char *model_text(const struct model *model, enum sql_dialect dialect)
{
    return model->text[dialect];
}

/* Whether that database has the model. A silver view without a file is made by layers/history.h. */
static inline bool model_is_in(const struct model *model, enum sql_dialect dialect)
{
    return model->kind == MODEL_SILVER || model->text[dialect];
}

/* Whether the model is a view in that database. */
static inline bool model_is_view(const struct model *model, enum sql_dialect dialect)
{
    return model->kind == MODEL_VIEW || model->kind == MODEL_SILVER ||
           (model->kind == MODEL_SUMMARY && dialect == DIALECT_CLICKHOUSE);
}

#endif
