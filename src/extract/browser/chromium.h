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

/* Says what may help if the browser ends as soon as it is started; a constant. */
const char *chromium_remedy(const struct settings *settings);

/* Whether the browser that the settings ask for is installed, and whether the proxy that they name,
 * if any, can be used. Fails as chromium_find does. */
bool chromium_check(const struct settings *settings, struct error *err);

/* Chooses CHROME_BIN if it is set, else the first browser of the known places. `profile` is the
 * folder for the browser's own files. ERROR_CONFIG says what to install, or what is wrong with
 * CHROME_BIN, DISPLAY or the proxy. */
bool chromium_find(const struct settings *settings, const char *profile, struct chromium *out,
                   struct error *err);
void chromium_done(struct chromium *chromium); /* accepts a zeroed one */

#endif
