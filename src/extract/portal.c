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
#include "extract/login.h"
#include "extract/shortcut.h"
#include "extract/steps.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MAX = 256 };

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
    struct error refusal;        /* of a login: nothing is tried after that */
};

static struct stage stage_of(struct portal_extractor *self, const struct window *window)
{
    return (struct stage){
        .page = &self->page,
        .portal = self->portal,
        .settings = self->settings,
        .origin = self->origin,
        .window = window,
        .deadline = clock_ms() + (int64_t)self->portal->deadlines.window * 1000,
    };
}

static bool enter(struct portal_extractor *self, struct error *err)
{
    struct stage stage = stage_of(self, NULL);

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
    return error_set(err, ERROR_DATA, "the portal sent '%s', and not %s", name, patterns);
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
                    const struct report *report, struct download *download, struct watch *signs,
                    struct export *out, struct error *err)
{
    char *path = NULL;
    time_t clicked = clock_now();
    bool good = false;

    if (!steps_take_last(stage, &report->window, err))
        return false;
    watch_ask(signs);
    if (download_wait(download, signs, &self->portal->deadlines, stage->deadline, &path, err)) {
        good = check_name(report, download->name, err) &&
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
    const struct portal *portal = self->portal;
    const struct sign signs[] = {
        {.at = &portal->page_error, .has_words = true, .meaning = "the portal refuses"},
        {.at = login_form(portal), .meaning = "the portal logged us out"},
    };
    struct stage stage = stage_of(self, window);
    struct download download;
    struct watch watch;

    assert(report->window.count > 0); /* config/ sees to it: the last step starts the download */
    if (!steps_take(&stage, &report->window, 0, report->window.count - 1, err))
        return false;
    watch_begin(&watch, &self->page, signs, sizeof(signs) / sizeof(*signs));
    bool good = watch_note(&watch, stage.deadline, err);
    download_begin(&download, &self->page, self->folder);
    shortcut_watch(&self->shortcut, report, window);
    good = good && receive(self, &stage, report, &download, &watch, out, err);
    shortcut_learn(&self->shortcut, report, window, good ? out->paths[0] : NULL);
    download_done(&download);
    watch_done(&watch);
    return good;
}

static bool click_window(struct portal_extractor *self, const struct report *report,
                         const struct window *window, struct export *out, struct error *err)
{
    return (self->opened == report || open_report(self, report, err)) &&
           export_window(self, report, window, out, err);
}

static bool take_window(struct portal_extractor *self, const struct report *report,
                        const struct window *window, struct export *out, struct error *err)
{
    MEM_FREE_TEXT char *path = name_file(self, report, window);
    time_t asked = clock_now();

    switch (shortcut_take(&self->shortcut, report, window, path, err)) {
    case SHORTCUT_TAKEN:
        export_add(out, path);
        out->extracted_at = asked;
        return true;
    case SHORTCUT_FAILED:
        return false;
    case SHORTCUT_LEFT: /* the session may have ended: that is seen, and mended, at the beginning */
        self->opened = NULL;
        self->landed = false;
        break;
    case SHORTCUT_NONE:
        break;
    }
    return click_window(self, report, window, out, err);
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
    if (!stop_check(err) || !take_window(self, report, &window, &export, err)) {
        self->opened = NULL; /* whatever is shown now: the next window begins again */
        self->landed = false;
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
    int seconds = self->portal->deadlines.browser;
    return browser_open(self->settings, seconds, &self->browser, err) &&
           page_open(&self->page, &self->browser.devtools, self->folder,
                     clock_ms() + (int64_t)seconds * 1000, err) &&
           enter(self, err);
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
