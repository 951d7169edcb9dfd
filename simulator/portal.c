/* SPDX-License-Identifier: MIT */
/* Pages, sessions and exports. */
#include "simulator/portal.h"

#include "base/date.h"
#include "simulator/assets.h"
#include "simulator/clock.h"
#include "simulator/control.h"
#include "simulator/export.h"
#include "simulator/pages.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_BYTES_MAX = 256 * 1024 };
#define EXPORT_BYTES_MAX ((size_t)512 << 20)

#define LOGIN "/sigos/login.php"
#define HOME "/sigos/index.php"

void sim_portal_init(struct sim_portal *portal, const struct history *history, const char *user,
                     const char *password, uint32_t delay_ms)
{
    *portal = (struct sim_portal){.user = user, .password = password, .history = *history};
    pthread_mutex_init(&portal->lock, NULL);
    fault_init(&portal->fault, delay_ms);
}

void sim_portal_done(struct sim_portal *portal)
{
    fault_done(&portal->fault);
    pthread_mutex_destroy(&portal->lock);
}

static void error_page(struct sim_answer *answer, unsigned status, const char *title,
                       const char *sentence)
{
    answer->status = status;
    sim_pages_error(&answer->body, title, sentence);
}

static void forbidden(struct sim_answer *answer)
{
    error_page(answer, 403, "Acesso negado", "Token de segurança inválido. Recarregue a página.");
}

static void set_cookie(struct sim_answer *answer, const struct sim_session *session)
{
    snprintf(answer->cookie, sizeof answer->cookie, "PHPSESSID=%s; path=/; HttpOnly; SameSite=Lax",
             session->id);
}

static void login(struct sim_portal *portal, const struct sim_request *request,
                  struct sim_session *session, struct sim_answer *answer)
{
    const char *user = sim_request_field(request, "usuario");

    if (!request->post) {
        if (session && session->logged_in) {
            sim_answer_redirect(answer, HOME);
            return;
        }
        if (!session) {
            session = sim_session_new(&portal->sessions);
            set_cookie(answer, session);
        }
        sim_pages_login(&answer->body, session->token, "", NULL);
        return;
    }
    if (!session || !sim_session_token_matches(session, sim_request_field(request, "csrf_token"))) {
        forbidden(answer);
        return;
    }
    if (strcmp(user, portal->user) != 0 ||
        strcmp(sim_request_field(request, "senha"), portal->password) != 0) {
        portal->counts.failed_logins++;
        sim_pages_login(&answer->body, session->token, user, "Usuário ou senha inválidos.");
        return;
    }
    portal->counts.logins++;
    sim_session_rename(session);
    session->logged_in = true;
    set_cookie(answer, session);
    sim_answer_redirect(answer, HOME);
}

static void logout(struct sim_portal *portal, const struct sim_request *request,
                   struct sim_session *session, struct sim_answer *answer)
{
    (void)portal;
    (void)request;
    sim_session_drop(session);
    sim_answer_redirect(answer, LOGIN);
}

static void home(struct sim_portal *portal, const struct sim_request *request,
                 struct sim_session *session, struct sim_answer *answer)
{
    (void)request;
    (void)session;
    sim_pages_home(&answer->body, portal->user);
}

struct order {
    enum report_kind kind;
    int32_t first, last;
};

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* What is wrong with the form, in the portal's words; NULL: nothing, and the order stands in `out`.
 */
static const char *read_order(const struct sim_pages_choice *choice, struct order *out)
{
    bool all = is(choice->kind, "tudo"), returns = is(choice->kind, "retornos");
    const char *period = returns ? choice->period_return : choice->period_all;

    if (!choice->kind[0])
        return "Selecione o tipo de relatório.";
    if (!all && !returns)
        return "Relatório não disponível para o seu perfil.";
    if (returns && !choice->return_status[0])
        return "Selecione a situação do retorno.";
    if (!period[0])
        return "Selecione o período.";
    if (!date_parse_iso(choice->first, strlen(choice->first), &out->first) ||
        !date_parse_iso(choice->last, strlen(choice->last), &out->last))
        return "Informe as datas inicial e final.";
    if (out->first > out->last)
        return "A data inicial é maior que a data final.";
    if (!is(period, "data_execucao") || (returns && !is(choice->return_status, "E")))
        return "Nenhum registro encontrado."; /* no other selection is imitated */
    out->kind = returns ? REPORT_RETURN : REPORT_GENERAL;
    return NULL;
}

