/*
 * Running the functions of page.js in a page, and reading what they return.
 */
#ifndef EXTRACT_BROWSER_SCRIPT_H
#define EXTRACT_BROWSER_SCRIPT_H

#include "base/buf.h"
#include "base/error.h"
#include "extract/browser/devtools.h"
#include "extract/browser/page.h"
#include "model/report.h"

#include <jansson.h>
#include <stdint.h>

enum script_outcome {
    SCRIPT_ANSWERED,
    SCRIPT_LOST, /* the document went away before it answered: normal when a page navigates */
    SCRIPT_LATE,
    SCRIPT_FAILED, /* err is set; ERROR_PORTAL if the script threw, as for a malformed locator */
};

/* Calls are text: `name(`, arguments, `)`. These add arguments; every text becomes a JSON string.
 */
#define SCRIPT_CALL_MAX ((size_t)64 << 10)
void script_add_text(struct buf *call, const char *text);
void script_add_locator(struct buf *call, const struct locator *locator); /* an array */

/* Runs `call` and waits for what it returns, and for the promise if it returns one. *value is owned
 * by the caller and set only when answered. */
enum script_outcome script_run(struct page *page, const char *call, int64_t deadline,
                               json_t **value, struct error *err);

/* The same in a tab that the page opened. */
enum script_outcome script_run_in(struct page *page, const char *session, const char *call,
                                  int64_t deadline, json_t **value, struct error *err);

/* The same in two parts: the answer arrives in `reply` while other things are waited for. `session`
 * is the page's or that of a tab which it opened. */
void script_start(struct page *page, const char *session, struct devtools_reply *reply,
                  const char *call);
enum script_outcome script_read(const struct devtools_reply *reply, json_t **value,
                                struct error *err); /* of a reply that is done */

#endif
