/* SPDX-License-Identifier: MIT */
/* Routes requests and ends sessions. */
#include "simulator/portal.h"

#include "simulator/assets.h"
#include "simulator/clock.h"
#include "simulator/control.h"
#include "simulator/pages.h"
#include "simulator/reply.h"
#include "simulator/reporting.h"
#include "simulator/signin.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_BYTES_MAX = 256 * 1024, ORIGIN_SIZE = 300, NS_PER_MS = 1000000 };

#define DIST "/sigos/dist/"

void sim_portal_init(struct sim_portal *portal, const struct history *history, const char *user,
                     const char *password)
{
    *portal = (struct sim_portal){
        .user = user, .password = password, .history = *history, .faults = {.seed = history->seed}};
    pthread_mutex_init(&portal->lock, NULL);
    pthread_cond_init(&portal->released, NULL);
    pause_init(&portal->pause);
}

void sim_portal_done(struct sim_portal *portal)
{
    journal_done(&portal->journal);
    pause_done(&portal->pause);
    pthread_cond_destroy(&portal->released);
    pthread_mutex_destroy(&portal->lock);
}

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static void home(struct sim_portal *portal, const struct sim_request *request,
                 struct sim_session *session, struct sim_answer *answer)
{
    (void)request;
    (void)session;
    sim_pages_home(&answer->body, portal->user);
}

static void notice(struct sim_portal *portal, const struct sim_request *request,
                   struct sim_session *session, struct sim_answer *answer)
{
    (void)portal;
    if (!request->post) {
        sim_pages_notice(&answer->body, session->token);
    } else if (sim_session_token_matches(session, sim_request_field(request, "csrf_token"))) {
        session->noticed = true;
        sim_answer_redirect(answer, REPLY_HOME);
    } else {
        reply_forbidden(answer);
    }
}

static const struct route {
    const char *path;
    bool open; /* for those who are not logged in, too */
    bool posts;
    bool follows; /* belongs to an export that has begun before */
    void (*handle)(struct sim_portal *portal, const struct sim_request *request,
                   struct sim_session *session, struct sim_answer *answer);
} routes[] = {
    {REPLY_LOGIN, true, true, false, signin_enter},
    {REPLY_HOME, false, false, false, home},
    {"/sigos/", false, false, false, home},
    {"/sigos/relatorios.php", false, true, false, reporting_form},
    {"/sigos/relatorios_status.php", false, false, true, reporting_status},
    {"/sigos/relatorios_arquivo.php", false, false, true, reporting_file},
    {REPLY_NOTICE, false, true, false, notice},
    {"/sigos/sair.php", false, false, false, signin_leave},
};

static bool has_expired(const struct variant *variant, const struct sim_session *session,
                        const struct route *route, int64_t now)
{
    if (!session->logged_in)
        return false;
    return (variant->idle_ms && now - session->used_ns > (int64_t)variant->idle_ms * NS_PER_MS) ||
           (variant->expire_exports && session->begun >= variant->expire_exports &&
            !route->follows);
}

/* Returns the session that the request's cookie names; NULL: there is none, it has expired, or
 * another User-Agent logged in. */
static struct sim_session *find_session(struct sim_portal *portal, const struct route *route,
                                        const struct sim_request *request)
{
    struct sim_session *session = sim_session_find(&portal->sessions, request->session);
    int64_t now = sim_clock_ns();

    if (!session)
        return NULL;
    if (has_expired(&portal->variant, session, route, now)) {
        sim_session_drop(session);
        return NULL;
    }
    if (portal->variant.bind_agent && session->logged_in &&
        session->agent != signin_agent(request->agent))
        return NULL;
    session->used_ns = now;
    return session;
}

/* Does the same, after other requests of the session have been answered if the variant locks it, as
 * PHP does. Marks the session as busy. */
static struct sim_session *take_session(struct sim_portal *portal, const struct route *route,
                                        const struct sim_request *request, struct sim_hold *hold)
{
    struct sim_session *session = find_session(portal, route, request);

    while (session && session->busy && portal->variant.lock_session && !portal->stopping) {
        pthread_cond_wait(&portal->released, &portal->lock);
        session = find_session(portal, route, request);
    }
    if (session) {
        session->busy = true;
        hold->session = session->serial;
    }
    return session;
}

