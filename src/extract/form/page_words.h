/*
 * Reads what a page says in its own words, wherever they stand: the lines that a person sees now
 * and did not see before, the title, and whether it asks for a captcha or for a new password. Finds
 * in them the words by which a portal refuses, as the profile lists them.
 *
 *     page_words_note   before the action whose answer is in question
 *     page_words_read   after it
 *     page_words_done
 */
#ifndef EXTRACT_FORM_PAGE_WORDS_H
#define EXTRACT_FORM_PAGE_WORDS_H

#include "base/error.h"
#include "extract/browser/page.h"
#include "model/report.h"

#include <stdbool.h>
#include <stdint.h>

enum { PAGE_WORDS_TEXT_SIZE = 640, PAGE_WORDS_WORDS_SIZE = 8192 };

struct page_words {
    char *before; /* what the page showed then, as JSON; owned; NULL: not noted */
    bool captcha, renewal;
    char title[PAGE_WORDS_TEXT_SIZE]; /* empty: none, or the same as before */
    char words[PAGE_WORDS_WORDS_SIZE];
};

/* Notes what the page shows. A page that does not answer by the deadline says nothing. False only
 * if the browser or the script failed, or a stop was asked for. */
bool page_words_note(struct page_words *said, struct page *page, int64_t deadline,
                     struct error *err);
/* Reads what the page shows that it did not show then; fails in the same way. */
bool page_words_read(struct page_words *said, struct page *page, int64_t deadline,
                     struct error *err);

/* Appends title, words and what the page asks for to an error that is set, cut to what a message
 * may hold. Words that contain `secret` are left out, and the message says so. Returns whether
 * there was something to append. */
bool page_words_quote(const struct page_words *said, const char *secret, struct error *err);

void page_words_done(struct page_words *said); /* accepts a zeroed one */

/* Whether one of the patterns is in the text. Upper case, accents and blanks are ignored, * stands
 * for any text. Only the first 64 KiB of a text are searched. */
bool refusals_match(const struct names *refusals, const char *text);

#endif
