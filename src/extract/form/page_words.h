/*
 * What a page says in its own words, in whatever place: the lines that a person sees now and did
 * not see before, its title, and whether it asks for a captcha or for a new password.
 *
 *     facade_note   before the action whose answer is in question
 *     facade_read   after it
 *     facade_done
 */
#ifndef EXTRACT_FORM_PAGE_WORDS_H
#define EXTRACT_FORM_PAGE_WORDS_H

#include "base/error.h"
#include "extract/browser/page.h"

#include <stdbool.h>
#include <stdint.h>

enum { FACADE_TEXT_SIZE = 640, FACADE_WORDS_SIZE = 8192 };

struct facade {
    char *before; /* as JSON; NULL: nothing was noted */
    bool captcha, renewal;
    char title[FACADE_TEXT_SIZE]; /* empty: the same as before */
    char words[FACADE_WORDS_SIZE];
};

/* A page that does not answer has nothing to say; false only if the browser failed. */
bool facade_note(struct facade *facade, struct page *page, int64_t deadline, struct error *err);
bool facade_read(struct facade *facade, struct page *page, int64_t deadline, struct error *err);

/* Appends title, words and what is asked for, cut to what a message may hold. Words that hold
 * `secret` are left out, and that is said. False: there was nothing to append. */
bool facade_quote(const struct facade *facade, const char *secret, struct error *err);

void facade_done(struct facade *facade); /* accepts a zeroed one */

#endif
