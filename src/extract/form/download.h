/*
 * Follows the one download that a click starts, up to the complete file.
 *
 *     download_begin   before the click, so that nothing is missed
 *     ...              the click
 *     download_wait    until the file is complete, or it is certain that none will come
 *     download_done
 *
 * A file is complete if the browser says so, all announced bytes came, the file on disk has that
 * size, and the announced size never changed. The last condition is needed because Chromium answers
 * a cut transfer by asking again with GET, and calls what it gets then (mostly the form as HTML)
 * "completed".
 */
#ifndef EXTRACT_FORM_DOWNLOAD_H
#define EXTRACT_FORM_DOWNLOAD_H

#include "base/error.h"
#include "extract/browser/page.h"
#include "extract/form/outcome.h"
#include "model/portal.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum download_state { DOWNLOAD_AWAITED, DOWNLOAD_RUNNING, DOWNLOAD_COMPLETED, DOWNLOAD_CANCELED };

struct download {
    struct page *page;  /* borrowed */
    const char *folder; /* where the browser puts files; borrowed */
    enum download_state state;
    char *guid; /* the browser's id of the download, and the file's name in the folder; owned */
    char *name; /* the name that the portal gives the file; owned */
    int64_t total, received; /* bytes; total 0: not announced */
    json_t *begun; /* guid -> whether that download has ended; owned; more than one is an error */
    bool cut;      /* the announced size changed, or the received one shrank */
    bool news;     /* something came since the wait for news began */
    int64_t alarm; /* outcome_alarm, as it was when the wait for news began */
    bool silent;   /* the wait ended without a file and without a sign */
    struct outcome *outcome; /* borrowed */
};

/* Begins to follow the page of `outcome`, on which outcome_begin was called. `folder` is where the
 * browser puts files; both are borrowed. */
void download_begin(struct download *download, struct outcome *outcome, const char *folder);

/* Waits for the file; outcome_ask was called before. As long as no file has begun to come, any
 * certain sign ends the wait. Waits at most deadlines->answer s for the beginning,
 * deadlines->silence s between two signs of progress, and until `deadline`, an instant of
 * clock_ms(). On success the file lies at *path, owned by the caller. ERROR_PORTAL says what the
 * portal did instead, ERROR_SYSTEM what failed here. After a failure nothing of the downloads stays
 * in the folder. */
bool download_wait(struct download *download, const struct deadlines *deadlines, int64_t deadline,
                   char **path, struct error *err);

void download_done(struct download *download); /* accepts a zeroed one */

#endif
