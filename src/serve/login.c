/* SPDX-License-Identifier: MIT */
/* Shows the form, checks the password, begins and ends sessions. */
#include "serve/login.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/url.h"
#include "serve/fault.h"
#include "serve/password.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define AFTER_LOGIN "/hoje"
enum { TARGET_MAX = 400 }; /* of the address to go back to */

const char *login_cookie(bool secure)
{
    return secure ? "__Host-sessao" : "sessao";
}

static void add_escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        default:
            buf_add_char(out, *text);
        }
    }
}

/* Whether a browser may be sent to that address: a path of this server. Two slashes, or a slash and
 * a backslash, would be another server's name. */
static bool is_ours(const char *target)
{
    return target && target[0] == '/' && target[1] != '/' && target[1] != '\\' &&
           strlen(target) < TARGET_MAX && !strpbrk(target, "\r\n\t\\ \"<>");
}

static void show(const struct visit *visit, const char *back, const char *complaint,
                 struct reply *out)
{
    struct buf *html = &out->body;

    buf_reset(html);
    buf_add_text(html, "<!doctype html>\n<html lang=\"pt-BR\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>Entrar – ");
    add_escaped(html, visit->site.portal_name);
    buf_addf(html,
             "</title>\n<link rel=\"icon\" href=\"data:,\">\n"
             "<link rel=\"stylesheet\" href=\"%s\">\n</head>\n<body>\n"
             "<main id=\"conteudo\"><div class=\"faixa\"><section class=\"cartao\">"
             "<h1>Entrar</h1>\n",
             visit->site.style_path);
    if (complaint)
        buf_addf(html, "<p class=\"frescor erro\" role=\"alert\">%s</p>\n", complaint);
    buf_add_text(html, "<form method=\"post\" action=\"" LOGIN_PATH "\" class=\"filtros\">\n"
                       "<input type=\"hidden\" name=\"volta\" value=\"");
    add_escaped(html, is_ours(back) ? back : AFTER_LOGIN);
    buf_add_text(html, "\">\n<label>Senha <input type=\"password\" name=\"senha\" required "
                       "autofocus autocomplete=\"current-password\" maxlength=\"256\"></label>\n"
                       "<button class=\"botao\" type=\"submit\">Entrar</button>\n</form>\n"
                       "</section></div></main>\n</body>\n</html>\n");
}

void login_demand(const struct visit *visit, struct reply *out)
{
    BUF_DONE struct buf location = BUF_INIT(sizeof(out->location) - 1);
    const char *path = visit->asked.path;

    if (visit->in->method != METHOD_GET || strncmp(path, "/api/", 5) == 0 ||
        strncmp(path, "/csv/", 5) == 0) {
        fault_answer(visit, 401, "sem_sessao", "Entre com a senha em " LOGIN_PATH ".", NULL, out);
        return;
    }
    buf_add_text(&location, LOGIN_PATH "?volta=");
    url_add_encoded(&location, visit->in->target);
    reply_redirect(out, location.full || strcmp(path, "/") == 0 ? LOGIN_PATH : location.data);
}

void login_page(const struct visit *visit, struct reply *out)
{
    show(visit, decoded_value(&visit->asked, "volta"), NULL, out);
}

/* One at a time: each takes 32 MiB, and the processor from those who look at pages. */
static bool is_password(const struct visit *visit, const char *password)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&one);
    const bool right = password_matches(visit->router->options->password_hash, password);
    pthread_mutex_unlock(&one);
    return right;
}

static void set_cookie(const struct visit *visit, const char *token, int seconds, struct reply *out)
{
    const bool secure = visit->in->secure;

    snprintf(out->cookie, sizeof(out->cookie),
             "%s=%s; HttpOnly; SameSite=Lax; Path=/; Max-Age=%d%s", login_cookie(secure), token,
             seconds, secure ? "; Secure" : "");
}

static void try_password(const struct visit *visit, const struct decoded *form, struct reply *out)
{
    struct logins *logins = visit->router->logins;
    const char *password = decoded_value(form, "senha"), *back = decoded_value(form, "volta");
    const int wait = logins_try(logins, visit->in->client, clock_ms());
    char token[SESSION_TOKEN_SIZE];

    if (wait) {
        out->status = 429;
        out->retry_after = wait;
        show(visit, back, "Tentativas demais. Espere um minuto e tente de novo.", out);
        return;
    }
    if (!password || !is_password(visit, password)) {
        log_warn("serve.login_failed", log_text("client", visit->in->client));
        out->status = 401;
        show(visit, back, "A senha não confere.", out);
        return;
    }
    logins_forgive(logins, visit->in->client);
    if (!logins_begin(logins, clock_ms(), token)) {
        fault_answer(visit, 500, "falha", "A sessão não pôde ser aberta.", NULL, out);
        return;
    }
    set_cookie(visit, token, SESSION_SECONDS, out);
    reply_redirect(out, is_ours(back) ? back : AFTER_LOGIN);
}

void login_answer(const struct visit *visit, struct reply *out)
{
    struct decoded form = {0};
    struct decode_fault fault;

    if (!decode_form(visit->in->body, visit->in->body_len, &form, &fault)) {
        fault_answer(visit, 400, "formulario_invalido", fault.message, fault.field, out);
        return;
    }
    try_password(visit, &form, out);
    decoded_done(&form);
}

void login_end(const struct visit *visit, struct reply *out)
{
    logins_end(visit->router->logins, visit->in->session);
    set_cookie(visit, "", 0, out);
    reply_redirect(out, LOGIN_PATH);
}
