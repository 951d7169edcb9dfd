/* SPDX-License-Identifier: MIT */
/* The extractor that clicks its way through the portal, and takes a shortcut where there is one. */
#include "extract/extractor.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "extract/browser.h"
#include "extract/download.h"
#include "extract/evidence.h"
#include "extract/login.h"
#include "extract/served.h"
#include "extract/shortcut.h"
#include "extract/signs.h"
#include "extract/sniff.h"
#include "extract/steps.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    NAMES_MAX = 256,
    /* So many failures in a row, and the next try gets a new context or a new browser: what is left
     * of the old one may be the reason, and a new one costs half a second. */
    FAILURES_FOR_CONTEXT = 2,
    FAILURES_FOR_BROWSER = 3,
    RELOGINS_MAX = 2, /* for one window; a portal that throws out more often does not want us */
};

struct portal_extractor {
    struct extractor extractor; /* first: the two are one address */
    const struct portal *portal;
    const struct settings *settings;
    char *folder; /* absolute */
    char *origin;
    struct browser browser;
    struct page page;
    char *landing;               /* the page that a login leads to */
    bool landed;                 /* it is what is shown */
    const struct report *opened; /* whose page is shown and was not left by a failure; NULL */
    struct shortcut shortcut;    /* zeroed in mode click */
    int failures;                /* since the last export that worked */
    struct served served;
    struct evidence evidence;
    struct error refusal; /* of a login: nothing is tried after that */
};

static struct stage stage_of(struct portal_extractor *self, const struct window *window)
{
    return (struct stage){
        .page = &self->page,
        .portal = self->portal,
        .settings = self->settings,
        .origin = self->origin,
        .window = window,
        .login = login_form(self->portal),
        .served = &self->served,
        .deadline = clock_ms() + (int64_t)self->portal->deadlines.window * 1000,
    };
}

/* What was shown until now is not relied on any more: the next report begins with its opening. */
static void leave(struct portal_extractor *self)
{
    self->opened = NULL;
    self->landed = false;
}

static bool open_page(struct portal_extractor *self, struct error *err)
{
    const int64_t ms = (int64_t)self->portal->deadlines.browser * 1000;

    page_done(&self->page);
    return page_open(&self->page, &self->browser.devtools, self->folder, clock_ms() + ms, err);
}

static bool open_browser(struct portal_extractor *self, struct error *err)
{
    page_done(&self->page);
    browser_close(&self->browser);
    return browser_open(self->settings, self->portal->deadlines.browser, &self->browser, err) &&
           open_page(self, err);
}

/* Replaces as much of the browser as the failures so far give reason to. */
static bool renew(struct portal_extractor *self, struct error *err)
{
    const char *what = NULL;
    bool good = true;

    if (self->browser.pid == 0 || self->browser.devtools.broken.kind ||
        self->failures >= FAILURES_FOR_BROWSER) {
        what = "browser";
        good = open_browser(self, err);
    } else if (self->page.crashed || !self->page.session ||
               self->failures >= FAILURES_FOR_CONTEXT) {
        what = "context";
        good = open_page(self, err);
    }
    if (what)
        log_info("portal.renewed", log_text("what", what), log_int("failures", self->failures));
    return good;
}

static bool enter(struct portal_extractor *self, struct error *err)
{
    struct stage stage = stage_of(self, NULL);

    self->page.logged_out = false;
    if (!login_enter(&stage, self->landing ? self->landing : self->settings->portal_url, err)) {
        if (err->kind == ERROR_LOGIN)
            self->refusal = *err;
        return false;
    }
    free(self->landing);
    self->landing = mem_copy(self->page.url);
    self->landed = true;
    shortcut_forget(&self->shortcut);
    return true;
}

/* Every report begins where a login ends, for its steps were written from there: a menu that an
 * earlier report opened would be closed by the click that is meant to open it. */
static bool open_report(struct portal_extractor *self, const struct report *report,
                        struct error *err)
{
    struct stage stage = stage_of(self, NULL);

    log_info("portal.open", log_text("report", report->name));
    if (!self->landed && !enter(self, err))
        return false;
    self->landed = false;
    if (!steps_take(&stage, &report->open, 0, report->open.count, err))
        return error_context(err, "opening");
    self->opened = report;
    return true;
}

