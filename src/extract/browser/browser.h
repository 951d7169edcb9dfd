/*
 * A browser process of our own: started, spoken to over two pipes, ended together with all its
 * helpers.
 *
 * It gets a private temporary profile, a process group, and an environment of a few harmless names:
 * no secret of ours is ever in it. If this process dies, however it dies, the browser goes too: its
 * pipe closes, and the kernel kills it when the *thread* that called browser_open ends. So that
 * thread must live as long as the browser.
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
    pid_t pid; /* also its process group; 0: none */
    int pidfd; /* readable once it ended */
    struct scratch profile;
    struct devtools devtools;
};

/* Returns when the browser has answered. `seconds` is the time it may take. ERROR_CONFIG if there
 * is no such program, ERROR_SYSTEM (with the browser's own last words) if it ends at once,
 * ERROR_STOPPED. The struct must not move until close. */
bool browser_open(const struct settings *settings, int seconds, struct browser *out,
                  struct error *err);

/* Asks it to end, then makes it end; removes the profile. Accepts a zeroed one. */
void browser_close(struct browser *browser);

#endif
