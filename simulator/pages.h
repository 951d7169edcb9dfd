/*
 * The portal's pages. Everything that comes from outside is escaped here.
 *
 * The locators of the real portal hold on them: the login form's three, the menu's two, and the ids
 * of the report form.
 */
#ifndef SIMULATOR_PAGES_H
#define SIMULATOR_PAGES_H

#include "simulator/variant.h"

#include <stdbool.h>

/* What a report form was sent with, to show it again; empty texts for a fresh one. */
struct sim_pages_choice {
    const char *kind;          /* tp_relatorio */
    const char *return_status; /* stat_retorno */
    const char *period_all;    /* periodo_todos */
    const char *period_return; /* periodo_ret */
    const char *first;         /* data_inicio */
    const char *last;          /* data_fim */
};

/* Both may have an alert, words in a red box; NULL: none. */
struct sim_pages_entry {
    const char *token;
    const char *nonce; /* NULL: the form sends the password itself */
    const char *user;  /* typed before, to show it again */
    const char *alert;
    bool captcha; /* it also asks for letters in an image */
};

struct sim_pages_form {
    const char *user, *token;
    const struct sim_pages_choice *choice;
    const struct variant *variant;
    bool moved; /* the button is elsewhere and has lost its id */
    const char *alert;
    const char *dialog; /* words in a box of the browser's; NULL: none */
};

void sim_pages_login(struct buf *out, const struct sim_pages_entry *entry);
void sim_pages_home(struct buf *out, const char *user);
void sim_pages_reports(struct buf *out, const struct sim_pages_form *form);

/* "Your download will begin": it sends the browser on to `file`, or has it in a hidden frame. */
void sim_pages_download(struct buf *out, const char *file, bool frame);

void sim_pages_notice(struct buf *out, const char *token); /* to be clicked away after a login */
void sim_pages_new_password(struct buf *out, const char *token); /* the old one has expired */
void sim_pages_blocked(struct buf *out); /* the account is, on a page of its own */

/* A bare page with a title and a sentence: 403, 404 and the like. */
void sim_pages_error(struct buf *out, const char *title, const char *sentence);

#endif
