/* SPDX-License-Identifier: MIT */
/* Fills in the login form once and judges the portal's answer. */
#include "extract/form/login.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/form/page_words.h"
#include "base/secret.h"
#include "base/url.h"
#include "extract/form/watch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The signs of an answer, in order of precedence. Those from OPTIONAL up to REFUSED are elements of
 * optional steps, which are clicked if they appear. */
enum {
    INSIDE,
    OPTIONAL,
    REFUSED = OPTIONAL + PORTAL_NOTICES_MAX,
    FORM,
    RENEWAL,
    CAPTCHA,
    SIGNS,
};

static const struct locator no_locator;

enum { HTTP_BAD_REQUEST = 400, HTTP_TOO_MANY = 429, HTTP_SERVER_ERROR = 500 };

bool login_is_url(const struct login_state *state, const char *url)
{
    const size_t len = state->url ? strcspn(state->url, ";?#") : 0;

    return len > 0 && strcspn(url, ";?#") == len && strncmp(url, state->url, len) == 0;
}

/* Notes the address of the login page, which is shown now. */
static void note_url(const struct stage *stage)
{
    free(stage->login_state->url);
    stage->login_state->url = mem_copy(stage->page->url);
}

const struct locator *login_form(const struct portal *portal)
{
    const struct steps *steps = &portal->login;

    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].value == STEP_PASSWORD)
            return &steps->items[i].at;
    return steps->count ? &steps->items[0].at : &no_locator;
}

static const char *first_alternative(const struct locator *locator)
{
    return locator->any.count ? locator->any.items[0] : "nothing";
}

/* A login under way. */
struct attempt {
    const struct stage *stage;
    struct sign signs[SIGNS];
    size_t mandatory; /* number of steps; the later ones are clicked if their elements appear */
    struct page_words said;
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

/* Sets ERROR_LOGIN with the portal's refusal; `words` NULL: with what the page says. It is not
 * transient, because each further try may lock the account. Returns false. */
static bool report_refusal(const struct attempt *attempt, const char *words, struct error *err)
{
    const char *secret = secret_of(attempt->stage);
    const struct page_words *said = &attempt->said;
    const bool asks = said->captcha || said->renewal;

    if (words && !secret_shows(words, strlen(words), secret)) {
        error_set(err, ERROR_LOGIN, "the portal refuses: %s", words);
        if (asks)
            page_words_quote(
                &(struct page_words){.captcha = said->captcha, .renewal = said->renewal}, "", err);
        return false;
    }
    if (words)
        return error_set(err, ERROR_LOGIN,
                         "the portal refuses; its words hold what was typed and are left out");
    error_set(err, ERROR_LOGIN, "the portal lets nobody in");
    page_words_quote(said, secret, err);
    return false;
}

/* Sets ERROR_LOGIN because the login form came again, with what it asks for or says. Returns
 * false. */
static bool report_form_again(const struct attempt *attempt, struct error *err)
{
    error_set(err, ERROR_LOGIN, "the portal shows its login page again");
    if (!page_words_quote(&attempt->said, secret_of(attempt->stage), err))
        error_append(err, ", without a word (is the password right?)");
    return false;
}

/* Reports a page that is neither the login page nor the one behind it: as a refusal if it says so,
 * else as unknown. An unknown page is transient only if it says nothing, is still loading or has a
 * status of 400 or more. Returns false. */
static bool report_other_page(const struct attempt *attempt, struct error *err)
{
    const struct stage *stage = attempt->stage;
    const struct portal *portal = stage->portal;
    const struct page_words *said = &attempt->said;
    const struct page *page = stage->page;

    if (page->status < HTTP_SERVER_ERROR && page->status != HTTP_TOO_MANY &&
        (said->captcha || said->renewal || refusals_match(&portal->login_refusals, said->title) ||
         refusals_match(&portal->login_refusals, said->words)))
        return report_refusal(attempt, NULL, err);
    error_set(err, ERROR_PORTAL, "neither %s nor a refusal appeared within %d s",
              first_alternative(&portal->logged_in), portal->deadlines.element);
    bool says = page_words_quote(said, secret_of(stage), err);
    if (page->status >= HTTP_BAD_REQUEST)
        error_context(err, "HTTP %d", page->status);
    if (page->status >= HTTP_BAD_REQUEST || page->moving || !says)
        error_mark_transient(err);
    return false;
}

/* Judges what the portal answered to the credentials. True: we are logged in. */
static bool judge_answer(struct attempt *attempt, struct error *err)
{
    const struct watch *watch = &attempt->watch;
    struct page *page = attempt->stage->page;

    if (watch->failure.kind) {
        *err = watch->failure;
        return false;
    }
    if (watch->which == INSIDE)
        return true;
    if (!page_words_read(&attempt->said, page, element_deadline(attempt->stage), err))
        return false;
    if (watch->which == REFUSED)
        return report_refusal(attempt, watch->text, err);
    if (page->dialog)
        return report_refusal(attempt, page->dialog, err);
    if (watch->which == FORM)
        return report_form_again(attempt, err);
    if (watch->which >= 0)
        return report_refusal(attempt, NULL, err);
    return report_other_page(attempt, err);
}

/* Locators of captchas and of a form for a new password, to end the wait; page.js looks more
 * closely. */
static const char *const captcha_alternatives[] = {
    "iframe[src*=captcha i], iframe[title*=captcha i]", "iframe[src*='challenges.cloudflare']",
    "input[name*=captcha i], img[src*=captcha i]"};
static const struct locator captcha = {.any = {captcha_alternatives, 3}};
static const char *const renewal_alternatives[] = {"(//input[@type='password'])[2]"};
static const struct locator renewal = {.any = {renewal_alternatives, 1}};

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
        attempt->signs[i].at = &no_locator;
    while (attempt->mandatory > 0 && steps->items[attempt->mandatory - 1].optional)
        attempt->mandatory--;
    for (size_t i = attempt->mandatory; i < steps->count; i++)
        attempt->signs[OPTIONAL + i - attempt->mandatory].at = &steps->items[i].at;
}

