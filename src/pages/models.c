/* SPDX-License-Identifier: MIT */
/* The rows of models as CSV and JSON. */
#include "pages/models.h"

#include "load/sql_text.h"
#include "pages/csv.h"
#include "pages/error_page.h"
#include "pages/filter.h"
#include "pages/json_rows.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum {
    COLUMNS_MAX = 128,
    ROWS_DEFAULT = 1000,
    SQL_MAX = 64 * 1024,
    FILE_NAME_SIZE = 128,
    DATA_LINK_MAX = 200 * 1000, /* bytes of a CSV within its link */
};

struct model_rows {
    const char *name, *order;
    struct filter_columns columns;
    bool is_silver; /* its columns are texts unless they are known to be something else */
};

#define DAY .date = "data_execucao", .grain = GRAIN_DAY
#define WEEK .date = "semana", .grain = GRAIN_WEEK
#define MONTH .date = "mes", .grain = GRAIN_MONTH
#define AREA .regional = "regional", .grupo = "grupo"

static const struct model_rows all[] = {
    {"servicos",
     "data_execucao, chave",
     {DAY, AREA, .equipe = "equipe", .municipio = "municipio", .tipo = "tipo_servico"},
     true},
    {"retornos", "data_execucao, chave", {DAY, AREA, .equipe = "equipe", .motivo = "motivo"}, true},
    {"ouro_dia", "data_execucao, regional, grupo", {DAY, AREA}, false},
    {"ouro_semana", "semana, regional, grupo", {WEEK, AREA}, false},
    {"ouro_mes", "mes, regional, grupo", {MONTH, AREA}, false},
    {"ouro_equipe_dia", "data_execucao, equipe", {DAY, AREA, .equipe = "equipe"}, false},
    {"ouro_equipe_mes", "mes, equipe", {MONTH, AREA, .equipe = "equipe"}, false},
    {"ouro_equipe_jornada", "data_execucao, equipe", {DAY, .equipe = "equipe"}, false},
    {"ouro_equipe_situacao", "equipe", {AREA, .equipe = "equipe"}, false},
    {"ouro_produtividade", "mes, regional, grupo", {MONTH, AREA}, false},
    {"ouro_distribuicao_mes", "mes, regional, grupo, medida", {MONTH, AREA}, false},
    {"ouro_baixa_coorte", "semana, regional, grupo", {WEEK, AREA}, false},
    {"ouro_baixa_pendente", "idade_min, regional, grupo", {AREA}, false},
    {"ouro_retorno_motivo",
     "mes, regional, grupo, equipe, motivo",
     {MONTH, AREA, .equipe = "equipe", .motivo = "motivo"},
     false},
    {"ouro_retorno_aberto", "idade_min, regional, grupo", {AREA}, false},
    {"ouro_retorno_reincidente", "tipo, retornos DESC, quem", {.date = NULL}, false},
    {"ouro_funil_mes", "mes, regional, grupo", {MONTH, AREA}, false},
    {"ouro_ticket_mes", "mes, regional, grupo", {MONTH, AREA}, false},
    {"ouro_parcelamento",
     "mes, regional, grupo, parcelamento, cod_financiamento",
     {MONTH, AREA},
     false},
    {"ouro_ar_pendente", "fora_do_prazo, regional, grupo", {AREA}, false},
    {"ouro_afericao_fila", "idade_min, regional, grupo", {AREA}, false},
    {"ouro_municipio_mes",
     "mes, municipio, regional, grupo",
     {MONTH, AREA, .municipio = "municipio"},
     false},
    {"ouro_municipio_situacao", "municipio", {.municipio = "municipio"}, false},
    {"ouro_backoffice_mes", "mes, backoffice", {MONTH}, false},
    {"ouro_tipo_mes",
     "mes, regional, grupo, tipo_servico, status",
     {MONTH, AREA, .tipo = "tipo_servico"},
     false},
    {"ouro_auditoria", "execucao, relatorio, operacao, coluna, mes", {MONTH}, false},
    {"ouro_coorte_serie", "mes, execucao, regional, grupo", {MONTH, AREA}, false},
    {"ouro_efeito_auditoria", "mes, regional, grupo", {MONTH, AREA}, false},
    {"ouro_frescor", "relatorio", {.date = NULL}, false},
    {"ouro_execucao", "execucao", {.date = NULL}, false},
    {"ouro_janela_aberta", "id", {.date = NULL}, false},
    {"ouro_qualidade", "mes", {MONTH}, false},
    {"ouro_valor_novo", "coluna, valor", {.date = NULL}, false},
    {"teste_sem_data", "relatorio", {.date = NULL}, false},
    {"teste_retorno_sem_servico",
     "data_execucao, chave",
     {DAY, AREA, .equipe = "equipe", .motivo = "motivo"},
     true},
};

