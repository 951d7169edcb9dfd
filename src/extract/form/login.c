/* SPDX-License-Identifier: MIT */
/* Login, tried once. */
#include "extract/form/login.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/form/page_words.h"
#include "extract/form/refusals.h"
#include "base/secret.h"
#include "base/url.h"
#include "extract/form/watch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What may come up, in order of precedence; between OPTIONAL and REFUSED the steps that are clicked
 * if they do. */
enum {
    INSIDE,
    OPTIONAL,
    REFUSED = OPTIONAL + PORTAL_NOTICES_MAX,
    FORM,
    RENEWAL,
    CAPTCHA,
    SIGNS,
};

static const struct locator nothing;

enum { HTTP_BAD_REQUEST = 400, HTTP_TOO_MANY = 429, HTTP_SERVER_ERROR = 500 };

const struct locator *login_form(const struct portal *portal)
{
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

/* A login under way. */
struct attempt {
    const struct stage *stage;
    struct sign signs[SIGNS];
    size_t mandatory; /* steps; those after them are clicked if they come up */
    struct page_words facade;
    struct watch watch;
};

static const char *secret_of(const struct stage *stage)
{
    const char *password = stage->settings->password;

    return password ? password : "";
}

static int64_t element_deadline(const struct stage *stage)
{
    return clock_ms() + (int64_t)stage->portal->deadlines.element * 1000;
}

/* Whoever is told this must not try again: each further try may lock the account. `words` NULL:
 * what the page says must do. */
static bool refuse(const struct attempt *attempt, const char *words, struct error *err)
{
    const char *secret = secret_of(attempt->stage);
    const struct page_words *facade = &attempt->facade;
    const bool asks = facade->captcha || facade->renewal;

    if (words && !secret_shows(words, strlen(words), secret)) {
        error_set(err, ERROR_LOGIN, "the portal refuses: %s", words);
        if (asks)
            page_words_quote(
                &(struct page_words){.captcha = facade->captcha, .renewal = facade->renewal}, "",
                err);
        return false;
    }
    if (words)
        return error_set(err, ERROR_LOGIN,
                         "the portal refuses; its words hold what was typed and are left out");
    error_set(err, ERROR_LOGIN, "the portal lets nobody in");
    page_words_quote(facade, secret, err);
    return false;
}

/* The form again: a captcha, a form for a new password, the page's words, or nothing at all. */
static bool refuse_by_form(const struct attempt *attempt, struct error *err)
{
    error_set(err, ERROR_LOGIN, "the portal shows its login page again");
    if (!page_words_quote(&attempt->facade, secret_of(attempt->stage), err))
        error_append(err, ", without a word (is the password right?)");
    return false;
}

/* Neither of the two pages: a refusal if it says so, else a page that the profile does not know. To
 * try again is safe only as long as nothing was said. */
static bool blame_other_page(const struct attempt *attempt, struct error *err)
{
    const struct stage *stage = attempt->stage;
    const struct portal *portal = stage->portal;
    const struct page_words *facade = &attempt->facade;
    const struct page *page = stage->page;

    if (page->status < HTTP_SERVER_ERROR && page->status != HTTP_TOO_MANY &&
        (facade->captcha || facade->renewal ||
         refusals_match(&portal->login_refusals, facade->title) ||
         refusals_match(&portal->login_refusals, facade->words)))
        return refuse(attempt, NULL, err);
    error_set(err, ERROR_PORTAL, "neither %s nor a refusal appeared within %d s",
              way(&portal->logged_in), portal->deadlines.element);
    bool says = page_words_quote(facade, secret_of(stage), err);
    if (page->status >= HTTP_BAD_REQUEST)
        error_context(err, "HTTP %d", page->status);
    if (page->status >= HTTP_BAD_REQUEST || page->moving || !says)
        error_mark_transient(err);
    return false;
}

/* What the portal answered to the credentials. */
static bool judge(struct attempt *attempt, struct error *err)
{
    const struct watch *watch = &attempt->watch;
    struct page *page = attempt->stage->page;

    if (watch->failure.kind) {
        *err = watch->failure;
        return false;
    }
    if (watch->which == INSIDE)
        return true;
    if (!page_words_read(&attempt->facade, page, element_deadline(attempt->stage), err))
        return false;
    if (watch->which == REFUSED)
        return refuse(attempt, watch->text, err);
    if (page->dialog)
        return refuse(attempt, page->dialog, err);
    if (watch->which == FORM)
        return refuse_by_form(attempt, err);
    if (watch->which >= 0)
        return refuse(attempt, NULL, err);
    return blame_other_page(attempt, err);
}

/* Captchas as elements whose coming means something; page.js looks more closely. */
static const char *const captcha_ways[] = {"iframe[src*=captcha i], iframe[title*=captcha i]",
                                           "iframe[src*='challenges.cloudflare']",
                                           "input[name*=captcha i], img[src*=captcha i]"};
static const struct locator captcha = {.any = {captcha_ways, 3}};
static const char *const renewal_ways[] = {"(//input[@type='password'])[2]"};
static const struct locator renewal = {.any = {renewal_ways, 1}};

static void begin_attempt(struct attempt *attempt, const struct stage *stage)
{
    const struct steps *steps = &stage->portal->login;

    *attempt = (struct attempt){
        .stage = stage,
        .signs =
            {
                [INSIDE] = {.at = &stage->portal->logged_in},
                [REFUSED] = {.at = &stage->portal->login_error, .has_words = true},
                [FORM] = {.at = login_form(stage->portal)},
                [RENEWAL] = {.at = &renewal},
                [CAPTCHA] = {.at = &captcha},
            },
        .mandatory = steps->count,
    };
    for (size_t i = OPTIONAL; i < REFUSED; i++)
        attempt->signs[i].at = &nothing;
    while (attempt->mandatory > 0 && steps->items[attempt->mandatory - 1].optional)
        attempt->mandatory--;
    for (size_t i = attempt->mandatory; i < steps->count; i++)
        attempt->signs[OPTIONAL + i - attempt->mandatory].at = &steps->items[i].at;
}

/* Takes steps and waits for what they lead to: watch.which. */
static bool take_and_watch(struct attempt *attempt, const struct stage *outside, size_t from,
                           size_t to, struct error *err)
{
    const struct stage *stage = attempt->stage;
    struct watch *watch = &attempt->watch;

    watch_done(watch);
    watch_begin(watch, stage->page, NULL, attempt->signs, SIGNS, 0);
    if (!watch_note(watch, element_deadline(stage), err) ||
        !steps_take(outside, &stage->portal->login, from, to, err))
        return false;
    watch_ask(watch);
    return devtools_wait(stage->page->devtools, watch_seen, watch, element_deadline(stage), err) !=
           DEVTOOLS_FAILED;
}

/* What stands between the login and the page behind it is clicked away, each thing once. */
static bool pass_notices(struct attempt *attempt, const struct stage *outside, struct error *err)
{
    while (attempt->watch.which >= OPTIONAL && attempt->watch.which < REFUSED) {
        size_t step = attempt->mandatory + (size_t)attempt->watch.which - OPTIONAL;
        attempt->signs[attempt->watch.which].at = &nothing;
        log_info("portal.notice", log_text("clicked", way(&outside->portal->login.items[step].at)));
        if (!take_and_watch(attempt, outside, step, step + 1, err))
            return false;
    }
    return true;
}

bool login_submit(const struct stage *stage, bool *sent, struct error *err)
{
    struct stage outside = *stage;
    struct attempt attempt;

    outside.login = NULL; /* the login page is where we are meant to be */
    log_info("portal.login", log_text("url", stage->origin));
    page_note_entrance(stage->page);
    page_forget_dialog(stage->page);
    begin_attempt(&attempt, stage);
    *sent = page_words_note(&attempt.facade, stage->page, element_deadline(stage), err) &&
            take_and_watch(&attempt, &outside, 0, attempt.mandatory, err);
    bool good = *sent && pass_notices(&attempt, &outside, err) && judge(&attempt, err);
    watch_done(&attempt.watch);
    page_words_done(&attempt.facade);
    return good || error_context(err, "login");
}

/* The page before the login is neither of the two that are known. */
static bool blame_strange_page(const struct stage *stage, struct error *err)
{
    const struct portal *portal = stage->portal;
    struct page_words facade = {0};

    if (!page_words_read(&facade, stage->page, element_deadline(stage), err))
        return false;
    error_set(err, facade.captcha ? ERROR_LOGIN : ERROR_PORTAL,
              "neither the login form (%s) nor %s appeared within %d s", way(login_form(portal)),
              way(&portal->logged_in), portal->deadlines.element);
    page_words_quote(&facade, secret_of(stage), err);
    if (!facade.captcha)
        error_mark_transient(err);
    page_words_done(&facade);
    return false;
}

/* Which of the two pages the portal shows: INSIDE or FORM. */
static bool look_around(const struct stage *stage, int *out, struct error *err)
{
    const struct portal *portal = stage->portal;
    struct sign signs[FORM + 1] = {
        [INSIDE] = {.at = &portal->logged_in}, [FORM] = {.at = login_form(portal)}};
    struct watch watch;

    for (size_t i = OPTIONAL; i < FORM; i++)
        signs[i].at = &nothing;
    watch_begin(&watch, stage->page, NULL, signs, sizeof(signs) / sizeof(*signs), 0);
    watch_ask(&watch);
    enum devtools_outcome outcome =
        devtools_wait(stage->page->devtools, watch_seen, &watch, element_deadline(stage), err);
    if (outcome == DEVTOOLS_MET && watch.failure.kind)
        *err = watch.failure;
    *out = watch.which;
    watch_done(&watch);
    if (outcome == DEVTOOLS_LATE)
        return blame_strange_page(stage, err);
    return *out >= 0;
}

/* Says which page it was. */
static bool add_page(const char *url, struct error *err)
{
    MEM_FREE_TEXT char *page = url_without_secrets(url);

    return error_context(err, "%s", page);
}

bool login_look(const struct stage *stage, const char *url, bool *inside, struct error *err)
{
    int shown = -1;
    int64_t deadline = clock_ms() + (int64_t)stage->portal->deadlines.page * 1000;

    if (!page_navigate(stage->page, url, deadline, err) || !look_around(stage, &shown, err))
        return add_page(url, err);
    *inside = shown == INSIDE;
    return true;
}
