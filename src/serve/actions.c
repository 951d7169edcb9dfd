/* SPDX-License-Identifier: MIT */
/* Checks the forms of the two actions, and starts the processes that do the work. */
#include "serve/actions.h"

#include "base/clock.h"
#include "base/log.h"
#include "serve/fault.h"
#include "serve/runner.h"
#include "serve/token.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUERY_MS = 5 * 1000, ID_SIZE = 20 };

#define RUN_PATH "/executar"
#define WINDOW_PATH "/janelas/"
#define ACCEPT_END "/aceitar"

/* Takes the number out of "/janelas/NUMBER/aceitar". */
static bool window_of(const char *path, char id[ID_SIZE])
{
    if (strncmp(path, WINDOW_PATH, strlen(WINDOW_PATH)) != 0)
        return false;
    const char *digits = path + strlen(WINDOW_PATH);
    const size_t len = strspn(digits, "0123456789");
    if (len == 0 || len >= ID_SIZE - 1 || strcmp(digits + len, ACCEPT_END) != 0)
        return false;
    snprintf(id, ID_SIZE, "%.*s", (int)len, digits);
    return true;
}

bool actions_has(const struct serve_options *options, const char *path)
{
    char id[ID_SIZE];

    return (options->allow_run && strcmp(path, RUN_PATH) == 0) ||
           (options->allow_accept && window_of(path, id));
}

bool actions_rows_at_stake(const char *reason, long *out)
{
    static const char *const words[] = {"the export lacks ", "the export changes ",
                                        "the export has no row, the table holds "};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        const char *at = strstr(reason, words[i]);
        char *end;
        if (!at)
            continue;
        at += strlen(words[i]);
        const long number = strtol(at, &end, 10);
        if (end == at || number < 0)
            continue;
        *out = number;
        return true;
    }
    return false;
}

/* A window of the ledger. */
struct window_row {
    bool found, held, complete;
    char mode[16], report[64], first[16], last[16], reason[1024];
};

static void copy(char *out, size_t size, struct cell cell)
{
    snprintf(out, size, "%.*s", (int)cell.len, cell.text ? cell.text : "");
}

static bool take_window(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct window_row *row = arg;
    char status[16];

    (void)count;
    (void)err;
    copy(row->mode, sizeof(row->mode), cells[0]);
    copy(row->report, sizeof(row->report), cells[1]);
    copy(row->first, sizeof(row->first), cells[2]);
    copy(row->last, sizeof(row->last), cells[3]);
    copy(status, sizeof(status), cells[4]);
    copy(row->reason, sizeof(row->reason), cells[5]);
    row->complete = cells[6].len && *cells[6].text == '1';
    row->held = strcmp(status, "held") == 0;
    row->found = true;
    return true;
}

static bool take_expiry(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)count;
    (void)err;
    *(long long *)arg = cells[0].text ? strtoll(cells[0].text, NULL, 10) : 0;
    return true;
}

/* What the database says before an action. */
struct findings {
    const char *id; /* of the window; NULL: none is asked for */
    bool is_running;
    struct window_row window; /* if an id was given */
};

#define WINDOW_SQL                                                                                 \
    "SELECT r.mode, w.report, w.own_first, w.own_last, w.status, w.reason, w.complete"             \
    " FROM etl_windows AS w JOIN etl_runs AS r ON r.id = w.run_id"                                 \
    " WHERE w.id = CAST($1 AS bigint) AND NOT EXISTS (SELECT 1 FROM etl_windows AS o"              \
    " WHERE o.report = w.report AND o.status = 'loaded' AND o.id > w.id"                           \
    " AND o.own_first <= w.own_first AND o.own_last >= w.own_last)"

static bool ask(void *arg, struct destination *dest, struct error *err)
{
    struct findings *out = arg;
    const char *id = out->id;
    /* Only a window whose days no later one has loaded: after that the reason is history. */
    static const char *const window_sql[] = {
        [DIALECT_POSTGRES] = WINDOW_SQL,
        [DIALECT_SQLITE] = WINDOW_SQL,
        [DIALECT_CLICKHOUSE] =
            "SELECT mode, report, own_first, own_last, status, reason, complete FROM (SELECT"
            " run_id, report, own_first, own_last, status, reason, complete FROM etl_windows WHERE"
            " id = toUInt64($1) AND id IN (SELECT id FROM etl_lost_windows)) AS w ANY LEFT JOIN"
            " (SELECT id AS run_id, mode FROM etl_runs) AS r USING run_id",
    };
    long long expires = 0;

    out->window = (struct window_row){0};
    if (!destination_query(dest, "SELECT max(expires_at) FROM etl_lease WHERE run_id IS NOT NULL",
                           take_expiry, &expires, err) ||
        (id && !destination_query_values(dest, window_sql[dest->ops->dialect], &id, 1, take_window,
                                         &out->window, err)))
        return false;
    out->is_running = expires > (long long)clock_now();
    return true;
}

