/* SPDX-License-Identifier: MIT */
/* Makes the text of the views that depend on a report's columns. */
#include "layers/history.h"

#include "base/mem.h"
#include "load/sql_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY_PREFIX "historico_"

static const char last_column[] = "    " COLUMN_ROW_KEY "\n";

/* Adds the text up to `mark` and returns where `mark` begins; the texts are ours and have it. */
static const char *add_until(struct buf *sql, const char *text, const char *mark)
{
    const char *at = strstr(text, mark);

    if (!at)
        abort();
    buf_add(sql, text, (size_t)(at - text));
    return at;
}

/* "Nova Coluna (R$)" becomes extra_nova_coluna__r__. Other bytes than ASCII letters and digits
 * become an underscore, so that nobody needs quotes for it. */
static void add_extra_name(struct buf *sql, const char *name)
{
    buf_add_text(sql, "extra_");
    for (const char *c = name; *c; c++)
        buf_add_char(sql, isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '_');
}

static void add_extra_columns(struct buf *sql, const struct report *report,
                              enum sql_dialect dialect)
{
    for (size_t i = report_own_columns(report); i < report->column_count; i++) {
        buf_add_text(sql, "    nullif(g.");
        sql_add_name_for(dialect, sql, report->columns[i].name);
        buf_add_text(sql, ", '') AS ");
        add_extra_name(sql, report->columns[i].name);
        buf_add_text(sql, ",\n");
    }
}

/* Adds the silver view of the report; with `past` the one of all versions of its rows. */
static void add_silver(struct buf *sql, const struct model *silver, const struct report *report,
                       enum sql_dialect dialect, bool past)
{
    MEM_FREE_TEXT char *head = mem_format("CREATE VIEW %s AS\n", silver->name);
    MEM_FREE_TEXT char *from = mem_format("FROM %s AS g", report->name);
    const char *text = model_text(silver, dialect) + strlen(head);

    buf_addf(sql, "CREATE VIEW %s%s AS\n", past ? HISTORY_PREFIX : "", silver->name);
    if (past) {
        text = add_until(sql, text, "SELECT\n") + strlen("SELECT\n");
        buf_add_text(sql, "SELECT\n    valido_de,\n    valido_ate,\n");
    }
    text = add_until(sql, text, last_column);
    add_extra_columns(sql, report, dialect);
    if (past) {
        text = add_until(sql, text, from) + strlen(from);
        buf_addf(sql, "FROM %s" HISTORY_SUFFIX " AS g", report->name);
    }
    buf_add_text(sql, text);
}

/* The history of a table's rows */

struct history_text {
    struct buf *sql;
    const struct report *report;
    enum sql_dialect dialect;
};

/* How each database asks for a column of the JSON object p.antes: whether it has it, and what it
 * is. */
static void add_past_value(const struct history_text *t, const struct column *column)
{
    static const char *const casts[] = {
        [COLUMN_TEXT] = "",
        [COLUMN_DATE] = "::date",
        [COLUMN_TIME] = "::time",
        [COLUMN_TIMESTAMP] = "::timestamp",
    };
    BUF_DONE struct buf path = BUF_INIT(4096);

    if (t->dialect == DIALECT_SQLITE) {
        buf_add_text(&path, "$.");
        sql_add_name(&path, column->name);
        buf_add_text(t->sql, "CASE WHEN json_type(p.antes, ");
        sql_add_literal(t->sql, buf_text(&path));
        buf_add_text(t->sql, ") IS NOT NULL THEN json_extract(p.antes, ");
        sql_add_literal(t->sql, buf_text(&path));
        buf_add_text(t->sql, ")");
    } else {
        buf_add_text(t->sql, "CASE WHEN p.antes ? ");
        sql_add_literal(t->sql, column->name);
        buf_add_text(t->sql, " THEN (p.antes ->> ");
        sql_add_literal(t->sql, column->name);
        buf_addf(t->sql, ")%s", casts[column->type]);
    }
    buf_add_text(t->sql, " ELSE g.");
    sql_add_name(t->sql, column->name);
    buf_add_text(t->sql, " END");
}