static bool check_name(const struct report *report, const char *name, struct error *err)
{
    char patterns[NAMES_MAX] = "";
    size_t len = 0;

    for (size_t i = 0; i < report->files.count; i++) {
        if (fnmatch(report->files.items[i], name, 0) == 0)
            return true;
        if (len < sizeof(patterns))
            len += (size_t)snprintf(patterns + len, sizeof(patterns) - len, "%s%s", i ? ", " : "",
                                    report->files.items[i]);
    }
    error_set(err, ERROR_DATA, "the portal sent '%s', and not %s", name, patterns);
    return error_mark_transient(err);
}

/* Whether the file is what the report's files are, as far as its name and its first bytes tell. */
static bool check_file(struct portal_extractor *self, const struct report *report, const char *path,
                       const char *name, struct error *err)
{
    return sniff_file(path, &self->page.logged_out, err) && check_name(report, name, err);
}

/* The file gets its own name, so that a folder of windows explains itself. */
static char *name_file(const struct portal_extractor *self, const struct report *report,
                       const struct window *window)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    return mem_format("%s/%s_%s_%s.csv", self->folder, report->name,
                      date_format_iso(window->first, first), date_format_iso(window->last, last));
}

static bool keep(const struct portal_extractor *self, const struct report *report,
                 const struct window *window, char *path, struct export *out, struct error *err)
{
    MEM_FREE_TEXT char *kept = name_file(self, report, window);

    if (rename(path, kept) < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot rename %s to %s", path, kept);
    export_add(out, kept);
    return true;
}

static bool receive(struct portal_extractor *self, const struct stage *stage,
                    const struct report *report, struct download *download, struct export *out,
                    struct error *err)
{
    char *path = NULL;
    time_t clicked = clock_now();
    bool good = false;

    if (!steps_take_last(stage, &report->window, err))
        return false;
    signs_ask(download->signs);
    if (download_wait(download, &self->portal->deadlines, stage->deadline, &path, err)) {
        good = check_file(self, report, path, download->name, err) &&
               keep(self, report, stage->window, path, out, err);
        if (!good)
            unlink(path);
    }
    free(path);
    if (!good)
        return steps_blame(&report->window, report->window.count - 1, err);
    out->extracted_at = clicked;
    return true;
}

static bool export_window(struct portal_extractor *self, const struct report *report,
                          const struct window *window, struct export *out, struct error *err)
{
    struct stage stage = stage_of(self, window);
    struct download download;
    struct signs signs;

    assert(report->window.count > 0); /* config/ sees to it: the last step starts the download */
    if (!steps_take(&stage, &report->window, 0, report->window.count - 1, err))
        return false;
    bool good = signs_begin(&signs, &self->page, self->portal, &report->window.items[0].at,
                            stage.deadline, err);
    download_begin(&download, &signs, self->folder);
    shortcut_watch(&self->shortcut, report, window);
    good = good && receive(self, &stage, report, &download, out, err);
    shortcut_learn(&self->shortcut, report, window, good ? out->paths[0] : NULL);
    download_done(&download);
    signs_done(&signs);
    return good;
}

static bool click_window(struct portal_extractor *self, const struct report *report,
                         const struct window *window, struct export *out, struct error *err)
{
    return (self->opened == report || open_report(self, report, err)) &&
           export_window(self, report, window, out, err);
}

/* The short way where there is one, else by clicking. */
static bool take_window(struct portal_extractor *self, const struct report *report,
                        const struct window *window, struct export *out, struct error *err)
{
    MEM_FREE_TEXT char *path = name_file(self, report, window);
    const time_t asked = clock_now();

    switch (shortcut_take(&self->shortcut, report, window, path, err)) {
    case SHORTCUT_TAKEN:
        export_add(out, path);
        out->extracted_at = asked;
        return true;
    case SHORTCUT_FAILED:
        return false;
    case SHORTCUT_LEFT: /* the session may have ended: that is seen, and mended, at the beginning */
        leave(self);
        break;
    case SHORTCUT_NONE:
        break;
    }
    return click_window(self, report, window, out, err);
}

/* One try with what there is. A failure ends whatever the page is still asking for. */
static bool try_window(struct portal_extractor *self, const struct report *report,
                       const struct window *window, struct export *out, struct error *err)
{
    if (renew(self, err) && take_window(self, report, window, out, err)) {
        self->failures = 0;
        return true;
    }
    page_stop(&self->page);
    leave(self);
    return false;
}

/* What a person would like to have seen. Of what this machine did wrong there is nothing to see. */
static void witness(struct portal_extractor *self, const char *label, struct error *err)
{
    if ((err->kind == ERROR_PORTAL || err->kind == ERROR_LOGIN) && !self->page.net_error)
        evidence_take(&self->evidence, self->settings, &self->page, label, err);
}

/* A session that ended is no failure: the next try begins with a login, and the same window. */
static bool fetch_window(struct portal_extractor *self, const struct report *report,
                         const struct window *window, struct export *out, struct error *err)
{
    for (int logins = 0;; logins++) {
        bool good = try_window(self, report, window, out, err);
        bool again = !good && self->page.logged_out && logins < RELOGINS_MAX;
        if (!good && !again)
            witness(self, report->name, err);
        page_close_tabs(&self->page); /* one that stays has nothing more to say */
        if (!again)
            return good;
        log_info("portal.logged_out", log_text("report", report->name),
                 log_text("seen", err->message));
    }
}

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    struct portal_extractor *self = (struct portal_extractor *)extractor;
    struct export export = {0};
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    int64_t began = clock_ms();

    if (self->refusal.kind) {
        *err = self->refusal;
        return false;
    }
    date_format_iso(window.first, first);
    date_format_iso(window.last, last);
    if (!stop_check(err) || !fetch_window(self, report, &window, &export, err)) {
        self->failures++;
        export_done(&export);
        return error_context(err, "%s %s..%s", report->name, first, last);
    }
    *out = export;
    log_debug("portal.exported", log_text("report", report->name), log_text("first", first),
              log_text("last", last), log_int("ms", clock_ms() - began));
    return true;
}

