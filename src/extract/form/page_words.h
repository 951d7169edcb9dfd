/*
 * What a page says in its own words, in whatever place: the lines that a person sees now and did
 * not see before, its title, and whether it asks for a captcha or for a new password.
 *
 *     page_words_note   before the action whose answer is in question
 *     page_words_read   after it
 *     page_words_done
 */
#ifndef EXTRACT_FORM_PAGE_WORDS_H
#define EXTRACT_FORM_PAGE_WORDS_H

#include "base/error.h"
#include "extract/browser/page.h"

#include <stdbool.h>
#include <stdint.h>

enum { PAGE_WORDS_TEXT_SIZE = 640, PAGE_WORDS_WORDS_SIZE = 8192 };

struct page_words {
    char *before; /* as JSON; NULL: nothing was noted */
    bool captcha, renewal;
    char title[PAGE_WORDS_TEXT_SIZE]; /* empty: the same as before */
    char words[PAGE_WORDS_WORDS_SIZE];
};

/* A page that does not answer has nothing to say; false only if the browser failed. */
bool page_words_note(struct page_words *facade, struct page *page, int64_t deadline,
                     struct error *err);
bool page_words_read(struct page_words *facade, struct page *page, int64_t deadline,
                     struct error *err);

/* Appends title, words and what is asked for, cut to what a message may hold. Words that hold
 * `secret` are left out, and that is said. False: there was nothing to append. */
bool page_words_quote(const struct page_words *facade, const char *secret, struct error *err);

void page_words_done(struct page_words *facade); /* accepts a zeroed one */

#endif