static const struct model_rows *find(const char *name)
{
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

/* The filters that a model has. */
static uint32_t filters_of(const struct model_rows *model)
{
    const struct filter_columns *c = &model->columns;
    uint32_t set = 0;

    if (c->date)
        set |= FILTER_BIT(FILTER_DE) | FILTER_BIT(FILTER_ATE) | FILTER_BIT(FILTER_PERIODO) |
               FILTER_BIT(FILTER_DIA) | FILTER_BIT(FILTER_MES) | FILTER_BIT(FILTER_TUDO);
    if (c->regional)
        set |= FILTER_BIT(FILTER_REGIONAL) | FILTER_BIT(FILTER_GRUPO);
    if (c->equipe)
        set |= FILTER_BIT(FILTER_EQUIPE);
    if (c->municipio)
        set |= FILTER_BIT(FILTER_MUNICIPIO);
    if (c->tipo)
        set |= FILTER_BIT(FILTER_TIPO);
    if (c->motivo)
        set |= FILTER_BIT(FILTER_MOTIVO);
    return set;
}

static const struct {
    const char *name;
    enum cell_kind kind;
} known_columns[] = {
    {"data_execucao", KIND_DATE},
    {"data_ar", KIND_DATE},
    {"data_afericao", KIND_DATE},
    {"data_baixado", KIND_DATE},
    {"data_resolvido", KIND_DATE},
    {"semana", KIND_DATE},
    {"mes", KIND_DATE},
    {"dia", KIND_DATE},
    {"de", KIND_DATE},
    {"ate", KIND_DATE},
    {"ultimo_dia", KIND_DATE},
    {"ultima_visita", KIND_DATE},
    {"ultimo_servico", KIND_DATE},
    {"ultimo", KIND_DATE},
    {"data_extracao", KIND_INSTANT},
    {"atualizado_em", KIND_INSTANT},
    {"inicio", KIND_INSTANT},
    {"fim", KIND_INSTANT},
    {"quando", KIND_INSTANT},
    {"hora_inicio", KIND_TIME},
    {"hora_fim", KIND_TIME},
    {"primeiro_inicio", KIND_TIME},
    {"ultimo_fim", KIND_TIME},
    {"valor_negociado", KIND_REAIS},
    {"media", KIND_DECIMAL},
    {"min_medio", KIND_DECIMAL},
    {"prazo_medio", KIND_DECIMAL},
    {"servicos_por_equipe_dia", KIND_DECIMAL},
    {"servicos_por_hora_campo", KIND_DECIMAL},
    {"regional", KIND_TEXT},
    {"grupo", KIND_TEXT},
    {"equipe", KIND_TEXT},
    {"municipio", KIND_TEXT},
    {"motivo", KIND_TEXT},
    {"motivo_detalhado", KIND_TEXT},
    {"motivo_detalhado_2", KIND_TEXT},
    {"faixa", KIND_TEXT},
    {"tipo", KIND_TEXT},
    {"quem", KIND_TEXT},
    {"tipo_servico", KIND_TEXT},
    {"status", KIND_TEXT},
    {"backoffice", KIND_TEXT},
    {"parcelamento", KIND_TEXT},
    {"medida", KIND_TEXT},
    {"relatorio", KIND_TEXT},
    {"operacao", KIND_TEXT},
    {"coluna", KIND_TEXT},
    {"modo", KIND_TEXT},
    {"execucao", KIND_TEXT},
    {"execucao_antes", KIND_TEXT},
    {"execucao_agora", KIND_TEXT},
    {"situacao", KIND_TEXT},
    {"chave", KIND_TEXT},
    {"cod_financiamento", KIND_TEXT},
};
static const char *const silver_numbers[] = {
    "dia_num",
    "valor_negociado_centavos",
    "valor_ilegivel",
    "inicio_s",
    "fim_s",
    "tem_toi",
    "produzido",
    "inspecao",
    "min_campo",
    "prazo_baixa_dias",
    "prazo_ar_dias",
    "prazo_resolucao_dias",
    "entregue",
    "notificado_sim",
    "ar_pendente",
    "medidor_instalado",
    "afericao_pendente",
    "qtd_parcelas",
    "aberto",
};

/* What a column of that name holds in gold; in silver the texts among them are texts. */
static enum cell_kind kind_of(const char *name, bool is_silver)
{
    for (size_t i = 0; i < sizeof(known_columns) / sizeof(*known_columns); i++)
        if (strcmp(known_columns[i].name, name) == 0)
            return known_columns[i].kind;
    if (strncmp(name, "taxa_", 5) == 0 || strncmp(name, "parte_", 6) == 0)
        return KIND_RATIO;
    if (strncmp(name, "ticket_", 7) == 0)
        return KIND_REAIS;
    if (!is_silver)
        return KIND_INTEGER;
    for (size_t i = 0; i < sizeof(silver_numbers) / sizeof(*silver_numbers); i++)
        if (strcmp(silver_numbers[i], name) == 0)
            return KIND_INTEGER;
    return KIND_TEXT;
}

/* A model's rows that are asked for. */
struct wanted {
    const struct model_rows *model;
    struct filters filters;
    struct reference ref;
    struct view_column columns[COLUMNS_MAX];
    size_t column_count;
    struct sql_values values;
    struct buf sql;
};

static bool read_columns(struct destination *reader, struct arena *arena, struct wanted *wanted,
                         struct error *err)
{
    struct sql_values values = {.arena = arena};
    struct query_table table;

    sql_bind(&values, wanted->model->name);
    if (!query_table_read(reader,
                          "SELECT coluna FROM etl_dicionario WHERE relacao = $1 AND coluna <>"
                          " '_row_key' ORDER BY ordem",
                          &values, COLUMNS_MAX, arena, &table, err))
        return false;
    for (size_t i = 0; i < table.rows; i++) {
        const char *name = query_table_text(&table, i, 0);
        wanted->columns[wanted->column_count++] =
            (struct view_column){name, kind_of(name, wanted->model->is_silver)};
    }
    return wanted->column_count ||
           error_set(err, ERROR_DATABASE, "etl_dicionario has no columns of %s",
                     wanted->model->name);
}

static void add_sql(struct wanted *wanted, enum sql_dialect dialect)
{
    for (size_t i = 0; i < wanted->column_count; i++) {
        buf_add_text(&wanted->sql, i ? ", " : "SELECT ");
        sql_add_name_for(dialect, &wanted->sql, wanted->columns[i].name);
    }
    buf_addf(&wanted->sql, " FROM %s WHERE 1 = 1", wanted->model->name);
    filters_where(&wanted->sql, &wanted->values, &wanted->filters, &wanted->model->columns);
    buf_addf(&wanted->sql, " ORDER BY %s", wanted->model->order);
}

/* Finds out what is asked for. *done: the answer is made already, because something is wrong. */
static bool prepare(struct destination *reader, const struct request *request, const char *name,
                    uint32_t more, struct arena *arena, struct wanted *wanted, struct answer *out,
                    bool *done, struct error *err)
{
    struct filters_problem problem;

    wanted->model = find(name);
    wanted->values.arena = arena;
    wanted->sql = BUF_INIT(SQL_MAX);
    *done = true;
    if (!wanted->model) {
        pages_error(request, 404, "nao_encontrado", "Não há esse modelo.", NULL, out);
        return true;
    }
    if (!reference_read(reader, arena, &wanted->ref, err))
        return false;
    if (!filters_read(request, filters_of(wanted->model) | more, wanted->ref.today, arena,
                      &wanted->filters, &problem)) {
        pages_error(request, 400, "filtro_invalido", problem.message, problem.field, out);
        return true;
    }
    *done = false;
    if (!read_columns(reader, arena, wanted, err))
        return false;
    add_sql(wanted, reader->ops->dialect);
    return true;
}

static void name_file(const struct wanted *wanted, char *out, size_t size)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    const struct filters *f = &wanted->filters;

    if (f->has_first && f->has_last)
        snprintf(out, size, "%s_%s_%s.csv", wanted->model->name, date_format_iso(f->first, first),
                 date_format_iso(f->last, last));
    else
        snprintf(out, size, "%s.csv", wanted->model->name);
}

