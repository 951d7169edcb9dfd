/*
 * What the environment and the command line set for this run: addresses, secrets and options.
 *
 * Precedence: flag > environment > .env > profile > default. Secrets (the password, the database's
 * address) are only here; no log call and no error message takes them.
 */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

#include "model/portal.h"

#include <stdbool.h>
#include <stdint.h>

enum { SETTINGS_HIDDEN = 3 };

struct settings {
    const char *portal_url; /* SIGOS_URL, else the profile's */
    const char *user;       /* SIGOS_USUARIO; NULL if not set */
    const char *password;   /* SIGOS_SENHA or SIGOS_SENHA_FILE; NULL if not set */
    const char *browser;    /* CHROME_BIN; NULL: the first of the known places */
    bool headless;          /* HEADLESS, true by default */
    bool sandbox_optional;  /* BROWSER_SANDBOX=auto: where no sandbox is possible, go on without */
    enum export_mode mode;  /* SIGOS_MODE, else the profile's */
    int jobs;               /* SIGOS_JOBS, else the profile's: windows exported at a time */
    const char *evidence;   /* folder for pictures and pages of failures; NULL: they are not kept */
    const char *proxy; /* HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, for the portal's scheme; or NULL */
    const char *no_proxy;               /* NO_PROXY; NULL if not set */
    const char *log_level, *log_format; /* LOG_LEVEL, LOG_FORMAT, as they are; NULL if not set */
    const char *database; /* DATABASE_URL, or built from DB_*; "sqlite:sigos.db" by default */
    /* What the secrets' variables held before they were taken out of the environment; NULL. */
    const char *hidden[SETTINGS_HIDDEN];
};

#endif