static void add_past_columns(const struct history_text *t)
{
    for (size_t i = 0; i < t->report->column_count; i++) {
        const struct column *column = &t->report->columns[i];
        buf_add_text(t->sql, ",\n           ");
        if (i == t->report->window_date)
            buf_add_text(t->sql, "p.window_date");
        else
            add_past_value(t, column);
        buf_add_text(t->sql, " AS ");
        sql_add_name(t->sql, column->name);
    }
}

/* Merges what the later changes of a row replaced: of each column the oldest value counts. */
static void add_merged_changes(const struct history_text *t)
{
    if (t->dialect == DIALECT_SQLITE)
        buf_addf(
            t->sql,
            "      FROM (SELECT v.*,\n"
            "                   (SELECT json_group_object(key, value)\n"
            "                      FROM (SELECT e.key, e.value, row_number() OVER (PARTITION BY"
            " e.key ORDER BY c.id) AS ordem\n"
            "                              FROM etl_changes AS c JOIN json_each(c.before) AS e\n"
            "                             WHERE c.row_key = v.row_key AND c.report = '%s' AND"
            " c.id > v.id)\n"
            "                     WHERE ordem = 1) AS antes\n"
            "              FROM versoes AS v) AS p\n",
            t->report->name);
    else
        buf_addf(
            t->sql,
            "      FROM (SELECT v.*, coalesce(x.antes, '{}') AS antes\n"
            "              FROM versoes AS v CROSS JOIN LATERAL (\n"
            "                   SELECT jsonb_object_agg(e.key, e.value ORDER BY c.id DESC) AS"
            " antes\n"
            "                     FROM etl_changes AS c CROSS JOIN LATERAL jsonb_each(c.before)"
            " AS e\n"
            "                    WHERE c.row_key = v.row_key AND c.report = '%s' AND c.id > v.id)"
            " AS x) AS p\n",
            t->report->name);
    buf_addf(t->sql, "      LEFT JOIN %s AS g ON g." COLUMN_ROW_KEY " = p.row_key AND g.",
             t->report->name);
    sql_add_name(t->sql, t->report->columns[t->report->window_date].name);
    buf_addf(t->sql, " %s p.window_date\n",
             t->dialect == DIALECT_SQLITE ? "IS" : "IS NOT DISTINCT FROM");
}

const char history_intro[] =
    "-- As versões de cada linha, com as colunas da tabela: valido_de = execução que a mostrou"
    " primeiro, valido_ate = execução\n"
    "-- que a substituiu ou apagou (NULL: vale ainda). Uma versão é a linha de hoje com os "
    "\"before\""
    " do log desfeitos.\n"
    "-- O log não tem o que entrou num dia que ainda não fora visto inteiro: isso vale desde a"
    " exportação que o trouxe.\n";

static void add_versions(const struct history_text *t)
{
    buf_addf(
        t->sql,
        "WITH mudancas AS (\n"
        "    SELECT id, row_key, window_date, run_id, op, lag(op) OVER w AS anterior,"
        " lead(run_id) OVER w AS seguinte\n"
        "      FROM etl_changes WHERE report = '%s' WINDOW w AS (PARTITION BY row_key ORDER BY"
        " id)),\n"
        "versoes AS (\n"
        "    SELECT id - 1 AS id, row_key, window_date, %s AS de, run_id AS ate FROM mudancas\n"
        "     WHERE op <> 'insert' AND coalesce(anterior, 'delete') = 'delete'\n"
        "    UNION ALL\n"
        "    SELECT id, row_key, window_date, run_id, seguinte FROM mudancas WHERE op <>"
        " 'delete'),\n",
        t->report->name, t->dialect == DIALECT_SQLITE ? "NULL" : "NULL::text");
}

