/* SPDX-License-Identifier: MIT */
/* Checks logins and answers those that are refused. */
#include "simulator/signin.h"

#include "simulator/pages.h"
#include "simulator/random.h"
#include "simulator/reply.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { HASH_BYTES = 32, HASH_SIZE = 2 * HASH_BYTES + 1, HASH_INPUT_MAX = 1024 };

uint64_t signin_agent(const char *agent)
{
    uint64_t number = 0;

    for (; agent && *agent; agent++)
        number = random_mix(number, (unsigned char)*agent);
    return number;
}

static void set_cookie(struct sim_answer *answer, const struct sim_session *session)
{
    snprintf(answer->cookie, sizeof answer->cookie, "PHPSESSID=%s; path=/; HttpOnly; SameSite=Lax",
             session->id);
}

static void show_form(struct sim_portal *portal, struct sim_session *session, const char *user,
                      const char *alert, bool captcha, struct sim_answer *answer)
{
    bool scripted = portal->variant.login == VARIANT_LOGIN_SCRIPTED;

    if (scripted)
        sim_session_draw_nonce(session);
    sim_pages_login(&answer->body,
                    &(struct sim_pages_entry){.token = session->token,
                                              .nonce = scripted ? session->nonce : NULL,
                                              .user = user,
                                              .alert = alert,
                                              .captcha = captcha});
}

/* Computes what the login page's script sends: SHA-256 of "nonce:password" in hexadecimal. */
static bool hash_password(const char *nonce, const char *password, char out[HASH_SIZE])
{
    char text[HASH_INPUT_MAX];
    unsigned char hash[HASH_BYTES];
    int len = snprintf(text, sizeof text, "%s:%s", nonce, password);

    if (len >= (int)sizeof text ||
        EVP_Digest(text, (size_t)len, hash, NULL, EVP_sha256(), NULL) != 1)
        return false;
    for (size_t i = 0; i < HASH_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
    return true;
}

static bool is_known(const struct sim_portal *portal, const struct sim_request *request,
                     const struct sim_session *session)
{
    char hash[HASH_SIZE];

    if (strcmp(sim_request_field(request, "usuario"), portal->user) != 0)
        return false;
    if (portal->variant.login != VARIANT_LOGIN_SCRIPTED)
        return strcmp(sim_request_field(request, "senha"), portal->password) == 0;
    return session->nonce[0] && hash_password(session->nonce, portal->password, hash) &&
           strcmp(sim_request_field(request, "resposta"), hash) == 0;
}

static void admit(struct sim_portal *portal, const struct sim_request *request,
                  struct sim_session *session, struct sim_answer *answer)
{
    portal->counts.logins++;
    if (portal->variant.single_session)
        sim_session_drop_others(&portal->sessions, session);
    sim_session_rename(session);
    session->logged_in = true;
    session->agent = signin_agent(request->agent);
    set_cookie(answer, session);
    sim_answer_redirect(answer, REPLY_HOME);
}

/* Answers somebody who may not come in although the password may be right. */
static void turn_away(struct sim_portal *portal, struct sim_session *session, const char *user,
                      enum fault_kind why, struct sim_answer *answer)
{
    switch (why) {
    case FAULT_CAPTCHA:
        show_form(portal, session, user, NULL, true, answer);
        break;
    case FAULT_EXPIRED_PASSWORD:
        sim_pages_new_password(&answer->body, session->token);
        break;
    case FAULT_BLOCKED:
        sim_pages_blocked(&answer->body);
        break;
    default:
        show_form(portal, session, user,
                  "Conta bloqueada por excesso de tentativas. Procure o administrador.", false,
                  answer);
    }
}

static void try_login(struct sim_portal *portal, const struct sim_request *request,
                      struct sim_session *session, struct sim_answer *answer)
{
    const char *user = sim_request_field(request, "usuario");
    struct fault_ask ask = {.subject = FAULT_OF_LOGIN};
    struct fault fault;
    bool faulty = fault_pick(&portal->faults, &ask, &fault);

    portal->counts.attempts++;
    if (!faulty && is_known(portal, request, session)) {
        admit(portal, request, session, answer);
        return;
    }
    if (faulty && fault.kind == FAULT_LOGIN500) {
        reply_internal_error(answer);
        return;
    }
    portal->counts.failed_logins++;
    if (!faulty)
        show_form(portal, session, user, "Usuário ou senha inválidos.", false, answer);
    else
        turn_away(portal, session, user, fault.kind, answer);
}

void signin_enter(struct sim_portal *portal, const struct sim_request *request,
                  struct sim_session *session, struct sim_answer *answer)
{
    const char *token = sim_request_field(request, "csrf_token");

    if (request->post) {
        if (session && sim_session_token_matches(session, token))
            try_login(portal, request, session, answer);
        else
            reply_forbidden(answer);
        return;
    }
    if (session && session->logged_in) {
        sim_answer_redirect(answer, REPLY_HOME);
        return;
    }
    if (!session) {
        session = sim_session_new(&portal->sessions);
        set_cookie(answer, session);
    }
    show_form(portal, session, "", NULL, false, answer);
}

void signin_leave(struct sim_portal *portal, const struct sim_request *request,
                  struct sim_session *session, struct sim_answer *answer)
{
    (void)portal;
    (void)request;
    sim_session_drop(session);
    sim_answer_redirect(answer, REPLY_LOGIN);
}