static void close_portal(struct extractor *extractor)
{
    struct portal_extractor *self = (struct portal_extractor *)extractor;

    shortcut_done(&self->shortcut);
    page_done(&self->page);
    browser_close(&self->browser);
    free(self->folder);
    free(self->origin);
    free(self->landing);
    free(self);
}

static const struct extractor_ops portal_ops = {.fetch = fetch, .close = close_portal};

/* What can be known to be wrong before a browser starts. */
static bool check_settings(const struct settings *settings, struct error *err)
{
    bool user = settings->user && *settings->user;
    bool password = settings->password && *settings->password;

    if (!user || !password)
        return error_set(err, ERROR_CONFIG, "no credentials for the portal: set %s",
                         user       ? "SIGOS_SENHA"
                         : password ? "SIGOS_USUARIO"
                                    : "SIGOS_USUARIO and SIGOS_SENHA");
    if (!settings->portal_url || !*settings->portal_url)
        return error_set(err, ERROR_CONFIG, "no address of the portal: set SIGOS_URL");
    return true;
}

static bool start(struct portal_extractor *self, const char *folder, struct error *err)
{
    self->origin = login_origin(self->settings->portal_url);
    if (!self->origin)
        return error_set(err, ERROR_CONFIG, "SIGOS_URL is no address like https://host/path");
    self->folder = realpath(folder, NULL);
    if (!self->folder)
        return error_set_errno(err, ERROR_SYSTEM, "the folder for exports, %s", folder);
    if (self->settings->mode == EXPORT_MODE_AUTO)
        shortcut_init(&self->shortcut, &self->page, self->portal, self->origin);
    if (!open_browser(self, err))
        return false;
    if (enter(self, err))
        return true;
    page_stop(&self->page);
    witness(self, "login", err);
    return false;
}

bool extractor_open_portal(const struct portal *portal, const struct settings *settings,
                           const char *folder, struct extractor **out, struct error *err)
{
    if (!check_settings(settings, err))
        return false;
    struct portal_extractor *self = mem_alloc(sizeof(*self));
    self->extractor.ops = &portal_ops;
    self->portal = portal;
    self->settings = settings;
    if (!start(self, folder, err)) {
        close_portal(&self->extractor);
        return false;
    }
    *out = &self->extractor;
    return true;
}