/* The rows that the log does not explain: never mentioned, or back after a delete. */
static void add_unlogged(const struct history_text *t)
{
    buf_add_text(t->sql, "    UNION ALL\n    SELECT g." COLUMN_ROW_KEY ", NULL, NULL");
    for (size_t i = 0; i < t->report->column_count; i++) {
        buf_add_text(t->sql, ", g.");
        sql_add_name(t->sql, t->report->columns[i].name);
    }
    buf_addf(t->sql,
             "\n      FROM %s AS g\n"
             "     WHERE coalesce((SELECT c.op FROM etl_changes AS c WHERE c.row_key ="
             " g." COLUMN_ROW_KEY " AND c.report = '%s'\n"
             "                      ORDER BY c.id DESC LIMIT 1), 'delete') = 'delete')\n",
             t->report->name, t->report->name);
}

/* The run that exported what came at a time: the last one that had begun. Ids of runs begin with
 * that time. */
static void add_run_of(const struct history_text *t, const char *column)
{
    buf_add_text(t->sql, "(SELECT max(id) FROM etl_runs WHERE id <= ");
    if (t->dialect == DIALECT_SQLITE) {
        buf_add_text(t->sql, "strftime('%Y%m%dT%H%M%S', l.");
        sql_add_name(t->sql, column);
        buf_add_text(t->sql, ") || '.999~')");
    } else {
        buf_add_text(t->sql, "to_char(l.");
        sql_add_name(t->sql, column);
        buf_add_text(t->sql, ", 'YYYYMMDD\"T\"HH24MISS') || '.999~')");
    }
}

const struct column *history_extracted_at(const struct report *report)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (report->columns[i].source == COLUMN_EXTRACTED_AT)
            return &report->columns[i];
    return NULL;
}

/* A version that nothing in the log began is as old as its export, and not older than the first
 * look at its day. */
static void add_validity(const struct history_text *t)
{
    const struct column *extracted = history_extracted_at(t->report);

    buf_add_text(t->sql, "SELECT " COLUMN_ROW_KEY);
    for (size_t i = 0; i < t->report->column_count; i++) {
        buf_add_text(t->sql, ", ");
        sql_add_name(t->sql, t->report->columns[i].name);
    }
    buf_add_text(t->sql, ",\n       CASE WHEN de IS NOT NULL THEN de\n"
                         "            WHEN trazida > coalesce(primeira, '') AND (ate IS NULL OR"
                         " trazida <= ate) THEN trazida\n"
                         "            ELSE coalesce(primeira, '') END AS valido_de, ate AS"
                         " valido_ate\n"
                         "  FROM (SELECT l.*, k.primeira_execucao AS primeira, ");
    if (extracted)
        add_run_of(t, extracted->name);
    else
        buf_add_text(t->sql, "NULL");
    buf_addf(t->sql,
             " AS trazida\n"
             "          FROM linhas AS l\n"
             "          LEFT JOIN resumo_cobertura AS k ON k.report = '%s' AND k.dia = l.",
             t->report->name);
    sql_add_name(t->sql, t->report->columns[t->report->window_date].name);
    buf_add_text(t->sql, ") AS l;\n");
}

static void add_table_history(struct buf *sql, const struct report *report,
                              enum sql_dialect dialect)
{
    const struct history_text t = {sql, report, dialect};

    buf_addf(sql, "CREATE VIEW %s" HISTORY_SUFFIX " AS\n", report->name);
    buf_add_text(sql, history_intro);
    add_versions(&t);
    buf_add_text(sql, "linhas AS (\n    SELECT p.row_key AS " COLUMN_ROW_KEY ", p.de, p.ate");
    add_past_columns(&t);
    buf_add_char(sql, '\n');
    add_merged_changes(&t);
    add_unlogged(&t);
    add_validity(&t);
}

void history_add_view(struct buf *sql, const struct model *model, const struct report *report,
                      struct layer_dialect dialect)
{
    const bool past = strncmp(model->name, HISTORY_PREFIX, strlen(HISTORY_PREFIX)) == 0;

    if (model_text(model, dialect.sql))
        add_silver(sql, model, report, dialect.sql, false);
    else if (past)
        add_silver(sql, model_find(model->name + strlen(HISTORY_PREFIX)), report, dialect.sql,
                   true);
    else if (dialect.sql == DIALECT_CLICKHOUSE)
        history_add_clickhouse_view(sql, report, dialect.date_type);
    else
        add_table_history(sql, report, dialect.sql);
}