/* Only the order is taken under the lock: the file is made, and waited for, without it. */
static void reports(struct sim_portal *portal, const struct sim_request *request,
                    struct sim_session *session, struct sim_answer *answer)
{
    struct sim_pages_choice choice = {
        .kind = sim_request_field(request, "tp_relatorio"),
        .return_status = sim_request_field(request, "stat_retorno"),
        .period_all = sim_request_field(request, "periodo_todos"),
        .period_return = sim_request_field(request, "periodo_ret"),
        .first = sim_request_field(request, "data_inicio"),
        .last = sim_request_field(request, "data_fim"),
    };
    struct order order;

    if (!request->post) {
        sim_pages_reports(&answer->body, portal->user, session->token, &choice, NULL);
        return;
    }
    if (!sim_session_token_matches(session, sim_request_field(request, "csrf_token"))) {
        forbidden(answer);
        return;
    }
    const char *complaint = read_order(&choice, &order);
    if (complaint) {
        sim_pages_reports(&answer->body, portal->user, session->token, &choice, complaint);
        return;
    }
    portal->counts
        .exports++; /* asked for: a test may wait for this while the answer takes its time */
    struct history history = portal->history;
    pthread_mutex_unlock(&portal->lock);
    answer->body.max = EXPORT_BYTES_MAX;
    sim_export_csv(&history, order.kind, order.first, order.last, &answer->body);
    fault_pass(&portal->fault, FAULT_EXPORT);
    pthread_mutex_lock(&portal->lock);
    if (answer->body.full) {
        buf_done(&answer->body);
        error_page(answer, 500, "Erro", "O período pedido é grande demais.");
        return;
    }
    int32_t seconds;
    int year, month, day;
    date_to_civil(sim_clock_today(&seconds), &year, &month, &day);
    answer->type = "text/csv; charset=ISO-8859-1";
    snprintf(answer->disposition, sizeof answer->disposition,
             "attachment; filename=\"%s_%04d%02d%02d_%02d%02d%02d.csv\"",
             sim_report_of(order.kind)->file_stem, year, month, day, seconds / 3600,
             seconds / 60 % 60, seconds % 60);
}

static void asset(struct sim_answer *answer, const char *type, const char *text)
{
    answer->type = type;
    buf_add_text(&answer->body, text);
}

static const struct {
    const char *path;
    bool open; /* also without being logged in */
    bool posts;
    void (*handle)(struct sim_portal *portal, const struct sim_request *request,
                   struct sim_session *session, struct sim_answer *answer);
} routes[] = {
    {LOGIN, true, true, login},
    {HOME, false, false, home},
    {"/sigos/", false, false, home},
    {"/sigos/relatorios.php", false, true, reports},
    {"/sigos/sair.php", false, false, logout},
};

/* The session's fate is decided by path and login alone; the token is each form's own matter. */
static void route(struct sim_portal *portal, const struct sim_request *request,
                  struct sim_answer *answer)
{
    struct sim_session *session = sim_session_find(&portal->sessions, request->session);

    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (strcmp(request->path, routes[i].path) != 0)
            continue;
        if (request->post && !routes[i].posts)
            error_page(answer, 405, "Método não permitido", "Use o menu.");
        else if (!routes[i].open && !(session && session->logged_in))
            sim_answer_redirect(answer, LOGIN);
        else
            routes[i].handle(portal, request, session, answer);
        return;
    }
    error_page(answer, 404, "Não encontrado", "A página não existe.");
}

void sim_portal_handle(struct sim_portal *portal, const struct sim_request *request,
                       struct sim_answer *answer)
{
    sim_answer_init(answer, PAGE_BYTES_MAX);
    if (strncmp(request->path, "/_sim/", 6) == 0) {
        sim_control_handle(portal, request, answer);
    } else if (request->too_large) {
        error_page(answer, 413, "Pedido grande demais", "O formulário enviado é grande demais.");
    } else if (is(request->path, "/sigos/dist/sigos.css")) {
        asset(answer, "text/css; charset=UTF-8", assets_css);
    } else if (is(request->path, "/sigos/dist/sigos.js")) {
        asset(answer, "text/javascript; charset=UTF-8", assets_js);
    } else if (is(request->path, "/sigos") || is(request->path, "/")) {
        sim_answer_redirect(answer, "/sigos/");
    } else if (is(request->path, "/favicon.ico") || is(request->path, "/sigos/favicon.ico")) {
        answer->status = 204;
    } else {
        pthread_mutex_lock(&portal->lock);
        route(portal, request, answer);
        pthread_mutex_unlock(&portal->lock);
        if (!answer->disposition[0])
            fault_pass(&portal->fault, FAULT_PAGE);
    }
}