/* Whether a post comes from the portal's own pages. Browsers say so by Origin, else by Referer. */
static bool is_own(const struct sim_request *request)
{
    char own[ORIGIN_SIZE];
    int len = snprintf(own, sizeof own, "http://%s", request->host ? request->host : "");

    return request->origin && len < (int)sizeof own &&
           strncmp(request->origin, own, (size_t)len) == 0 &&
           (request->origin[len] == '\0' || request->origin[len] == '/');
}

/* Follows a route. Whether it is open to the session is decided by path and login alone; the token
 * is checked by each form. */
static void follow(struct sim_portal *portal, const struct route *route,
                   const struct sim_request *request, struct sim_answer *answer)
{
    struct sim_session *session = take_session(portal, route, request, &answer->hold);

    if (request->post && !route->posts)
        reply_error(answer, 405, "Método não permitido", "Use o menu.");
    else if (request->post && portal->variant.check_origin && !is_own(request))
        reply_error(answer, 403, "Acesso negado", "Origem não permitida.");
    else if (!route->open && !(session && session->logged_in))
        sim_answer_redirect(answer, REPLY_LOGIN);
    else if (portal->variant.notice && !route->open && !session->noticed && route->handle != notice)
        sim_answer_redirect(answer, REPLY_NOTICE);
    else
        route->handle(portal, request, session, answer);
}

static bool is_early(const struct sim_portal *portal)
{
    return portal->journal.running_max < portal->variant.gather ||
           portal->counts.logins < portal->variant.await_logins;
}

/* Lets an export wait until there have been as many at a time, and as many logins, as the variant
 * says. Its session may end meanwhile; the answer is made. */
static void gather(struct sim_portal *portal, const struct sim_answer *answer)
{
    if (!answer->hold.asked)
        return;
    pthread_cond_broadcast(&portal->released); /* it may be the one that others wait for */
    while (is_early(portal) && !portal->stopping)
        pthread_cond_wait(&portal->released, &portal->lock);
}

static void answer_page(struct sim_portal *portal, const struct sim_request *request,
                        struct sim_answer *answer)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (is(request->path, routes[i].path)) {
            pthread_mutex_lock(&portal->lock);
            follow(portal, &routes[i], request, answer);
            gather(portal, answer);
            pthread_mutex_unlock(&portal->lock);
            return;
        }
    reply_error(answer, 404, "Não encontrado", "A página não existe.");
}

static bool answer_asset(const struct sim_request *request, struct sim_answer *answer)
{
    const struct asset *asset = strncmp(request->path, DIST, strlen(DIST)) == 0
                                    ? asset_find(request->path + strlen(DIST))
                                    : NULL;

    if (!asset)
        return false;
    answer->type = asset->type;
    buf_add(&answer->body, asset->text, (size_t)(asset->end - asset->text));
    return true;
}

void sim_portal_handle(struct sim_portal *portal, const struct sim_request *request,
                       struct sim_answer *answer)
{
    sim_answer_init(answer, PAGE_BYTES_MAX);
    if (strncmp(request->path, "/_sim/", 6) == 0)
        sim_control_handle(portal, request, answer);
    else if (request->too_large)
        reply_error(answer, 413, "Pedido grande demais", "O formulário enviado é grande demais.");
    else if (is(request->path, "/sigos") || is(request->path, "/"))
        sim_answer_redirect(answer, "/sigos/");
    else if (is(request->path, "/favicon.ico") || is(request->path, "/sigos/favicon.ico"))
        answer->status = 204;
    else if (!answer_asset(request, answer))
        answer_page(portal, request, answer);
}

void sim_portal_finish(struct sim_portal *portal, const struct sim_hold *hold)
{
    if (!hold->session && !hold->asked)
        return;
    pthread_mutex_lock(&portal->lock);
    struct sim_session *session = sim_session_of(&portal->sessions, hold->session);
    if (session) {
        session->busy = false;
        session->used_ns = sim_clock_ns();
    }
    pthread_cond_broadcast(&portal->released); /* even if the session is gone: others wait for it */
    journal_end(&portal->journal, hold->asked);
    pthread_mutex_unlock(&portal->lock);
}

void sim_portal_stop(struct sim_portal *portal)
{
    pause_stop(&portal->pause);
    pthread_mutex_lock(&portal->lock);
    portal->stopping = true;
    pthread_cond_broadcast(&portal->released);
    pthread_mutex_unlock(&portal->lock);
}
