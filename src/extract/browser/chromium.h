/*
 * Chooses the browser to start, and its command line.
 */
#ifndef EXTRACT_BROWSER_CHROMIUM_H
#define EXTRACT_BROWSER_CHROMIUM_H

#include "base/error.h"
#include "extract/browser/proxy.h"
#include "model/settings.h"

#include <stdbool.h>

enum { CHROMIUM_MAX_ARGS = 32 };

/* A browser and its arguments. The texts are borrowed from the settings, from `profile_flag`, from
 * `proxy`, or are constants. */
struct chromium {
    const char *program;
    const char *argv[CHROMIUM_MAX_ARGS]; /* ends with NULL */
    char *profile_flag;                  /* owned */
    struct proxy proxy;
};

/* Returns the name of the Debian package that the settings need; a constant. */
const char *chromium_package(const struct settings *settings);

/* Returns the program that is started, borrowed; NULL if chromium_check fails. */
const char *chromium_program(const struct settings *settings);

/* Whether the browser that the settings ask for is installed, and whether the proxy that they name,
 * if any, can be used. Fails as chromium_find does. */
bool chromium_check(const struct settings *settings, struct error *err);

/* Chooses CHROME_BIN if it is set, else the first browser of the known places. `profile` is the
 * folder for the browser's own files. Without `sandboxed` it is told not to isolate its processes;
 * so it is always for root, whom it would refuse. ERROR_CONFIG says what to install, or what is
 * wrong with CHROME_BIN, BROWSER_SANDBOX, DISPLAY or the proxy. */
bool chromium_find(const struct settings *settings, const char *profile, bool sandboxed,
                   struct chromium *out, struct error *err);
void chromium_done(struct chromium *chromium); /* accepts a zeroed one */

#endif
