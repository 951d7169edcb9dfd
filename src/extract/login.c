/* SPDX-License-Identifier: MIT */
/* Login, tried once. */
#include "extract/login.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/watch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { INSIDE, REFUSED, FORM };

static const char *const default_ports[][2] = {{"http://", ":80"}, {"https://", ":443"}};

char *login_origin(const char *url)
{
    const char *host = strstr(url, "://");

    if (!host || host[3] == '\0')
        return NULL;
    size_t scheme = (size_t)(host - url) + 3;
    const char *end = url + scheme + strcspn(url + scheme, "/?#");
    const char *at = memchr(url + scheme, '@', (size_t)(end - url) - scheme);
    const char *from = at ? at + 1 : url + scheme;
    char *origin = mem_format("%.*s%.*s", (int)scheme, url, (int)(end - from), from);
    for (char *c = origin; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    for (size_t i = 0; i < sizeof(default_ports) / sizeof(*default_ports); i++) {
        const char *port = default_ports[i][1];
        size_t len = strlen(origin), tail = strlen(port);
        if (strncmp(origin, default_ports[i][0], strlen(default_ports[i][0])) == 0 && len > tail &&
            strcmp(origin + len - tail, port) == 0)
            origin[len - tail] = '\0';
    }
    return origin;
}

const struct locator *login_form(const struct portal *portal)
{
    static const struct locator nothing;
    const struct steps *steps = &portal->login;

    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].value == STEP_PASSWORD)
            return &steps->items[i].at;
    return steps->count ? &steps->items[0].at : &nothing;
}

static const char *way(const struct locator *locator)
{
    return locator->any.count ? locator->any.items[0] : "nothing";
}

/* What the portal answered to the credentials. */
static bool judge(const struct stage *stage, enum devtools_outcome outcome,
                  const struct watch *watch, struct error *err)
{
    const struct page *page = stage->page;

    if (outcome == DEVTOOLS_FAILED)
        return false;
    if (watch->failure.kind) {
        *err = watch->failure;
        return false;
    }
    if (watch->which == INSIDE)
        return true;
    if (watch->which == REFUSED)
        return error_set(err, ERROR_LOGIN, "the portal refuses: %s", watch->text);
    if (page->dialog)
        return error_set(err, ERROR_LOGIN, "the portal refuses: %s", page->dialog);
    if (watch->which == FORM)
        return error_set(
            err, ERROR_LOGIN,
            "the portal shows its login page again, without a word (is the password right?)");
    error_set(err, ERROR_PORTAL, "neither %s nor a refusal appeared within %d s",
              way(&stage->portal->logged_in), stage->portal->deadlines.element);
    if (page->status >= 400)
        error_context(err, "HTTP %d", page->status);
    return error_mark_transient(err);
}

static int64_t element_deadline(const struct stage *stage)
{
    return clock_ms() + (int64_t)stage->portal->deadlines.element * 1000;
}

bool login_submit(const struct stage *stage, struct error *err)
{
    const struct portal *portal = stage->portal;
    const struct sign signs[] = {
        [INSIDE] = {.at = &portal->logged_in},
        [REFUSED] = {.at = &portal->login_error, .has_words = true},
        [FORM] = {.at = login_form(portal)},
    };
    struct stage outside = *stage;
    struct watch watch;
    bool good = false;

    outside.login = NULL; /* the login page is where we are meant to be */
    log_info("portal.login", log_text("url", stage->origin));
    page_note_entrance(stage->page);
    page_forget_dialog(stage->page);
    watch_begin(&watch, stage->page, NULL, signs, sizeof(signs) / sizeof(*signs), 0);
    if (watch_note(&watch, element_deadline(stage), err) &&
        steps_take(&outside, &portal->login, 0, portal->login.count, err)) {
        watch_ask(&watch);
        good = judge(
            stage,
            devtools_wait(stage->page->devtools, watch_seen, &watch, element_deadline(stage), err),
            &watch, err);
    }
    watch_done(&watch);
    return good || error_context(err, "login");
}

/* Which of the two pages the portal shows: INSIDE or FORM. */
static bool look_around(const struct stage *stage, int *out, struct error *err)
{
    const struct portal *portal = stage->portal;
    const struct locator nothing = {0};
    const struct sign signs[] = {
        [INSIDE] = {.at = &portal->logged_in},
        [REFUSED] = {.at = &nothing},
        [FORM] = {.at = login_form(portal)},
    };
    struct watch watch;

    watch_begin(&watch, stage->page, NULL, signs, sizeof(signs) / sizeof(*signs), 0);
    watch_ask(&watch);
    enum devtools_outcome outcome =
        devtools_wait(stage->page->devtools, watch_seen, &watch, element_deadline(stage), err);
    if (outcome == DEVTOOLS_MET && watch.failure.kind)
        *err = watch.failure;
    if (outcome == DEVTOOLS_LATE) {
        error_set(err, ERROR_PORTAL, "neither the login form (%s) nor %s appeared within %d s",
                  way(signs[FORM].at), way(&portal->logged_in), portal->deadlines.element);
        error_mark_transient(err);
    }
    *out = watch.which;
    watch_done(&watch);
    return *out >= 0;
}

/* Names the page without what may be secret in its address: user, session, query. */
static bool blame_page(const char *url, struct error *err)
{
    MEM_FREE_TEXT char *origin = login_origin(url);
    const char *host = strstr(url, "://");
    const char *path = host ? host + 3 + strcspn(host + 3, "/?#") : "";

    return error_context(err, "%s%.*s", origin ? origin : "", (int)strcspn(path, ";?#"), path);
}

bool login_look(const struct stage *stage, const char *url, bool *inside, struct error *err)
{
    int shown = -1;
    int64_t deadline = clock_ms() + (int64_t)stage->portal->deadlines.page * 1000;

    if (!page_navigate(stage->page, url, deadline, err) || !look_around(stage, &shown, err))
        return blame_page(url, err);
    *inside = shown == INSIDE;
    return true;
}
