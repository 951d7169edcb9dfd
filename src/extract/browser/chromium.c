/* SPDX-License-Identifier: MIT */
/* Knows where browsers are installed and which flags they get. */
#include "extract/browser/chromium.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Known places, the best one first. The shell starts in a quarter of the time of the full browser
 * and needs half of its memory. /usr/bin/chromium-headless-shell is not listed: on Debian it is a
 * script, which would stay between the browser and us. */
static const char *const headless_places[] = {
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    NULL,
};

static const char *const common_flags[] = {
    "--disable-gpu",
    "--disable-dev-shm-usage", /* containers limit /dev/shm to 64 MB */
    "--disable-breakpad",      /* a crash dump could hold the password */
    "--window-size=1920,1080", /* pages hide their menu in a narrow window */
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-popup-blocking", /* an export may open a tab long after the click */
    "--password-store=basic",   /* the desktop's keyring is not asked */
    "--remote-debugging-pipe",
};

static bool is_shell(const char *program)
{
    const char *slash = strrchr(program, '/');

    return strstr(slash ? slash : program, "headless-shell") != NULL;
}

static const char *find_program(bool headless)
{
    for (const char *const *at = headless_places; *at; at++)
        if (access(*at, X_OK) == 0 && (headless || !is_shell(*at)))
            return *at;
    return NULL;
}

/* Returns the program to start, borrowed; NULL with err set if there is none. */
static const char *choose(const struct settings *settings, struct error *err)
{
    const char *program = settings->browser ? settings->browser : find_program(settings->headless);

    if (!settings->headless && !getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))
        error_set(err, ERROR_CONFIG, "HEADLESS=false needs a screen, and DISPLAY is not set");
    else if (!program)
        error_set(err, ERROR_CONFIG, "no browser found: apt install %s, or set CHROME_BIN",
                  chromium_package(settings));
    else if (access(program, X_OK) != 0)
        error_set_errno(err, ERROR_CONFIG, "CHROME_BIN: cannot run %s", program);
    else if (!settings->headless && is_shell(program))
        error_set(err, ERROR_CONFIG, "HEADLESS=false: %s has no window: apt install %s", program,
                  chromium_package(settings));
    else if (settings->sandbox == SANDBOX_ON && geteuid() == 0)
        error_set(err, ERROR_CONFIG,
                  "BROWSER_SANDBOX=on: the browser has no sandbox for root; run as another user");
    else
        return program;
    return NULL;
}

const char *chromium_program(const struct settings *settings)
{
    struct error ignored;

    return choose(settings, &ignored);
}

bool chromium_check(const struct settings *settings, struct error *err)
{
    struct proxy proxy = {0};
    const bool ok = choose(settings, err) && proxy_choose(settings, &proxy, err);

    proxy_done(&proxy);
    return ok;
}

const char *chromium_package(const struct settings *settings)
{
    return settings->headless ? "chromium-headless-shell" : "chromium";
}

bool chromium_find(const struct settings *settings, const char *profile, bool sandboxed,
                   struct chromium *out, struct error *err)
{
    const char *program = choose(settings, err);
    struct proxy proxy;
    size_t count = 0;

    if (!program || !proxy_choose(settings, &proxy, err))
        return false;
    *out = (struct chromium){.program = program,
                             .proxy = proxy,
                             .profile_flag = mem_format("--user-data-dir=%s", profile)};
    out->argv[count++] = program;
    if (settings->headless)
        out->argv[count++] = is_shell(program) ? "--headless" : "--headless=new";
    if (!sandboxed || geteuid() == 0)
        out->argv[count++] = "--no-sandbox";
    for (size_t i = 0; i < sizeof(common_flags) / sizeof(*common_flags); i++)
        out->argv[count++] = common_flags[i];
    if (proxy.server_flag)
        out->argv[count++] = proxy.server_flag;
    if (proxy.bypass_flag)
        out->argv[count++] = proxy.bypass_flag;
    out->argv[count++] = out->profile_flag;
    out->argv[count++] = "about:blank";
    assert(count < CHROMIUM_MAX_ARGS);
    return true;
}

void chromium_done(struct chromium *chromium)
{
    free(chromium->profile_flag);
    proxy_done(&chromium->proxy);
    *chromium = (struct chromium){0};
}
