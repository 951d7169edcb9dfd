/* SPDX-License-Identifier: MIT */
/* Makes the text of the history of a table's rows for ClickHouse. */
#include "layers/history.h"

#include "load/sql_text.h"

#include <stdlib.h>

struct text {
    struct buf *sql;
    const struct report *report;
    const char *date_type;
};

static void add_name(const struct text *t, const char *name)
{
    sql_add_name_for(DIALECT_CLICKHOUSE, t->sql, name);
}

static void add_literal(const struct text *t, const char *text)
{
    sql_add_literal_for(DIALECT_CLICKHOUSE, t->sql, text);
}

/* Adds a text of the log, `value`, as the column's type. */
static void add_value(const struct text *t, enum column_type type, const char *value)
{
    switch (type) {
    case COLUMN_DATE:
        buf_addf(t->sql, "CAST(%s AS Nullable(%s))", value, t->date_type);
        return;
    case COLUMN_TIMESTAMP:
        buf_addf(t->sql, "CAST(%s AS Nullable(DateTime('UTC')))", value);
        return;
    case COLUMN_TEXT:
    case COLUMN_TIME:
        break;
    }
    buf_add_text(t->sql, value);
}

/* Adds the text that `before` has for the column of the export's time. It is in every object, but
 * in no list of changed columns, and has always the same length; a quotation mark within a text has
 * a backslash there, so nothing else looks like the key. */
static void add_logged_time(const struct text *t, const struct column *extracted)
{
    BUF_DONE struct buf key = BUF_INIT(1024);

    buf_addf(&key, "\"%s\":\"", extracted->name);
    buf_add_text(t->sql, "substring(before, position(before, ");
    add_literal(t, buf_text(&key));
    buf_addf(t->sql, ") + %zu, 19)", key.len);
}

static void add_has_logged_time(const struct text *t, const struct column *extracted)
{
    BUF_DONE struct buf key = BUF_INIT(1024);

    buf_addf(&key, "\"%s\":\"", extracted->name);
    buf_addf(t->sql, " report = '%s' AND op <> 'insert' AND position(before, ", t->report->name);
    add_literal(t, buf_text(&key));
    buf_add_text(t->sql, ") > 0");
}

/* The versions that the log knows, as lists of one row's changes in their order: what each change
 * left (depois = 1), and what the first one after nothing or after a delete found (depois = 0).
 * `versao` is the last change that is in it; '' in de: nothing in the log began it. */
static void add_versions(const struct text *t)
{
    buf_addf(
        t->sql,
        "SELECT row_key, toInt64(id) - 1 + depois AS versao, if(depois = 1, execucao, '') AS de,\n"
        "                               if(depois = 1, seguinte, execucao) AS ate\n"
        "                          FROM (SELECT row_key, id, op, execucao, anterior, seguinte\n"
        "                                  FROM (SELECT row_key, arraySort(groupArray(id)) AS "
        "ids,\n"
        "                                               arraySort((x, i) -> i, groupArray(op),"
        " groupArray(id)) AS ops,\n"
        "                                               arraySort((x, i) -> i, groupArray(run_id),"
        " groupArray(id)) AS execucoes\n"
        "                                          FROM etl_changes WHERE report = '%s' GROUP BY"
        " row_key)\n"
        "                                 ARRAY JOIN ids AS id, ops AS op, execucoes AS execucao,\n"
        "                                       arrayPushFront(arrayPopBack(ops), 'delete') AS"
        " anterior,\n"
        "                                       arrayPushBack(arrayPopFront(execucoes), '') AS"
        " seguinte)\n"
        "                         ARRAY JOIN [0, 1] AS depois\n"
        "                         WHERE (depois = 0 AND op <> 'insert' AND anterior = 'delete')"
        " OR (depois = 1 AND op <> 'delete')",
        t->report->name);
}

/* What the later changes of each version replaced: of each column the oldest value counts. A list
 * of one, because argMin passes over a NULL. */
