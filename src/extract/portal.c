/* SPDX-License-Identifier: MIT */
/* The extractor that clicks its way through the portal, and takes a shortcut where there is one. */
#include "extract/extractor.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/url.h"
#include "extract/browser/browser.h"
#include "extract/browser/chromium.h"
#include "extract/form/download.h"
#include "extract/failure_snapshot.h"
#include "extract/form/login.h"
#include "extract/replay/verdicts.h"
#include "extract/browser/proxy.h"
#include "extract/sessions.h"
#include "extract/replay/strategy.h"
#include "extract/browser/inline_answer.h"
#include "extract/form/outcome.h"
#include "extract/sniff.h"
#include "extract/form/steps.h"
#include "extract/window_file.h"

#include <assert.h>
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

/* What extractors of one portal have in common. */
struct shared {
    struct sessions *sessions;
    struct verdicts *verdicts;
};

struct portal_extractor {
    struct extractor extractor; /* first: the two are one address */
    const struct portal *portal;
    const struct settings *settings;
    char *folder; /* absolute */
    char *origin;
    struct proxy proxy;
    struct browser browser;
    struct page page;
    struct login_state login_state;
    char *home_url;              /* the page that a login leads to */
    bool at_home;                /* it is what is shown */
    const struct report *opened; /* whose page is shown and was not left by a failure; NULL */
    const struct report *silent, *serves_once; /* whose form did, or is known to: see learn() */
    struct replay_strategy replay;             /* zeroed in mode click */
    struct shared *shared;                     /* the first extractor's, also in the others */
    bool is_first;
    struct session session;
    int failures; /* since the last export that worked */
    struct fallback_locators fallbacks;
    struct failure_snapshots snapshots;
    struct error refusal; /* of a login, or of the session: nothing is tried after that */
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
        .login_state = &self->login_state,
        .fallbacks = &self->fallbacks,
        .deadline = clock_ms() + (int64_t)self->portal->deadlines.window * 1000,
    };
}