static bool find_out(const struct visit *visit, struct findings *out, struct error *err)
{
    struct readers *readers = visit->router->readers;
    struct reader *reader;

    if (!readers_take(readers, &reader, err))
        return false;
    const bool ok = destination_read(reader->dest, QUERY_MS, ask, out, err);
    readers_give(readers, reader, !ok && !err->divisible);
    return ok;
}

static void refuse_running(const struct visit *visit, struct reply *out)
{
    fault_answer(visit, 409, "em_execucao", "Outra execução está em andamento.", NULL, out);
}

static void start(const struct visit *visit, const char *const *words, struct reply *out)
{
    struct error err = {0};

    if (runner_start(visit->router->runner, words, &err))
        reply_redirect(out, "/pipeline");
    else if (err.kind == ERROR_LOCKED)
        refuse_running(visit, out);
    else
        fault_of_error(visit, &err, out);
}

/* Whether the person has typed the number of rows that are at stake. */
static bool has_confirmed(const struct decoded *form, long rows)
{
    const char *text = decoded_value(form, "linhas");
    char *end;

    if (!text || *text < '0' || *text > '9')
        return false;
    const long typed = strtol(text, &end, 10);
    return !*end && typed == rows;
}

static void accept_window(const struct visit *visit, const struct decoded *form,
                          const struct window_row *row, struct reply *out)
{
    const bool by_cycle = strcmp(row->mode, "full") == 0 || strcmp(row->mode, "incremental") == 0;
    const char *const words[] = {row->mode, row->report, "--from",          row->first,
                                 "--to",    row->last,   "--accept-shrink", NULL};
    long rows;

    if (!row->found || !row->held) {
        fault_answer(visit, 409, "janela_mudou",
                     "Esta janela não está mais retida: um ciclo já a carregou.", NULL, out);
    } else if (!by_cycle || !row->complete || !actions_rows_at_stake(row->reason, &rows)) {
        fault_answer(visit, 409, "so_no_terminal",
                     "Esta janela só pode ser aceita com o comando que a mensagem dela mostra.",
                     NULL, out);
    } else if (!has_confirmed(form, rows)) {
        fault_answer(visit, 400, "confirmacao",
                     "Para confirmar, digite o número de linhas que a mensagem da janela mostra.",
                     "linhas", out);
    } else {
        log_info("serve.window_accepted", log_text("report", row->report),
                 log_text("first", row->first), log_text("last", row->last), log_int("rows", rows));
        start(visit, words, out);
    }
}

static void act(const struct visit *visit, const struct decoded *form, struct reply *out)
{
    static const char *const run_words[] = {"incremental", NULL};
    struct findings findings = {0};
    struct error err = {0};
    char id[ID_SIZE];
    const bool is_accept = window_of(visit->asked.path, id);

    findings.id = is_accept ? id : NULL;
    const bool known = find_out(visit, &findings, &err);
    /* The first cycle makes the database, so there is none to ask. */
    if (!known && (is_accept || err.kind != ERROR_DATA))
        fault_of_error(visit, &err, out);
    else if (findings.is_running)
        refuse_running(visit, out);
    else if (is_accept)
        accept_window(visit, form, &findings.window, out);
    else
        start(visit, run_words, out);
}

void actions_answer(const struct visit *visit, struct reply *out)
{
    struct decoded form = {0};
    struct decode_fault fault;

    if (!decode_form(visit->in->body, visit->in->body_len, &form, &fault)) {
        fault_answer(visit, 400, "formulario_invalido", fault.message, fault.field, out);
        return;
    }
    if (token_matches(visit->key, SESSION_KEY_SIZE, visit->asked.path,
                      decoded_value(&form, "csrf")))
        act(visit, &form, out);
    else
        fault_answer(visit, 403, "formulario_velho",
                     "O formulário é de outra sessão. Abra a página de novo.", "csrf", out);
    decoded_done(&form);
}
