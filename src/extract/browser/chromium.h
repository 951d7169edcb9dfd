/*
 * Which browser to start, and with what command line.
 */
#ifndef EXTRACT_BROWSER_CHROMIUM_H
#define EXTRACT_BROWSER_CHROMIUM_H

#include "base/error.h"
#include "extract/browser/proxy.h"
#include "model/settings.h"

#include <stdbool.h>

enum { CHROMIUM_MAX_ARGS = 32 };

/* Pointers are borrowed from settings, from `profile_flag`, `proxy` or from constants. */
struct chromium {
    const char *program;
    const char *argv[CHROMIUM_MAX_ARGS]; /* ends with NULL */
    char *profile_flag;                  /* owned */
    struct proxy proxy;
};

/* What Debian calls the package that the settings need. */
const char *chromium_package(const struct settings *settings);

/* Whether there is the browser that the settings ask for, and a proxy that can be used if they name
 * one; fails as chromium_find does. */
bool chromium_check(const struct settings *settings, struct error *err);

/* CHROME_BIN if it is set, else the first browser of the known places; its profile goes into the
 * folder `profile`. ERROR_CONFIG says what to install, or what is
 * wrong with the proxy. */
bool chromium_find(const struct settings *settings, const char *profile, struct chromium *out,
                   struct error *err);
void chromium_done(struct chromium *chromium); /* accepts a zeroed one */

#endif