static void add_merged(const struct text *t)
{
    const struct column *extracted = history_extracted_at(t->report);

    buf_add_text(t->sql, "SELECT row_key, versao, de, ate");
    for (size_t i = 0; i < t->report->column_count; i++) {
        buf_add_text(t->sql,
                     ",\n                       argMinIf(era, posterior, posterior > versao AND"
                     " coluna = ");
        add_literal(t, t->report->columns[i].name);
        buf_addf(t->sql, ") AS a%zu", i);
    }
    buf_add_text(t->sql, "\n                  FROM (");
    add_versions(t);
    buf_addf(t->sql,
             ") AS v\n"
             "                   ALL LEFT JOIN (\n"
             "                       SELECT row_key, toInt64(mudanca) AS posterior, coluna, era\n"
             "                         FROM (SELECT id AS mudanca, row_key FROM etl_changes\n"
             "                                WHERE report = '%s' AND op <> 'insert') AS c\n"
             "                          ALL INNER JOIN (SELECT change_id AS mudanca, column_name"
             " AS coluna, [before] AS era\n"
             "                                            FROM etl_change_columns WHERE report ="
             " '%s') AS k USING mudanca",
             t->report->name, t->report->name);
    if (extracted) {
        buf_add_text(t->sql, "\n                       UNION ALL\n"
                             "                       SELECT row_key, toInt64(id), ");
        add_literal(t, extracted->name);
        buf_add_text(t->sql, ", [");
        add_logged_time(t, extracted);
        buf_add_text(t->sql, "]\n                         FROM etl_changes WHERE");
        add_has_logged_time(t, extracted);
    }
    buf_add_text(t->sql, ") AS m\n"
                         "                 USING row_key\n"
                         "                 GROUP BY row_key, versao, de, ate");
}

/* Every version of every row: those of the log, undone from the row of today, and the rows that the
 * log does not explain, never mentioned or back after a delete. */
static void add_lines(const struct text *t)
{
    buf_add_text(t->sql, "SELECT row_key, de, ate");
    for (size_t i = 0; i < t->report->column_count; i++) {
        BUF_DONE struct buf value = BUF_INIT(64);
        buf_addf(&value, "arrayElement(a%zu, 1)", i);
        buf_addf(t->sql, ",\n               if(length(a%zu) > 0, ", i);
        add_value(t, t->report->columns[i].type, buf_text(&value));
        buf_addf(t->sql, ", g%zu) AS c%zu", i, i);
    }
    buf_add_text(t->sql, "\n          FROM (");
    add_merged(t);
    buf_add_text(t->sql, ") AS p\n           ANY LEFT JOIN (SELECT " COLUMN_ROW_KEY " AS row_key");
    for (size_t i = 0; i < t->report->column_count; i++) {
        buf_add_text(t->sql, ", ");
        add_name(t, t->report->columns[i].name);
        buf_addf(t->sql, " AS g%zu", i);
    }
    buf_addf(t->sql,
             " FROM %s) AS g USING row_key\n"
             "        UNION ALL\n"
             "        SELECT " COLUMN_ROW_KEY ", '', ''",
             t->report->name);
    for (size_t i = 0; i < t->report->column_count; i++) {
        buf_add_text(t->sql, ", ");
        add_name(t, t->report->columns[i].name);
    }
    buf_addf(t->sql,
             "\n          FROM %s\n"
             "         WHERE " COLUMN_ROW_KEY " NOT IN (\n"
             "               SELECT row_key FROM (SELECT row_key, argMax(op, id) AS ultima FROM"
             " etl_changes WHERE report = '%s' GROUP BY row_key)\n"
             "                WHERE ultima <> 'delete')",
             t->report->name, t->report->name);
}

/* The run that exported what came at a time: the last one that had begun. Ids of runs begin with
 * that time, which `marca` writes the same way. Times are few, rows are many. */
