/* SPDX-License-Identifier: MIT */
/* Asks a page for its words by page.js, and compares normalized patterns and texts. */
#include "extract/form/page_words.h"

#include "base/buf.h"
#include "base/secret.h"
#include "extract/browser/script.h"
#include "model/header.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the words that a message shows. */
enum { SHOWN_MAX = 300 };

static bool run(struct page *page, const char *call, int64_t deadline, json_t **value,
                struct error *err)
{
    enum script_outcome outcome;

    do
        outcome = script_run(page, call, deadline, value, err);
    while (outcome == SCRIPT_LOST);
    return outcome != SCRIPT_FAILED;
}

bool page_words_note(struct page_words *said, struct page *page, int64_t deadline,
                     struct error *err)
{
    json_t *value = NULL;

    if (!run(page, "noteWords()", deadline, &value, err))
        return false;
    free(said->before);
    said->before = value ? json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    json_decref(value);
    return true;
}

bool page_words_read(struct page_words *said, struct page *page, int64_t deadline,
                     struct error *err)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);
    const char *title = "", *words = "";
    int captcha = 0, renewal = 0;
    json_t *value = NULL;

    buf_addf(&call, "readWords(%s)", said->before ? said->before : "{}");
    if (!run(page, buf_text(&call), deadline, &value, err))
        return false;
    json_unpack(value, "{s:s, s:s, s:b, s:b}", "title", &title, "words", &words, "captcha",
                &captcha, "renewal", &renewal);
    snprintf(said->title, sizeof(said->title), "%s", title);
    snprintf(said->words, sizeof(said->words), "%s", words);
    said->captcha = captcha;
    said->renewal = renewal;
    json_decref(value);
    return true;
}

/* Returns how many bytes a message may show, without half a character. */
static int shown_length(const char *text)
{
    size_t len = strlen(text);

    if (len <= SHOWN_MAX)
        return (int)len;
    len = SHOWN_MAX;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return (int)len;
}

bool page_words_quote(const struct page_words *said, const char *secret, struct error *err)
{
    if (secret_shows(said->title, strlen(said->title), secret) ||
        secret_shows(said->words, strlen(said->words), secret))
        error_append(err, "; its words hold what was typed and are left out");
    else if (*said->title && *said->words)
        error_append(err, "; the page '%s' says: %.*s", said->title, shown_length(said->words),
                     said->words);
    else if (*said->title || *said->words)
        error_append(err, "; the page says: %s%.*s", said->title, shown_length(said->words),
                     said->words);
    if (said->captcha)
        error_append(err, "; it asks for a captcha, which only a person can answer");
    if (said->renewal)
        error_append(err, "; it asks for a new password: the present one may have expired");
    return *said->title || *said->words || said->captcha || said->renewal;
}

void page_words_done(struct page_words *said)
{
    free(said->before);
    *said = (struct page_words){0};
}

enum { TEXT_MAX = 64 * 1024 };

bool refusals_match(const struct names *refusals, const char *text)
{
    BUF_DONE struct buf plain = BUF_INIT(TEXT_MAX);

    if (refusals->count == 0)
        return false;
    header_normalize(&plain, text, strlen(text));
    for (size_t i = 0; i < refusals->count; i++) {
        BUF_DONE struct buf pattern = BUF_INIT(TEXT_MAX), anywhere = BUF_INIT(TEXT_MAX);
        header_normalize(&pattern, refusals->items[i], strlen(refusals->items[i]));
        buf_addf(&anywhere, "*%s*", buf_text(&pattern));
        if (fnmatch(buf_text(&anywhere), buf_text(&plain), 0) == 0)
            return true;
    }
    return false;
}
