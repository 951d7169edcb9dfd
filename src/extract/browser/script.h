/*
 * Runs the functions of page.js in a page and reads what they return.
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

/* How a call of a script ended. */
enum script_outcome {
    SCRIPT_ANSWERED,
    SCRIPT_LOST,   /* the document went away before it answered: normal when a page navigates */
    SCRIPT_LATE,   /* the deadline passed; err is untouched */
    SCRIPT_FAILED, /* err is set; ERROR_PORTAL if the script threw, as for a malformed locator */
};

/* A call is a text: `name(`, arguments, `)`. These two add arguments: a text as a JSON string, a
 * locator as an array of them. */
#define SCRIPT_CALL_MAX ((size_t)64 << 10)
void script_add_text(struct buf *call, const char *text);
void script_add_locator(struct buf *call, const struct locator *locator);

/* Runs `call` in the page and waits for what it returns, and for the promise if it returns one.
 * *value is owned by the caller and is set only with SCRIPT_ANSWERED. The deadline is an instant of
 * clock_ms(). */
enum script_outcome script_run(struct page *page, const char *call, int64_t deadline,
                               json_t **value, struct error *err);

/* Does the same in a tab that the page opened. */
enum script_outcome script_run_in(struct page *page, const char *session, const char *call,
                                  int64_t deadline, json_t **value, struct error *err);

/* Does the same in two parts, so that other events can be waited for meanwhile. `session` is the
 * page's own or that of a tab that it opened. */
void script_start(struct page *page, const char *session, struct devtools_reply *reply,
                  const char *call);
/* Reads the answer out of a reply that is done; as script_run, but never SCRIPT_LATE. */
enum script_outcome script_read(const struct devtools_reply *reply, json_t **value,
                                struct error *err);

#endif
