/*
 * Turns an export that the browser would show as text into a download.
 *
 * An answer of type text/plain becomes text in the window, not a download. While an export is
 * waited for, such an answer is held up and gets the header of a file before the browser sees it.
 * So its bytes are not decoded, and its transfer is verified like that of every other file.
 */
#ifndef EXTRACT_BROWSER_INLINE_ANSWER_H
#define EXTRACT_BROWSER_INLINE_ANSWER_H

#include "extract/browser/devtools.h"

#include <jansson.h>
#include <stdbool.h>

/* The name of a file for which the portal gives no name. */
#define INLINE_ANSWER_NAME "shown-by-the-portal.csv"

/* Begins or ends holding up the answers to requests for documents in a tab. Each of them waits
 * until inline_answer_event gets its event. */
void inline_answer_watch(struct devtools *devtools, const char *session, bool on);

/* Releases the answer of a Fetch.requestPaused; if it is text, as a file. Must get each such event,
 * else the answer never reaches the browser. */
void inline_answer_event(struct devtools *devtools, const char *session, const json_t *params);

#endif