static const char *csv_address(struct page *page, const struct model_rows *rows,
                               const struct filters *filters)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    const struct filter_change days[] = {
        {FILTER_DE, filters->has_first ? date_format_iso(filters->first, first) : NULL},
        {FILTER_ATE, filters->has_last ? date_format_iso(filters->last, last) : NULL},
    };

    return page_link(page, page_format(page, "/csv/%s", rows->name),
                     filters_of(rows) & page->accepted, filters, days, rows->columns.date ? 2 : 0);
}

/* Makes the link that has the file's bytes within itself, if they are few enough. */
static bool read_data_link(struct page *page, FILE *file, struct csv_link *out, struct error *err)
{
    static const char head[] = "data:text/csv;charset=utf-8;base64,";
    unsigned char *bytes = arena_alloc(page->arena, DATA_LINK_MAX + 1);
    const size_t len = fread(bytes, 1, DATA_LINK_MAX + 1, file);

    if (ferror(file))
        return error_set_errno(err, ERROR_SYSTEM, "cannot read the CSV");
    if (len > DATA_LINK_MAX)
        return true;
    char *address = arena_alloc(page->arena, sizeof(head) + (len + 2) / 3 * 4);
    memcpy(address, head, sizeof(head));
    EVP_EncodeBlock((unsigned char *)address + sizeof(head) - 1, bytes, (int)len);
    out->address = address;
    return true;
}

