/*
 * Starts a browser process, connects two pipes to it, and ends it together with all its helpers.
 *
 * The browser gets a private temporary profile, a process group of its own, and an environment of a
 * few harmless variables, so no secret is ever in it. When this process dies in any way, the
 * browser ends too: its pipe closes, and the kernel kills it when the *thread* that called
 * browser_open ends. So that thread must live as long as the browser.
 */
#ifndef EXTRACT_BROWSER_BROWSER_H
#define EXTRACT_BROWSER_BROWSER_H

#include "base/error.h"
#include "base/scratch.h"
#include "extract/browser/devtools.h"
#include "model/settings.h"

#include <stdbool.h>
#include <sys/types.h>

struct browser {
    pid_t pid; /* also the number of its process group; 0: none */
    int pidfd; /* readable once the process has ended */
    struct scratch profile;
    struct devtools devtools;
};

/* Starts the browser and waits until it answers, at most `seconds`. If the machine gives it no
 * sandbox it is started without one, which is logged once (browser.unsandboxed), unless
 * BROWSER_SANDBOX=on forbids that: it isolates the pages of one portal that is trusted with the
 * login anyway, and containers are a sandbox of their own. The struct must not move until
 * browser_close. ERROR_CONFIG: there is no such program, it cannot be started, or the proxy cannot
 * be used. ERROR_SYSTEM: it ends at once (with the last line that it printed), or does not answer
 * in time. ERROR_STOPPED: a stop was asked for. */
bool browser_open(const struct settings *settings, int seconds, struct browser *out,
                  struct error *err);

/* Asks the browser to end, waits at most 5 s, kills what is left of its process group, and removes
 * its profile. Accepts a zeroed one. */
void browser_close(struct browser *browser);

#endif
