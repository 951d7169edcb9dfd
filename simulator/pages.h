/*
 * Writes the portal's pages. Every text from outside is escaped here.
 *
 * The locators of the real portal find their elements on these pages: the three of the login form,
 * the two of the menu, and the ids of the report form.
 */
#ifndef SIMULATOR_PAGES_H
#define SIMULATOR_PAGES_H

#include "simulator/variant.h"

#include <stdbool.h>

/* The values of a report form, to show it again; empty texts for a new form. */
struct sim_pages_choice {
    const char *kind;          /* tp_relatorio */
    const char *return_status; /* stat_retorno */
    const char *period_all;    /* periodo_todos */
    const char *period_return; /* periodo_ret */
    const char *first;         /* data_inicio */
    const char *last;          /* data_fim */
};

/* The login form. `alert`, here and below, are words in a red box; NULL: none. */
struct sim_pages_entry {
    const char *token;
    const char *nonce; /* NULL: the form sends the password itself */
    const char *user;  /* the user that was typed before, to show it again */
    const char *alert;
    bool captcha; /* the form also asks for letters in an image */
};

struct sim_pages_form {
    const char *user, *token;
    const struct sim_pages_choice *choice;
    const struct variant *variant;
    bool moved; /* the button is elsewhere and has no id */
    const char *alert;
    const char *dialog; /* words in a dialog of the browser; NULL: none */
};

void sim_pages_login(struct buf *out, const struct sim_pages_entry *entry);
void sim_pages_home(struct buf *out, const char *user);
void sim_pages_reports(struct buf *out, const struct sim_pages_form *form);

/* Writes the page "your download will begin": it sends the browser on to `file`, or has it in a
 * hidden frame. */
void sim_pages_download(struct buf *out, const char *file, bool frame);

/* Writes the notice that must be clicked away after a login. */
void sim_pages_notice(struct buf *out, const char *token);
/* Writes the form for a new password, because the old one has expired. */
void sim_pages_new_password(struct buf *out, const char *token);
/* Writes the page that says that the account is blocked. */
void sim_pages_blocked(struct buf *out);

/* Writes a bare page with a title and a sentence, for 403, 404 and the like. */
void sim_pages_error(struct buf *out, const char *title, const char *sentence);

#endif