/* Takes steps and waits for a sign, which is then watch.which; -1: none came in time. */
static bool take_and_watch(struct attempt *attempt, const struct stage *login_stage, size_t from,
                           size_t to, struct error *err)
{
    const struct stage *stage = attempt->stage;
    struct watch *watch = &attempt->watch;

    watch_done(watch);
    watch_begin(watch, stage->page, NULL, attempt->signs, SIGNS, 0);
    if (!watch_note(watch, element_deadline(stage), err) ||
        !steps_take(login_stage, &stage->portal->login, from, to, err))
        return false;
    watch_ask(watch);
    return devtools_wait(stage->page->devtools, watch_seen, watch, element_deadline(stage), err) !=
           DEVTOOLS_FAILED;
}

/* Clicks away the notices between the login and the page behind it, each once. */
static bool click_notices(struct attempt *attempt, const struct stage *login_stage,
                          struct error *err)
{
    while (attempt->watch.which >= OPTIONAL && attempt->watch.which < REFUSED) {
        size_t step = attempt->mandatory + (size_t)attempt->watch.which - OPTIONAL;
        attempt->signs[attempt->watch.which].at = &no_locator;
        log_info(
            "portal.notice",
            log_text("clicked", first_alternative(&login_stage->portal->login.items[step].at)));
        if (!take_and_watch(attempt, login_stage, step, step + 1, err))
            return false;
    }
    return true;
}

bool login_submit(const struct stage *stage, bool *sent, struct error *err)
{
    struct stage login_stage = *stage;
    struct attempt attempt;

    login_stage.login = NULL; /* the login page is expected here */
    log_info("portal.login", log_text("url", stage->origin));
    note_url(stage);
    page_forget_dialog(stage->page);
    begin_attempt(&attempt, stage);
    *sent = page_words_note(&attempt.said, stage->page, element_deadline(stage), err) &&
            take_and_watch(&attempt, &login_stage, 0, attempt.mandatory, err);
    bool good = *sent && click_notices(&attempt, &login_stage, err) && judge_answer(&attempt, err);
    watch_done(&attempt.watch);
    page_words_done(&attempt.said);
    return good || error_context(err, "login");
}

/* Reports that, before the login, a page is shown that is neither of the two known ones:
 * ERROR_LOGIN if it asks for a captcha, else ERROR_PORTAL (transient). Returns false. */
static bool report_unknown_page(const struct stage *stage, struct error *err)
{
    const struct portal *portal = stage->portal;
    struct page_words said = {0};

    if (!page_words_read(&said, stage->page, element_deadline(stage), err))
        return false;
    error_set(err, said.captcha ? ERROR_LOGIN : ERROR_PORTAL,
              "neither the login form (%s) nor %s appeared within %d s",
              first_alternative(login_form(portal)), first_alternative(&portal->logged_in),
              portal->deadlines.element);
    page_words_quote(&said, secret_of(stage), err);
    if (!said.captcha)
        error_mark_transient(err);
    page_words_done(&said);
    return false;
}

/* Finds out which of the two known pages is shown: *out is INSIDE or FORM. */
static bool find_shown_page(const struct stage *stage, int *out, struct error *err)
{
    const struct portal *portal = stage->portal;
    struct sign signs[FORM + 1] = {
        [INSIDE] = {.at = &portal->logged_in}, [FORM] = {.at = login_form(portal)}};
    struct watch watch;

    for (size_t i = OPTIONAL; i < FORM; i++)
        signs[i].at = &no_locator;
    watch_begin(&watch, stage->page, NULL, signs, sizeof(signs) / sizeof(*signs), 0);
    watch_ask(&watch);
    enum devtools_outcome outcome =
        devtools_wait(stage->page->devtools, watch_seen, &watch, element_deadline(stage), err);
    if (outcome == DEVTOOLS_MET && watch.failure.kind)
        *err = watch.failure;
    *out = watch.which;
    watch_done(&watch);
    if (outcome == DEVTOOLS_LATE)
        return report_unknown_page(stage, err);
    return *out >= 0;
}

/* Prepends the address without its secrets; returns false. */
static bool add_page_context(const char *url, struct error *err)
{
    MEM_FREE_TEXT char *page = url_without_secrets(url);

    return error_context(err, "%s", page);
}

bool login_look(const struct stage *stage, const char *url, bool *inside, struct error *err)
{
    int shown = -1;
    int64_t deadline = clock_ms() + (int64_t)stage->portal->deadlines.page * 1000;

    if (!page_navigate(stage->page, url, deadline, err) || !find_shown_page(stage, &shown, err))
        return add_page_context(url, err);
    *inside = shown == INSIDE;
    return true;
}
