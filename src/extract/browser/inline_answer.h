/*
 * Exports that the browser would show: an answer of type text/plain becomes text in the window, and
 * no download. While an export is waited for, such an answer is told to be a file before the
 * browser sees it, and so takes the way of all others: its bytes are not decoded, its transfer is
 * verified.
 */
#ifndef EXTRACT_BROWSER_INLINE_ANSWER_H
#define EXTRACT_BROWSER_INLINE_ANSWER_H

#include "extract/browser/devtools.h"

#include <jansson.h>
#include <stdbool.h>

/* The name of a file to which the portal gave none. */
#define INLINE_ANSWER_NAME "shown-by-the-portal.csv"

/* Begins or ends holding up the answers that documents get in a tab, each until
 * inline_answer_event. */
void inline_answer_watch(struct devtools *devtools, const char *session, bool on);

/* Lets the answer of a Fetch.requestPaused go, as a file if it is text. Must be told of each. */
void inline_answer_event(struct devtools *devtools, const char *session, const json_t *params);

#endif
