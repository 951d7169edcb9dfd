/* SPDX-License-Identifier: MIT */
/* The words of a page. */
#include "extract/form/page_words.h"

#include "base/buf.h"
#include "extract/browser/script.h"
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 300 /* bytes of the words */ };

static bool ask(struct page *page, const char *call, int64_t deadline, json_t **value,
                struct error *err)
{
    enum script_outcome outcome;

    do
        outcome = script_run(page, call, deadline, value, err);
    while (outcome == SCRIPT_LOST);
    return outcome != SCRIPT_FAILED;
}

bool page_words_note(struct page_words *facade, struct page *page, int64_t deadline,
                     struct error *err)
{
    json_t *value = NULL;

    if (!ask(page, "facade()", deadline, &value, err))
        return false;
    free(facade->before);
    facade->before = value ? json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    json_decref(value);
    return true;
}

bool page_words_read(struct page_words *facade, struct page *page, int64_t deadline,
                     struct error *err)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);
    const char *title = "", *words = "";
    int captcha = 0, renewal = 0;
    json_t *value = NULL;

    buf_addf(&call, "tell(%s)", facade->before ? facade->before : "{}");
    if (!ask(page, buf_text(&call), deadline, &value, err))
        return false;
    json_unpack(value, "{s:s, s:s, s:b, s:b}", "title", &title, "words", &words, "captcha",
                &captcha, "renewal", &renewal);
    snprintf(facade->title, sizeof(facade->title), "%s", title);
    snprintf(facade->words, sizeof(facade->words), "%s", words);
    facade->captcha = captcha;
    facade->renewal = renewal;
    json_decref(value);
    return true;
}

/* As many bytes as may be shown, without half a character. */
static int shown(const char *text)
{
    size_t len = strlen(text);

    if (len <= SHOWN_MAX)
        return (int)len;
    len = SHOWN_MAX;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return (int)len;
}

bool page_words_quote(const struct page_words *facade, const char *secret, struct error *err)
{
    if (secret_shows(facade->title, strlen(facade->title), secret) ||
        secret_shows(facade->words, strlen(facade->words), secret))
        error_append(err, "; its words hold what was typed and are left out");
    else if (*facade->title && *facade->words)
        error_append(err, "; the page '%s' says: %.*s", facade->title, shown(facade->words),
                     facade->words);
    else if (*facade->title || *facade->words)
        error_append(err, "; the page says: %s%.*s", facade->title, shown(facade->words),
                     facade->words);
    if (facade->captcha)
        error_append(err, "; it asks for a captcha, which only a person can answer");
    if (facade->renewal)
        error_append(err, "; it asks for a new password: the present one may have expired");
    return *facade->title || *facade->words || facade->captcha || facade->renewal;
}

void page_words_done(struct page_words *facade)
{
    free(facade->before);
    *facade = (struct page_words){0};
}
