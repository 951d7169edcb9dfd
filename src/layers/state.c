/* SPDX-License-Identifier: MIT */
/* Reads and writes the state of the summaries. */
#include "layers/state.h"

#include "layers/catalog.h"
#include "load/sql_text.h"

#include <stdio.h>
#include <string.h>

enum { SQL_MAX = 16 * 1024, SETTINGS_MAX = 16 * 1024 * 1024 };

static const char purpose[] = "keep the state of the summaries";

struct state {
    bool ready;
    char settings[CATALOG_SHA256_SIZE];
};

static bool take_state(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct state *state = arg;

    (void)count;
    (void)err;
    state->ready = strcmp(cells[0].text, "prontos") == 0;
    snprintf(state->settings, sizeof(state->settings), "%s", cells[1].text);
    return true;
}

static bool read_state(struct destination *dest, struct state *out, struct error *err)
{
    *out = (struct state){0};
    return destination_query(dest, "SELECT situacao, config FROM resumo_estado", take_state, out,
                             err);
}

static bool take_setting(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct buf *text = arg;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        buf_add(text, cells[i].text, cells[i].len);
        buf_add_char(text, '\t');
    }
    buf_add_char(text, '\n');
    return true;
}

/* The settings that figures in the summaries depend on; sorted by their key, bytewise in every
 * database. */
static const char settings_sql[] =
    "SELECT 'a', chave, valor FROM config_parametro"
    " WHERE chave IN ('horas_campo_max', 'prazo_baixa_dias', 'prazo_ar_dias',"
    " 'auditoria_idade_dias')"
    " UNION ALL SELECT 'b', status, produzido FROM config_status"
    " UNION ALL SELECT 'c', tipo_servico, inspecao FROM config_tipo_servico"
    " UNION ALL SELECT 'd', texto, 1 FROM config_sim"
    " ORDER BY 1, 2";

static bool hash_settings(struct destination *dest, char out[CATALOG_SHA256_SIZE],
                          struct error *err)
{
    BUF_DONE struct buf text = BUF_INIT(SETTINGS_MAX);

    if (!destination_query(dest, settings_sql, take_setting, &text, err))
        return false;
    catalog_hash(buf_text(&text), out);
    return true;
}

static bool write_state(struct destination *dest, const char *state, const char *reason,
                        const char *settings, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "UPDATE resumo_estado SET situacao = ");
    sql_add_literal(&sql, state);
    buf_add_text(&sql, ", motivo = ");
    sql_add_literal(&sql, reason);
    if (settings) {
        buf_add_text(&sql, ", config = ");
        sql_add_literal(&sql, settings);
    }
    return destination_execute(dest, purpose, buf_text(&sql), err);
}

bool state_mark_due(struct destination *dest, const char *reason, struct error *err)
{
    return write_state(dest, "por refazer", reason, NULL, err);
}

bool state_mark_ready(struct destination *dest, struct error *err)
{
    char settings[CATALOG_SHA256_SIZE];

    return hash_settings(dest, settings, err) && write_state(dest, "prontos", "", settings, err);
}

bool state_note_settings(struct destination *dest, struct error *err)
{
    return state_mark_ready(dest, err);
}

/* In SQLite a transaction that writes shuts out every other. */
bool state_lock_settings(struct destination *dest, struct error *err)
{
    return dest->ops->dialect == DIALECT_SQLITE ||
           destination_execute(dest, purpose,
                               "LOCK TABLE config_parametro, config_status, config_tipo_servico,"
                               " config_sim IN SHARE ROW EXCLUSIVE MODE",
                               err);
}

bool state_check(struct destination *dest, bool *right, struct error *err)
{
    char settings[CATALOG_SHA256_SIZE];
    struct state state;

    *right = false;
    if (!state_lock_settings(dest, err) || !read_state(dest, &state, err) ||
        !hash_settings(dest, settings, err))
        return false;
    *right = state.ready && strcmp(state.settings, settings) == 0;
    return *right || !state.ready || state_mark_due(dest, "uma configuração mudou", err);
}

bool state_is_due(struct destination *dest, bool *due, struct error *err)
{
    char settings[CATALOG_SHA256_SIZE];
    struct state state;

    if (!read_state(dest, &state, err))
        return false;
    *due = !state.ready;
    if (!*state.settings) /* the summaries are views, or were never filled */
        return true;
    if (!hash_settings(dest, settings, err))
        return false;
    *due = *due || strcmp(state.settings, settings) != 0;
    return true;
}

static bool take_true(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)cells;
    (void)count;
    (void)err;
    *(bool *)arg = true;
    return true;
}

bool state_begin(struct destination *dest, struct error *err)
{
    bool loaded = false;

    if (!destination_query(dest, "SELECT 1 FROM resumo_cobertura LIMIT 1", take_true, &loaded, err))
        return false;
    if (loaded)
        return true;
    if (!destination_begin_work(dest, err))
        return false;
    if (state_mark_due(dest, "primeira carga", err) && destination_commit_work(dest, err))
        return true;
    destination_rollback(dest);
    return false;
}
