/* SPDX-License-Identifier: MIT */
/* Checks requests, and routes them. */
#include "serve/router.h"

#include "base/clock.h"
#include "base/log.h"
#include "pages/pages.h"
#include "serve/actions.h"
#include "serve/fault.h"
#include "serve/login.h"
#include "serve/metrics.h"
#include "serve/password.h"
#include "serve/runner.h"
#include "serve/token.h"
#include "serve/view.h"

#include <openssl/rand.h>
#include <string.h>
#include <strings.h>

#define FORM_TYPE "application/x-www-form-urlencoded"

static bool check_options(const struct serve_options *options, const struct address *address,
                          struct error *err)
{
    if (options->password_hash)
        return password_check_hash(options->password_hash, err);
    if (address->loopback)
        return true;
    return error_set(err, ERROR_CONFIG,
                     "others can reach %s, so the pages need a password: make a hash with "
                     "`etl-sigos serve --hash-password` and set SERVE_PASSWORD_HASH or "
                     "SERVE_PASSWORD_HASH_FILE",
                     options->address);
}

bool router_open(struct router *out, const struct serve_options *options, struct error *err)
{
    struct router router = {.options = options, .make_page = pages_answer};

    if (!address_parse(options->address, &router.address, err) ||
        !check_options(options, &router.address, err))
        return false;
    if (RAND_bytes(router.secret, sizeof(router.secret)) != 1)
        return error_set(err, ERROR_SYSTEM, "the system has no random bytes");
    assets_init(&router.assets);
    router.readers = readers_new(options->database);
    router.cache = cache_new(CACHE_PAGES_MAX, CACHE_BYTES_MAX);
    router.logins = logins_new();
    router.counters = counters_new();
    router.runner = runner_new(options);
    *out = router;
    return true;
}

void router_close(struct router *router)
{
    runner_free(router->runner);
    counters_free(router->counters);
    logins_free(router->logins);
    cache_free(router->cache);
    readers_free(router->readers);
}

static void init_visit(struct visit *visit, const struct router *router, const struct incoming *in)
{
    *visit = (struct visit){
        .router = router,
        .in = in,
        .site =
            {
                .version = router->options->version,
                .style_path = router->assets.paths[ASSET_STYLE],
                .script_path = router->assets.paths[ASSET_SCRIPT],
                .chart_path = router->assets.paths[ASSET_CHART],
                .portal_name = router->options->portal_name,
                .has_password = router->options->password_hash != NULL,
            },
    };
}

/* The checks of all requests: what was asked for can be read, and by a name of this server. */
static bool check_request(struct visit *visit, struct reply *out)
{
    const struct router *router = visit->router;
    const struct incoming *in = visit->in;
    struct decode_fault fault;

    if (!in->target)
        fault_answer(visit, 414, "endereco_longo", "O endereço é longo demais.", NULL, out);
    else if (!decode_target(in->target, &visit->asked, &fault))
        fault_answer(visit, 400, "endereco_invalido", fault.message,
                     *fault.field ? fault.field : NULL, out);
    else if (!address_allows_host(&router->address, router->options->hosts, in->host))
        fault_answer(visit, 400, "host_desconhecido",
                     "Este servidor não responde por esse nome (SERVE_HOSTS).", NULL, out);
    else
        return true;
    return false;
}

static void refuse_method(const struct visit *visit, const char *allowed, struct reply *out)
{
    fault_answer(visit, 405, "metodo", "Este endereço não aceita esse método.", NULL, out);
    out->allow = allowed;
}

static void refuse_address(const struct visit *visit, struct reply *out)
{
    fault_answer(visit, 404, "nao_encontrado", "Página não encontrada.", NULL, out);
}

