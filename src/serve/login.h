/*
 * The page on which people log in, and the button with which they log out.
 */
#ifndef SERVE_LOGIN_H
#define SERVE_LOGIN_H

#include "serve/visit.h"

#define LOGIN_PATH "/entrar"
#define LOGOUT_PATH "/sair"

/* Sends a browser to the page, and from there back to what it asked for; tells others, with status
 * 401, that they are not logged in. */
void login_demand(const struct visit *visit, struct reply *out);

/* Answers a GET of LOGIN_PATH. */
void login_page(const struct visit *visit, struct reply *out);
/* Answers a POST to it: begins a session if the form's `senha` is right. */
void login_answer(const struct visit *visit, struct reply *out);
/* Answers a POST to LOGOUT_PATH. */
void login_end(const struct visit *visit, struct reply *out);

/* Returns the name of the cookie; static. Over an encrypted connection browsers keep one of that
 * name only if it is for this host alone. */
const char *login_cookie(bool secure);

#endif
