/* SPDX-License-Identifier: MIT */
/* Writes what every column of the layers means into the database. */
#include "layers/dictionary.h"

#include "base/buf.h"
#include "base/mem.h"
#include "layers/models.h"
#include "load/migration.h"
#include "load/sql_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

MIGRATION_EMBED(layer_dictionary, "sql/layers/dicionario.tsv");

enum { SQL_MAX = 4 * 1024 * 1024 };

/* A line of the file that speaks of a column, and how special it is. */
struct description {
    const char *text;
    size_t len;
    int rank;
};

static bool equals(const char *field, size_t len, const char *text)
{
    return strlen(text) == len && strncmp(field, text, len) == 0;
}

/* 3: the model's own line, 2: its column *, 1: of all silver views, 0: of all models; -1: of
 * others. */
static int rank_of(const char *line, const char *model, bool silver, struct cell column)
{
    const char *name = strchr(line, '\t') + 1;
    const size_t where_len = (size_t)(name - line) - 1;
    const size_t name_len = strcspn(name, "\t");
    const bool same = name_len == column.len && strncmp(name, column.text, name_len) == 0;

    if (equals(line, where_len, model))
        return same ? 3 : equals(name, name_len, "*") ? 2 : -1;
    if (!same)
        return -1;
    if (equals(line, where_len, "prata"))
        return silver ? 1 : -1;
    return equals(line, where_len, "*") ? 0 : -1;
}

static struct description describe(const char *model, bool silver, struct cell column)
{
    struct description best = {.rank = -1};

    for (const char *line = layer_dictionary; *line; line = strchr(line, '\n') + 1) {
        const int rank = rank_of(line, model, silver, column);
        if (rank <= best.rank)
            continue;
        const char *text = strchr(strchr(line, '\t') + 1, '\t') + 1;
        best = (struct description){text, strcspn(text, "\n"), rank};
    }
    static const char extra[] = "Coluna que as exportações acrescentaram, texto";
    if (!best.text && column.len > 6 && strncmp(column.text, "extra_", 6) == 0)
        best = (struct description){extra, strlen(extra), 0};
    return best;
}

/* Statements for the columns of all models. */
struct writer {
    struct buf sql;
    enum sql_dialect dialect;
    char model[128]; /* of the last column */
    size_t column;   /* its number there */
};

/* A newer program may have installed models that this one does not know. */
static bool is_silver(const char *name)
{
    const struct model *model = model_find(name);

    return strcmp(name, "servicos_retorno") == 0 ||
           strcmp(name, "teste_retorno_sem_servico") == 0 || (model && model->kind == MODEL_SILVER);
}

static void add_literal(struct writer *writer, const char *text, size_t len)
{
    MEM_FREE_TEXT char *copy = mem_copy_n(text, len);

    sql_add_literal_for(writer->dialect, &writer->sql, copy);
}

/* ClickHouse takes all rows in one statement; a semicolon ends a line of the others. */
static void add_entry(struct writer *writer, const char *model, const struct cell *cells,
                      struct description description)
{
    const bool clickhouse = writer->dialect == DIALECT_CLICKHOUSE;
    struct buf *sql = &writer->sql;

    buf_addf(sql, "%s('%s', ", clickhouse ? "" : "INSERT INTO etl_dicionario VALUES ", model);
    add_literal(writer, cells[1].text, cells[1].len);
    buf_addf(sql, ", %zu, ", writer->column);
    if (description.text)
        add_literal(writer, description.text, description.len);
    else
        buf_add_text(sql, "NULL");
    buf_add_text(sql, clickhouse ? ")\n" : ");\n");
}

static bool take_column(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct writer *writer = arg;
    BUF_DONE struct buf model = BUF_INIT(256), column = BUF_INIT(256);

    (void)count;
    (void)err;
    buf_add(&model, cells[0].text, cells[0].len);
    buf_add(&column, cells[1].text, cells[1].len);
    if (strcmp(writer->model, buf_text(&model)) != 0)
        writer->column = 0;
    snprintf(writer->model, sizeof(writer->model), "%s", buf_text(&model));
    writer->column++;
    const struct description description =
        describe(buf_text(&model), is_silver(buf_text(&model)), cells[1]);
    add_entry(writer, buf_text(&model), cells, description);
    if (writer->dialect != DIALECT_POSTGRES || !description.text)
        return true;
    buf_addf(&writer->sql, "COMMENT ON COLUMN %s.", buf_text(&model));
    sql_add_name(&writer->sql, buf_text(&column));
    buf_add_text(&writer->sql, " IS ");
    add_literal(writer, description.text, description.len);
    buf_add_text(&writer->sql, ";\n");
    return true;
}

/* The columns of all models, those of one together and in their order. */
static const char *const columns_sql[] = {
    [DIALECT_POSTGRES] =
        "SELECT m.nome, a.attname FROM etl_camadas AS m"
        " JOIN pg_attribute AS a ON a.attrelid = to_regclass(m.nome) AND a.attnum > 0"
        "  AND NOT a.attisdropped"
        " JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind <> 'i'"
        " WHERE m.nome NOT LIKE 'etl\\_%' ORDER BY 1, a.attnum",
    [DIALECT_SQLITE] = "SELECT m.nome, c.name FROM etl_camadas AS m, pragma_table_info(m.nome) AS c"
                       " WHERE m.nome NOT LIKE 'etl\\_%' ESCAPE '\\' ORDER BY 1, c.cid",
    /* A server of 2018 has no column with the number; it lists them in their order. */
    [DIALECT_CLICKHOUSE] =
        "SELECT table, name FROM system.columns WHERE database = currentDatabase()"
        " AND table IN (SELECT nome FROM etl_camadas) AND substring(table, 1, 4) <> 'etl_'",
};

static const char *const begin_sql[] = {
    [DIALECT_POSTGRES] = "DELETE FROM etl_dicionario;\n",
    [DIALECT_SQLITE] = "DELETE FROM etl_dicionario;\n",
    [DIALECT_CLICKHOUSE] = ("TRUNCATE TABLE etl_dicionario;\n"
                            "INSERT INTO etl_dicionario VALUES "),
};

bool dictionary_write(struct destination *dest, struct error *err)
{
    struct writer writer = {.sql = BUF_INIT(SQL_MAX), .dialect = dest->ops->dialect};

    buf_add_text(&writer.sql, begin_sql[writer.dialect]);
    bool ok = destination_query(dest, columns_sql[writer.dialect], take_column, &writer, err);
    if (ok && writer.sql.full)
        ok = error_set(err, ERROR_DATABASE, "the layers have too many columns");
    ok = ok && destination_execute(dest, "describe the columns", buf_text(&writer.sql), err);
    buf_done(&writer.sql);
    return ok;
}