static void add_runs_of_times(const struct text *t, const struct column *extracted)
{
    buf_add_text(t->sql, "SELECT marca, max(id) AS trazida\n"
                         "             FROM (SELECT DISTINCT marca\n"
                         "                     FROM (SELECT concat(replaceAll(replaceRegexpAll("
                         "toString(assumeNotNull(quando)), '[-:]', ''), ' ', 'T'), '.999~') AS"
                         " marca\n"
                         "                             FROM (SELECT ");
    add_name(t, extracted->name);
    buf_addf(t->sql, " AS quando FROM %s\n", t->report->name);
    buf_add_text(t->sql, "                                   UNION ALL\n"
                         "                                   SELECT ");
    BUF_DONE struct buf value = BUF_INIT(1024);
    const struct text logged = {&value, t->report, t->date_type};
    add_logged_time(&logged, extracted);
    add_value(t, extracted->type, buf_text(&value));
    buf_add_text(t->sql, " FROM etl_changes WHERE");
    add_has_logged_time(t, extracted);
    buf_add_text(t->sql, ")\n                            WHERE quando IS NOT NULL)) AS q\n"
                         "            CROSS JOIN (SELECT id FROM etl_runs) AS r\n"
                         "            WHERE id <= marca GROUP BY marca");
}

static void add_column_names(const struct text *t)
{
    for (size_t i = 0; i < t->report->column_count; i++)
        buf_addf(t->sql, ", c%zu", i);
}

static size_t index_of(const struct report *report, const struct column *column)
{
    return (size_t)(column - report->columns);
}

/* The lines, each with `trazida`, the run that exported it; '' if there is none. */
static void add_brought(const struct text *t)
{
    const struct column *extracted = history_extracted_at(t->report);

    buf_add_text(t->sql, "SELECT row_key, de, ate");
    add_column_names(t);
    buf_addf(t->sql, ", ifNull(toInt32(c%zu), -1000000) AS n_dia, ", t->report->window_date);
    if (!extracted) {
        buf_add_text(t->sql, "'' AS trazida\n  FROM (");
        add_lines(t);
        buf_add_text(t->sql, ")");
        return;
    }
    buf_add_text(t->sql, "trazida\n  FROM (SELECT row_key, de, ate");
    add_column_names(t);
    buf_addf(t->sql,
             ", concat(replaceAll(replaceRegexpAll(ifNull(toString(c%zu), ''), '[-:]', ''), ' ',"
             " 'T'), '.999~') AS marca\n  FROM (",
             index_of(t->report, extracted));
    add_lines(t);
    buf_add_text(t->sql, ")) AS l\n   ANY LEFT JOIN (");
    add_runs_of_times(t, extracted);
    buf_add_text(t->sql, ") AS q USING marca");
}

/* A version that nothing in the log began is as old as its export, and not older than the first
 * look at its day. */
void history_add_clickhouse_view(struct buf *sql, const struct report *report,
                                 const char *date_type)
{
    const struct text t = {sql, report, date_type};

    buf_addf(sql, "CREATE VIEW %s" HISTORY_SUFFIX " AS\n", report->name);
    buf_add_text(sql, history_intro);
    buf_add_text(sql, "SELECT row_key AS " COLUMN_ROW_KEY);
    for (size_t i = 0; i < report->column_count; i++) {
        buf_addf(sql, ", c%zu AS ", i);
        add_name(&t, report->columns[i].name);
    }
    buf_add_text(sql, ",\n       if(de <> '', de, if(trazida > primeira AND (ate = '' OR trazida <="
                      " ate), trazida, primeira)) AS valido_de,\n"
                      "       nullif(ate, '') AS valido_ate\n"
                      "  FROM (");
    add_brought(&t);
    buf_addf(sql,
             ") AS t\n"
             "   ANY LEFT JOIN (SELECT toInt32(dia) AS n_dia, primeira_execucao AS primeira FROM"
             " resumo_cobertura WHERE report = '%s') AS k\n"
             " USING n_dia;\n",
             report->name);
}