/* Whether a POST comes from a form of this server; else answers. */
static bool check_post(const struct visit *visit, struct reply *out)
{
    const struct incoming *in = visit->in;

    if (in->body_too_long)
        fault_answer(visit, 413, "formulario_longo", "O formulário é longo demais.", NULL, out);
    else if (!token_same_origin(in->origin, in->host))
        fault_answer(visit, 403, "origem", "O pedido veio de outro site.", NULL, out);
    else if (!in->content_type || strncasecmp(in->content_type, FORM_TYPE, strlen(FORM_TYPE)) != 0)
        fault_answer(visit, 400, "formulario_invalido", "O pedido não é um formulário.", NULL, out);
    else
        return true;
    return false;
}

/* Answers what needs no session: files, metrics, the login. */
static bool answer_openly(const struct visit *visit, struct reply *out)
{
    const struct router *router = visit->router;
    const struct incoming *in = visit->in;
    const char *path = visit->asked.path;

    if (strncmp(path, "/estatico/", strlen("/estatico/")) == 0) {
        out->bytes = assets_find(&router->assets, path, &out->byte_count, &out->type);
        if (!out->bytes)
            refuse_address(visit, out);
        else
            out->cache = CACHE_FOREVER;
    } else if (strcmp(path, "/metrics") == 0) {
        if (metrics_may_read(router->options, in))
            metrics_answer(router, out);
        else
            fault_answer(visit, 401, "sem_acesso", "Este endereço exige um token.", NULL, out);
    } else if (strcmp(path, LOGIN_PATH) == 0 && visit->site.has_password) {
        if (in->method == METHOD_GET)
            login_page(visit, out);
        else if (check_post(visit, out))
            login_answer(visit, out);
    } else {
        return false;
    }
    return true;
}

static void answer_post(const struct visit *visit, struct reply *out)
{
    const char *path = visit->asked.path;
    const bool logout = strcmp(path, LOGOUT_PATH) == 0 && visit->site.has_password;

    if (logout && check_post(visit, out))
        login_end(visit, out);
    else if (logout)
        return;
    else if (!actions_has(visit->router->options, path)) {
        if (counters_kind(path) == ROUTE_OTHER)
            refuse_address(visit, out);
        else
            refuse_method(visit, "GET, HEAD", out);
    } else if (check_post(visit, out)) {
        actions_answer(visit, out);
    }
}

/* Whether the visitor may see pages; sets the key of tokens. */
static bool is_admitted(struct visit *visit, int64_t now)
{
    if (!visit->site.has_password) {
        visit->key = visit->router->secret;
        return true;
    }
    if (!logins_find(visit->router->logins, visit->in->session, now, visit->session))
        return false;
    visit->key = visit->session;
    return true;
}

static void answer_visit(struct visit *visit, int64_t now, struct reply *out)
{
    const struct incoming *in = visit->in;

    if (in->method == METHOD_OTHER)
        refuse_method(visit, "GET, HEAD, POST", out);
    else if (answer_openly(visit, out))
        return;
    else if (!is_admitted(visit, now))
        login_demand(visit, out);
    else if (in->method == METHOD_POST)
        answer_post(visit, out);
    else if (actions_has(visit->router->options, visit->asked.path) ||
             (strcmp(visit->asked.path, LOGOUT_PATH) == 0 && visit->site.has_password))
        refuse_method(visit, "POST", out);
    else if (strcmp(visit->asked.path, "/") == 0)
        reply_redirect(out, "/hoje");
    else
        view_answer(visit, out);
}

void router_answer(const struct router *router, const struct incoming *in, struct reply *out)
{
    const int64_t began = clock_ms();
    struct visit visit;

    init_visit(&visit, router, in);
    if (check_request(&visit, out))
        answer_visit(&visit, began, out);
    const enum route_kind kind = in->target ? counters_kind(in->target) : ROUTE_OTHER;
    const int64_t ms = clock_ms() - began;
    counters_note(router->counters, kind, out->status, ms);
    log_debug("serve.request", log_text("path", visit.asked.path ? visit.asked.path : "-"),
              log_int("status", out->status), log_int("ms", ms));
    decoded_done(&visit.asked);
    explicit_bzero(visit.session, sizeof(visit.session));
}