/* What was shown until now is not relied on any more: the next report begins with its opening. */
static void leave(struct portal_extractor *self)
{
    self->opened = NULL;
    self->at_home = false;
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

static void report_eviction(struct error *err)
{
    log_warn("portal.session_displaced",
             log_text("why", "the portal ended it when the same user logged in once more: there "
                             "are as many exports at a time as it allows"));
    error_set(err, ERROR_PORTAL, "another session of the same user ended this one");
}

/* A form that is shown where a login was made before says that its session has ended. */
static bool log_in(struct portal_extractor *self, const struct stage *stage, struct error *err)
{
    bool sent = false;

    if (self->session.open && self->login_state.url &&
        sessions_is_evicted(self->shared->sessions, &self->session))
        report_eviction(err);
    else if (login_submit(stage, &sent, err))
        return true;
    if (err->kind == ERROR_LOGIN)
        sessions_refuse(self->shared->sessions, &self->session, err);
    if (err->kind == ERROR_LOGIN || self->session.evicted ||
        (sent && err->kind == ERROR_PORTAL && !err->transient))
        self->refusal = *err;
    return false;
}

static bool enter(struct portal_extractor *self, struct error *err)
{
    struct stage stage = stage_of(self, NULL);
    bool inside;

    self->login_state.logged_out = false;
    if (!login_look(&stage, self->home_url ? self->home_url : self->settings->portal_url, &inside,
                    err) ||
        (!inside && !log_in(self, &stage, err)))
        return false;
    free(self->home_url);
    self->home_url = mem_copy(self->page.url);
    self->at_home = true;
    if (!inside)
        replay_strategy_forget(&self->replay);
    return true;
}

/* Every report begins where a login ends, for its steps were written from there: a menu that an
 * earlier report opened would be closed by the click that is meant to open it. */
static bool open_report(struct portal_extractor *self, const struct report *report,
                        struct error *err)
{
    struct stage stage = stage_of(self, NULL);

    log_info("portal.open", log_text("report", report->name));
    if (!self->at_home && !enter(self, err))
        return false;
    self->at_home = false;
    if (!steps_take(&stage, &report->open, 0, report->open.count, err))
        return error_context(err, "opening");
    self->opened = report;
    return true;
}

/* What is named wrongly will be again: no reason to try the same once more (run/window_prepare.h
 * asks once, as for every file that is not what it should be). */
static bool check_name(const struct report *report, const char *name, struct error *err)
{
    char patterns[NAMES_MAX] = "";
    size_t len = 0;

    if (report_names_file(&report->files, name) || strcmp(name, INLINE_ANSWER_NAME) == 0)
        return true;
    for (size_t i = 0; i < report->files.count && len < sizeof(patterns); i++)
        len += (size_t)snprintf(patterns + len, sizeof(patterns) - len, "%s%s", i ? ", " : "",
                                report->files.items[i]);
    return error_set(err, ERROR_DATA, "the portal sent '%s', and not %s", name, patterns);
}

/* Whether the file is what the report's files are, as far as its name and its first bytes tell. */
static bool check_file(struct portal_extractor *self, const struct report *report, const char *path,
                       const char *name, struct error *err)
{
    return sniff_file(path, &self->login_state.logged_out, err) && check_name(report, name, err);
}

static bool keep(char *path, const char *name, struct export *out, struct error *err)
{
    if (rename(path, name) < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot rename %s to %s", path, name);
    export_add(out, name);
    return true;
}

static bool receive(struct portal_extractor *self, const struct stage *stage,
                    const struct report *report, struct download *download, const char *name,
                    struct export *out, struct error *err)
{
    char *path = NULL;
    time_t clicked = clock_now();
    bool good = false;

    if (!steps_take_last(stage, &report->window, err))
        return false;
    outcome_ask(download->outcome);
    if (download_wait(download, &self->portal->deadlines, stage->deadline, &path, err)) {
        good = check_file(self, report, path, download->name, err) && keep(path, name, out, err);
        if (!good)
            unlink(path);
    }
    free(path);
    if (!good)
        return steps_add_context(&report->window, report->window.count - 1, err);
    out->extracted_at = clicked;
    return true;
}

/* The form is filled in up to the first click. `name` is the file's. */
static bool export_window(struct portal_extractor *self, const struct stage *stage,
                          const struct report *report, const char *name, struct export *out,
                          bool *silent, struct error *err)
{
    const struct window *window = stage->window;
    struct download download;
    struct outcome outcome;

    if (!steps_take(stage, &report->window, steps_before_click(&report->window),
                    report->window.count - 1, err))
        return false;
    bool good = outcome_begin(&outcome, &self->page, &self->login_state, self->portal,
                              &report->window.items[0].at, stage->deadline, err);
    download_begin(&download, &outcome, self->folder);
    replay_strategy_watch(&self->replay, report, window);
    good = good && receive(self, stage, report, &download, name, out, err);
    replay_strategy_learn(&self->replay, report, window, good ? out->paths[0] : NULL);
    *silent = download.silent;
    download_done(&download);
    outcome_done(&outcome);
    return good;
}

static bool reopen(struct portal_extractor *self, const struct stage *stage,
                   const struct report *report, const char *why, struct error *err)
{
    log_info("portal.reopened", log_text("report", report->name), log_text("why", why));
    leave(self);
    return open_report(self, report, err) &&
           steps_take(stage, &report->window, 0, steps_before_click(&report->window), err);
}

/* Opens the form where it is not open, or has served: many serve once for each time that they are
 * loaded. *fresh is whether no export was asked for by it yet. */
static bool fill_form(struct portal_extractor *self, const struct stage *stage,
                      const struct report *report, bool *fresh, struct error *err)
{
    char why[ACT_WHY_SIZE] = "it has served only once before";
    bool spent = self->serves_once == report;

    *fresh = self->opened != report;
    if (*fresh)
        return open_report(self, report, err) &&
               steps_take(stage, &report->window, 0, steps_before_click(&report->window), err);
    if (!spent && !steps_fill_again(stage, &report->window, &spent, why, err))
        return false;
    *fresh = spent;
    return !spent || reopen(self, stage, report, why, err);
}

/* A form that looked well, and after a first export gave neither a file nor a word, but did when it
 * was opened again, will do so after every export. */
static void learn(struct portal_extractor *self, const struct report *report, bool fresh, bool good,
                  bool silent)
{
    if (!fresh && silent)
        self->silent = report;
    else if (good && fresh && self->silent == report)
        self->serves_once = report;
    if (good)
        self->silent = NULL;
}

static bool click_window(struct portal_extractor *self, const struct report *report,
                         const struct window *window, const char *name, struct export *out,
                         struct error *err)
{
    struct stage stage = stage_of(self, window);
    bool fresh, silent = false;

    assert(report->window.count > 0); /* config/ sees to it: the last step starts the download */
    if (!fill_form(self, &stage, report, &fresh, err))
        return false;
    const bool good = export_window(self, &stage, report, name, out, &silent, err);
    learn(self, report, fresh, good, silent);
    return good;
}

/* The short way where there is one, else by clicking. */
static bool take_window(struct portal_extractor *self, const struct report *report,
                        const struct window *window, const char *name, struct export *out,
                        struct error *err)
{
    const time_t asked = clock_now();

    switch (replay_strategy_take(&self->replay, report, window, name, err)) {
    case REPLAY_TAKEN:
        export_add(out, name);
        out->extracted_at = asked;
        return true;
    case REPLAY_FAILED:
        return false;
    case REPLAY_LEFT: /* the session may have ended: that is seen, and mended, at the beginning */
        leave(self);
        break;
    case REPLAY_NONE:
        break;
    }
    return click_window(self, report, window, name, out, err);
}

/* One try with what there is. A failure ends whatever the page is still asking for. */
static bool try_window(struct portal_extractor *self, const struct report *report,
                       const struct window *window, struct export *out, struct error *err)
{
    MEM_FREE_TEXT char *name = NULL;

    if (window_file_make(self->folder, report, *window, &name, err) && renew(self, err) &&
        take_window(self, report, window, name, out, err)) {
        self->failures = 0;
        return true;
    }
    if (name)
        unlink(name);
    page_stop(&self->page);
    leave(self);
    return false;
}

/* What a person would like to have seen. Of what this machine did wrong there is nothing to see. */
static void keep_snapshot(struct portal_extractor *self, const char *label, struct error *err)
{
    if ((err->kind == ERROR_PORTAL || err->kind == ERROR_LOGIN) && !self->page.net_error)
        failure_snapshot_take(&self->snapshots, self->settings, &self->page, label, err);
}

/* A session that ended is no failure: the next try begins with a login, and the same window. But
 * one that another session has ended is over. */
static bool fetch_with_logins(struct portal_extractor *self, const struct report *report,
                              const struct window *window, struct export *out, struct error *err)
{
    for (int logins = 0;; logins++) {
        sessions_begin_export(self->shared->sessions, &self->session);
        bool good = try_window(self, report, window, out, err);
        bool again = !good && self->login_state.logged_out && logins < RELOGINS_MAX;
        if (good)
            sessions_export_worked(&self->session);
        else if (!again && !self->session.evicted)
            keep_snapshot(self, report->name, err);
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
    if (!stop_check(err) || !fetch_with_logins(self, report, &window, &export, err)) {
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

    sessions_leave(self->shared->sessions, &self->session);
    replay_strategy_done(&self->replay);
    page_done(&self->page);
    browser_close(&self->browser);
    if (self->is_first) {
        sessions_free(self->shared->sessions);
        verdicts_free(self->shared->verdicts);
        free(self->shared);
    }
    free(self->folder);
    free(self->origin);
    proxy_done(&self->proxy);
    free(self->home_url);
    free(self->login_state.url);
    free(self);
}

static bool is_evicted(const struct extractor *extractor)
{
    return ((const struct portal_extractor *)extractor)->session.evicted;
}

static bool open_another(const struct extractor *first, struct extractor **out, struct error *err);

static const struct extractor_ops portal_ops = {
    .fetch = fetch, .another = open_another, .is_evicted = is_evicted, .close = close_portal};

bool extractor_check_portal(const struct settings *settings, struct error *err)
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
    MEM_FREE_TEXT char *origin = url_origin(settings->portal_url);
    if (!origin)
        return error_set(err, ERROR_CONFIG, "SIGOS_URL is no address like https://host/path");
    return chromium_check(settings, err);
}

static bool log_in_first(struct portal_extractor *self, struct error *err)
{
    struct sessions *sessions = self->shared->sessions;

    if (!sessions_begin_login(sessions, err))
        return false;
    const bool good = enter(self, err);
    sessions_end_login(sessions, &self->session, good ? NULL : err);
    if (!good) {
        page_stop(&self->page);
        keep_snapshot(self, "login", err);
    }
    return good;
}

/* `self` with its first members set; it is the caller's if this succeeds, and gone if not. */
static bool start(struct portal_extractor *self, struct extractor **out, struct error *err)
{
    self->extractor.ops = &portal_ops;
    if (!proxy_choose(self->settings, &self->proxy, err)) {
        close_portal(&self->extractor);
        return false;
    }
    if (self->settings->mode == EXPORT_MODE_AUTO)
        replay_strategy_init(&self->replay, &self->page, self->portal, self->origin,
                             self->proxy.address, self->shared->verdicts);
    if (!open_browser(self, err) || !log_in_first(self, err)) {
        close_portal(&self->extractor);
        return false;
    }
    *out = &self->extractor;
    return true;
}

static struct shared *shared_new(void)
{
    struct shared *shared = mem_alloc(sizeof(*shared));

    *shared = (struct shared){.sessions = sessions_new(), .verdicts = verdicts_new()};
    return shared;
}

bool extractor_open_portal(const struct portal *portal, const struct settings *settings,
                           const char *folder, struct extractor **out, struct error *err)
{
    MEM_FREE_TEXT char *origin = NULL, *place = NULL;

    if (!extractor_check_portal(settings, err))
        return false;
    origin = url_origin(settings->portal_url);
    if (!(place = realpath(folder, NULL)))
        return error_set_errno(err, ERROR_SYSTEM, "the folder for exports, %s", folder);
    struct portal_extractor *self = mem_alloc(sizeof(*self));
    *self = (struct portal_extractor){
        .portal = portal,
        .settings = settings,
        .origin = mem_copy(origin),
        .folder = mem_copy(place),
        .shared = shared_new(),
        .is_first = true,
    };
    return start(self, out, err);
}

static bool open_another(const struct extractor *extractor, struct extractor **out,
                         struct error *err)
{
    const struct portal_extractor *first = (const struct portal_extractor *)extractor;
    struct portal_extractor *self = mem_alloc(sizeof(*self));

    *self = (struct portal_extractor){
        .portal = first->portal,
        .settings = first->settings,
        .origin = mem_copy(first->origin),
        .folder = mem_copy(first->folder),
        .shared = first->shared,
    };
    return start(self, out, err);
}
