/*
 * Following the one download that a click starts.
 *
 *     download_begin   before the click, so that nothing is missed
 *     ...              the click
 *     download_wait    until the file is complete, or something says that it will not come
 *     download_done
 *
 * Complete means: the browser says so, all announced bytes came, the file on disk has that size,
 * and the announced size never changed. The last is needed because Chromium answers a cut transfer
 * by asking again with GET, and calls what it gets then (mostly the form as HTML) "completed".
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
    char *guid;              /* also the file's name in the folder */
    char *name;              /* that the portal suggests */
    int64_t total, received; /* bytes; total 0: not announced */
    json_t *begun;           /* guid -> whether it has ended; one is right */
    bool cut, news;
    int64_t alarm;           /* of the outcome, which is waited for */
    bool silent;             /* the wait ended without a file, a sign or a word */
    struct outcome *outcome; /* borrowed */
};

/* `outcome` has begun. */
void download_begin(struct download *download, struct outcome *outcome, const char *folder);

/* The signs have been asked; any of them ends the wait as long as no file has begun to come. Waits
 * at most deadlines->answer s for the first sign, deadlines->silence s between two, and until
 * `deadline`. On success the file lies at *path (owned by the caller). ERROR_PORTAL says what the
 * portal did instead; then the browser has been told to leave nothing in the folder. */
bool download_wait(struct download *download, const struct deadlines *deadlines, int64_t deadline,
                   char **path, struct error *err);

void download_done(struct download *download); /* accepts a zeroed one */

#endif
