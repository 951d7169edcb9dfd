/*
 * The portal's pages. Everything that comes from outside is escaped here.
 *
 * The locators of the real portal hold on them: the login form's three, the menu's two, and the ids
 * of the report form.
 */
#ifndef SIMULATOR_PAGES_H
#define SIMULATOR_PAGES_H

#include "base/buf.h"

/* What a report form was sent with, to show it again; empty texts for a fresh one. */
struct sim_pages_choice {
    const char *kind;          /* tp_relatorio */
    const char *return_status; /* stat_retorno */
    const char *period_all;    /* periodo_todos */
    const char *period_return; /* periodo_ret */
    const char *first;         /* data_inicio */
    const char *last;          /* data_fim */
};

/* `alert` may be NULL: no message. */
void sim_pages_login(struct buf *out, const char *token, const char *user, const char *alert);
void sim_pages_home(struct buf *out, const char *user);
void sim_pages_reports(struct buf *out, const char *user, const char *token,
                       const struct sim_pages_choice *choice, const char *alert);

/* A bare page with a title and a sentence: 403, 404 and the like. */
void sim_pages_error(struct buf *out, const char *title, const char *sentence);

#endif
