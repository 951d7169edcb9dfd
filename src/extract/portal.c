/* SPDX-License-Identifier: MIT */
/* The extractor that asks a portal: by repeating the page's request where that was proven to give
 * the same file, else by the form; and that logs in again where a session has ended. */
#include "extract/extractor.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/url.h"
#include "extract/browser/chromium.h"
#include "extract/form_export.h"
#include "extract/replay/strategy.h"
#include "extract/replay/verdicts.h"
#include "extract/visit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    RELOGINS_MAX = 2
}; /* for one window; a portal that throws out more often does not want us */

/* What extractors of one portal have in common. */
struct shared {
    struct sessions *sessions;
    struct verdicts *verdicts;
};

struct portal_extractor {
    struct extractor extractor; /* first: the two are one address */
    struct visit visit;
    struct form_habits habits;
    struct replay_strategy replay; /* zeroed in mode click */
    struct shared *shared;         /* the first extractor's, also in the others */
    bool is_first;
};

/*
 * Makes an empty file, named after its report and its days so that a person understands the folder:
 * REPORT_FIRST_LAST.csv, or REPORT_FIRST_LAST_2.csv if that exists, and so on. A window may be
 * asked for again while its first export is still needed (run/window_overlap.h), and sessions share
 * the folder, so no two calls get the same name while both files exist. *out is the path, owned by
 * the caller. ERROR_SYSTEM: the file cannot be made.
 */
static bool make_window_file(const char *folder, const struct report *report, struct window window,
                             char **out, struct error *err)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE], number[16] = "";

    date_format_iso(window.first, first);
    date_format_iso(window.last, last);
    for (int next = 2;; next++) {
        char *path = mem_format("%s/%s_%s_%s%s.csv", folder, report->name, first, last, number);
        const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0) {
            close(fd);
            *out = path;
            return true;
        }
        const bool is_taken = errno == EEXIST;
        if (!is_taken)
            error_set_errno(err, ERROR_SYSTEM, "cannot make %s", path);
        free(path);
        if (!is_taken)
            return false;
        snprintf(number, sizeof(number), "_%d", next);
    }
}

/* Exports the window into the file `path`. */
static bool export_window(struct portal_extractor *self, const struct report *report,
                          const struct window *window, const char *path, struct export *out,
                          struct error *err)
{
    const time_t asked = clock_now();

    switch (replay_strategy_take(&self->replay, report, window, path, err)) {
    case REPLAY_TAKEN:
        export_add(out, path);
        out->extracted_at = asked;
        return true;
    case REPLAY_FAILED:
        return false;
    case REPLAY_LEFT: /* the session may have ended: the home page will show it */
        visit_leave(&self->visit);
        break;
    case REPLAY_NONE:
        break;
    }
    return form_export(&self->visit, &self->habits, &self->replay, report, window, path, out, err);
}

/* Tries once. A failure ends whatever the page is still asking for. */
static bool try_window(struct portal_extractor *self, const struct report *report,
                       const struct window *window, struct export *out, struct error *err)
{
    struct visit *visit = &self->visit;
    MEM_FREE_TEXT char *path = NULL;

    if (make_window_file(visit->folder, report, *window, &path, err) && visit_renew(visit, err) &&
        export_window(self, report, window, path, out, err)) {
        visit->failures = 0;
        return true;
    }
    if (path)
        unlink(path);
    page_stop(&visit->page);
    visit_leave(visit);
    return false;
}

/* A session that ended is no failure: the next try begins with a login and asks for the same
 * window. A session that another one has ended is given up. */
static bool try_with_logins(struct portal_extractor *self, const struct report *report,
                            const struct window *window, struct export *out, struct error *err)
{
    struct visit *visit = &self->visit;

    for (int logins = 0;; logins++) {
        sessions_begin_export(visit->sessions, &visit->session);
        const bool good = try_window(self, report, window, out, err);
        const bool again = !good && visit->login_state.logged_out && logins < RELOGINS_MAX;
        if (good)
            sessions_export_worked(&visit->session);
        else if (!again && !visit->session.evicted)
            visit_keep_snapshot(visit, report->name, err);
        page_close_tabs(&visit->page); /* a tab that stays open has nothing more to say */
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
    const int64_t began = clock_ms();

    if (self->visit.refusal.kind) {
        *err = self->visit.refusal;
        return false;
    }
    date_format_iso(window.first, first);
    date_format_iso(window.last, last);
    if (!stop_check(err) || !try_with_logins(self, report, &window, &export, err)) {
        self->visit.failures++;
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

    replay_strategy_done(&self->replay); /* it watches the visit's page */
    visit_close(&self->visit);
    if (self->is_first) {
        sessions_free(self->shared->sessions);
        verdicts_free(self->shared->verdicts);
        free(self->shared);
    }
    free(self);
}

static bool is_evicted(const struct extractor *extractor)
{
    return ((const struct portal_extractor *)extractor)->visit.session.evicted;
}

static size_t fallbacks(const struct extractor *extractor, struct extractor_fallback *out,
                        size_t room)
{
    const struct fallback_locators *found =
        &((const struct portal_extractor *)extractor)->visit.fallbacks;
    size_t count = 0;

    for (; count < found->count && count < room; count++)
        out[count] = (struct extractor_fallback){.at = found->logged[count],
                                                 .alternative = found->alternatives[count]};
    return count;
}

static bool open_another(const struct extractor *first, struct extractor **out, struct error *err);

static const struct extractor_ops portal_ops = {
    .fetch = fetch,
    .another = open_another,
    .is_evicted = is_evicted,
    .fallbacks = fallbacks,
    .close = close_portal,
};

/* Opens an extractor into the folder, of which only `shared` and `is_first` are given; they are
 * released if this fails. */
static bool open_extractor(struct portal_extractor given, const struct portal *portal,
                           const struct settings *settings, const char *folder,
                           struct extractor **out, struct error *err)
{
    struct portal_extractor *self = mem_alloc(sizeof(*self));
    struct visit *visit = &self->visit;

    *self = given;
    self->extractor.ops = &portal_ops;
    *visit = (struct visit){
        .portal = portal,
        .settings = settings,
        .sessions = given.shared->sessions,
        .folder = mem_copy(folder),
        .origin = url_origin(settings->portal_url),
    };
    if (!visit_open(visit, err)) {
        close_portal(&self->extractor);
        return false;
    }
    if (settings->mode == EXPORT_MODE_AUTO)
        replay_strategy_init(&self->replay, &visit->page, portal, visit->origin,
                             visit->proxy.address, given.shared->verdicts);
    *out = &self->extractor;
    return true;
}

bool extractor_check_portal(const struct settings *settings, struct error *err)
{
    const bool user = settings->user && *settings->user;
    const bool password = settings->password && *settings->password;

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

const char *extractor_browser(const struct settings *settings)
{
    return chromium_program(settings);
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
    if (!extractor_check_portal(settings, err))
        return false;
    MEM_FREE_TEXT char *place = realpath(folder, NULL);
    if (!place)
        return error_set_errno(err, ERROR_SYSTEM, "the folder for exports, %s", folder);
    return open_extractor((struct portal_extractor){.shared = shared_new(), .is_first = true},
                          portal, settings, place, out, err);
}

static bool open_another(const struct extractor *extractor, struct extractor **out,
                         struct error *err)
{
    const struct portal_extractor *first = (const struct portal_extractor *)extractor;

    return open_extractor((struct portal_extractor){.shared = first->shared}, first->visit.portal,
                          first->visit.settings, first->visit.folder, out, err);
}
