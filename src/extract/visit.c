/* SPDX-License-Identifier: MIT */
/* Opens, renews and ends the browser with its session, and leads it to a report's form. */
#include "extract/visit.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/form/login.h"

#include <stdlib.h>

/* After so many failures in a row the next try gets a new context or a new browser: what is left of
 * the old one may be the reason, and a new one costs half a second. Later only every third try gets
 * a new browser, because each of these is a login: an outage must not look like an attack. */
enum { FAILURES_FOR_CONTEXT = 2, FAILURES_FOR_BROWSER = 3 };

struct stage visit_stage(struct visit *visit, const struct window *window)
{
    return (struct stage){
        .page = &visit->page,
        .portal = visit->portal,
        .settings = visit->settings,
        .origin = visit->origin,
        .window = window,
        .login = login_form(visit->portal),
        .login_state = &visit->login_state,
        .fallbacks = &visit->fallbacks,
        .deadline = clock_ms() + (int64_t)visit->portal->deadlines.window * 1000,
    };
}

void visit_leave(struct visit *visit)
{
    visit->opened = NULL;
    visit->at_home = false;
}

static bool open_page(struct visit *visit, struct error *err)
{
    const int64_t ms = (int64_t)visit->portal->deadlines.browser * 1000;

    page_done(&visit->page);
    return page_open(&visit->page, &visit->browser.devtools, visit->folder, clock_ms() + ms, err);
}

static bool open_browser(struct visit *visit, struct error *err)
{
    page_done(&visit->page);
    browser_close(&visit->browser);
    return browser_open(visit->settings, visit->portal->deadlines.browser, &visit->browser, err) &&
           open_page(visit, err);
}

bool visit_renew(struct visit *visit, struct error *err)
{
    const char *what = NULL;
    bool good = true;

    if (visit->browser.pid == 0 || visit->browser.devtools.broken.kind ||
        (visit->failures && visit->failures % FAILURES_FOR_BROWSER == 0)) {
        what = "browser";
        good = open_browser(visit, err);
    } else if (visit->page.crashed || !visit->page.session ||
               visit->failures == FAILURES_FOR_CONTEXT) {
        what = "context";
        good = open_page(visit, err);
    }
    if (what)
        log_info("portal.renewed", log_text("what", what), log_int("failures", visit->failures));
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
static bool log_in(struct visit *visit, const struct stage *stage, struct error *err)
{
    bool sent = false;

    if (visit->session.open && visit->login_state.url &&
        sessions_is_evicted(visit->sessions, &visit->session))
        report_eviction(err);
    else if (login_submit(stage, &sent, err))
        return true;
    if (err->kind == ERROR_LOGIN)
        sessions_refuse(visit->sessions, &visit->session, err);
    if (err->kind == ERROR_LOGIN || visit->session.evicted ||
        (sent && err->kind == ERROR_PORTAL && !err->transient))
        visit->refusal = *err;
    return false;
}

enum { BLANK_MS = 2000 };

/* Ends the scripts of the page that is shown, if its session may have ended. One that still polls
 * would begin another session, and the login form that is loaded meanwhile would belong to neither:
 * "invalid token". Whatever is wrong with the page, loading the next one will say so. */
static void end_scripts(struct visit *visit)
{
    struct error ignored;

    if (visit->login_state.logged_out || visit->failures)
        page_navigate(&visit->page, "about:blank", clock_ms() + BLANK_MS, &ignored);
}

/* Loads the home page; before the first login that is the portal's own address. */
static bool go_home(struct visit *visit, struct error *err)
{
    struct stage stage = visit_stage(visit, NULL);
    const char *url = visit->home_url ? visit->home_url : visit->settings->portal_url;
    bool inside;

    end_scripts(visit);
    visit->login_state.logged_out = false;
    if (!login_look(&stage, url, &inside, err) || (!inside && !log_in(visit, &stage, err)))
        return false;
    visit->logins += !inside;
    free(visit->home_url);
    visit->home_url = mem_copy(visit->page.url);
    visit->at_home = true;
    return true;
}

/* Every report begins where a login ends, because its steps were written from there: a click that
 * is meant to open a menu would close one that an earlier report has opened. */
bool visit_open_report(struct visit *visit, const struct report *report, struct error *err)
{
    struct stage stage = visit_stage(visit, NULL);

    log_info("portal.open", log_text("report", report->name));
    if (!visit->at_home && !go_home(visit, err))
        return false;
    visit->at_home = false;
    if (!steps_take(&stage, &report->open, 0, report->open.count, err))
        return error_context(err, "opening");
    visit->opened = report;
    return true;
}

void visit_keep_snapshot(struct visit *visit, const char *label, struct error *err)
{
    if ((err->kind == ERROR_PORTAL || err->kind == ERROR_LOGIN) && !visit->page.net_error)
        failure_snapshot_take(&visit->snapshots, visit->settings, &visit->page, label, err);
}

static bool log_in_first(struct visit *visit, struct error *err)
{
    if (!sessions_begin_login(visit->sessions, err))
        return false;
    const bool good = go_home(visit, err);
    sessions_end_login(visit->sessions, &visit->session, good ? NULL : err);
    if (!good) {
        page_stop(&visit->page);
        visit_keep_snapshot(visit, "login", err);
    }
    return good;
}

bool visit_open(struct visit *visit, struct error *err)
{
    return proxy_choose(visit->settings, &visit->proxy, err) && open_browser(visit, err) &&
           log_in_first(visit, err);
}

void visit_close(struct visit *visit)
{
    sessions_leave(visit->sessions, &visit->session);
    page_done(&visit->page);
    browser_close(&visit->browser);
    proxy_done(&visit->proxy);
    free(visit->folder);
    free(visit->origin);
    free(visit->home_url);
    free(visit->login_state.url);
}