static bool make_data_link(struct page *page, struct wanted *wanted, struct csv_link *out,
                           struct error *err)
{
    char name[FILE_NAME_SIZE];
    FILE *file;

    wanted->sql = BUF_INIT(SQL_MAX);
    if (!read_columns(page->reader, page->arena, wanted, err))
        return false;
    add_sql(wanted, page->reader->ops->dialect);
    if (!csv_write(page->reader, buf_text(&wanted->sql), &wanted->values, wanted->columns,
                   wanted->column_count, false, &file, err))
        return err->divisible;
    const bool ok = read_data_link(page, file, out, err);
    fclose(file);
    name_file(wanted, name, sizeof(name));
    out->file_name = page_format(page, "%s", name);
    return ok;
}

bool model_link(struct page *page, const char *model, const struct filters *filters,
                struct csv_link *out, struct error *err)
{
    struct wanted wanted = {
        .model = find(model), .filters = *filters, .values = {.arena = page->arena}};

    assert(wanted.model);
    *out = (struct csv_link){0};
    if (!page->request->site->single_file) {
        out->address = csv_address(page, wanted.model, filters);
        return true;
    }
    const bool ok = make_data_link(page, &wanted, out, err);
    buf_done(&wanted.sql);
    return ok;
}

bool models_csv(struct destination *reader, const struct request *request, const char *name,
                struct answer *out, struct error *err)
{
    struct arena arena = {0};
    struct wanted wanted = {0};
    bool done;

    bool ok = prepare(reader, request, name, FILTER_BIT(FILTER_FORMATO), &arena, &wanted, out,
                      &done, err);
    if (ok && !done) {
        out->type = ANSWER_CSV;
        name_file(&wanted, out->file_name, sizeof(out->file_name));
        ok = csv_write(reader, buf_text(&wanted.sql), &wanted.values, wanted.columns,
                       wanted.column_count, wanted.filters.values[FILTER_FORMATO], &out->file, err);
    }
    buf_done(&wanted.sql);
    arena_done(&arena);
    return ok;
}

bool models_json(struct destination *reader, const struct request *request, const char *name,
                 struct answer *out, struct error *err)
{
    struct arena arena = {0};
    struct wanted wanted = {0};
    bool done;

    bool ok =
        prepare(reader, request, name, FILTER_BIT(FILTER_LIMITE), &arena, &wanted, out, &done, err);
    if (ok && !done) {
        const struct json_rows rows = {
            .model = name,
            .filters = &wanted.filters,
            .data_until = wanted.ref.updated_at,
            .run = wanted.ref.run,
            .columns = wanted.columns,
            .column_count = wanted.column_count,
            .limit = wanted.filters.limit ? wanted.filters.limit : ROWS_DEFAULT,
        };
        out->type = ANSWER_JSON;
        ok = json_rows(reader, buf_text(&wanted.sql), &wanted.values, &rows, &out->body, err);
    }
    buf_done(&wanted.sql);
    arena_done(&arena);
    return ok;
}
