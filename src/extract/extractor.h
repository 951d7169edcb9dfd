/*
 * Where exports come from: a portal driven through a browser, or files at hand.
 *
 *     extractor_open_portal / extractor_open_files
 *     extractor_fetch(report, window)  for each window, in date order, one report after the other
 *     extractor_open_another           for each thread that fetches, too
 *     extractor_close
 */
#ifndef EXTRACT_EXTRACTOR_H
#define EXTRACT_EXTRACTOR_H

#include "base/error.h"
#include "model/portal.h"
#include "model/report.h"
#include "model/settings.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* The files that an extractor delivers for one window, and when they were exported. */
struct export
{
    char **paths; /* owned; in the order in which they were exported: later rows win */
    size_t count;
    time_t extracted_at;
    bool by_hand; /* the files are a person's and may change while they are read */
    bool proven;  /* an earlier run has loaded these bytes: how they end proves nothing any more */
};

void export_done(struct export *export); /* frees the paths, not the files; accepts a zeroed one */
void export_add(struct export *export, const char *path);

/* A locator of the profile whose first alternatives found nothing: the page has changed. */
struct extractor_fallback {
    const struct locator *at; /* the profile's */
    size_t alternative;       /* the number of the one that found the element, from 0 on */
};

struct extractor;

struct extractor_ops {
    bool (*fetch)(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err);
    bool (*another)(const struct extractor *extractor, struct extractor **out,
                    struct error *err);                    /* NULL: there is only one */
    bool (*is_evicted)(const struct extractor *extractor); /* NULL: it never is */
    size_t (*fallbacks)(const struct extractor *extractor, struct extractor_fallback *out,
                        size_t room); /* NULL: it has no locators */
    void (*close)(struct extractor *extractor);
};

struct extractor {
    const struct extractor_ops *ops;
};

/* What can be known to be wrong with a portal's settings before a browser starts; ERROR_CONFIG. */
bool extractor_check_portal(const struct settings *settings, struct error *err);

/* Returns the browser that is started for the portal, borrowed; NULL if there is none. */
const char *extractor_browser(const struct settings *settings);

/*
 * Starts a browser and logs in. Files go into `folder` (which exists, is private and the caller's).
 * The structs are borrowed until close, and a report is known by its address. The thread that opens
 * must live until close: with it the browser ends. Fails with ERROR_LOGIN (refused, with the
 * portal's own words, a captcha, a password that expired; never tried again: accounts get locked),
 * ERROR_PORTAL (not there, not as described), ERROR_CONFIG (no credentials, no browser),
 * ERROR_SYSTEM (the browser does not run), ERROR_STOPPED.
 */
bool extractor_open_portal(const struct portal *portal, const struct settings *settings,
                           const char *folder, struct extractor **out, struct error *err);

/* Takes files that were downloaded by hand: fetch delivers all `paths` whatever the window, as
 * exported when the newest of them was written. Pipes are emptied at once, into files of its own.
 * ERROR_DATA names a file that cannot be read; ERROR_STOPPED: while a pipe was waited for. */
bool extractor_open_files(char *const *paths, size_t count, struct extractor **out,
                          struct error *err);

/*
 * Opens another extractor like this one, of a portal, with a browser and a session of its own: for
 * another thread, which closes it before the first one is closed. May be called while the first one
 * fetches. Fails as extractor_open_portal does; also, without a try, after the portal has refused
 * to let the same user in once more.
 */
bool extractor_open_another(const struct extractor *extractor, struct extractor **out,
                            struct error *err);

/* Whether its session was ended by another one's login, as far as can be told (sessions.h): it
 * fetches nothing any more, while at least one of the others does. */
bool extractor_is_evicted(const struct extractor *extractor);

/*
 * Exports one window. On success out->paths are complete files whose transport was verified; what
 * is in them is for transform/ to judge. ERROR_PORTAL names the step and what was seen instead;
 * ERROR_DATA: a file came, under a wrong name, or a page under the right one; ERROR_LOGIN: the
 * session had ended and the portal let nobody in any more, then nor for later windows;
 * ERROR_SYSTEM: the browser died, and the next call starts another one.
 *
 * It tries once; only a session that ended is begun anew, twice at most, and the window asked
 * again. Whether another try is worth it, when, or with a shorter window, is for run/ to decide by
 * the error's `transient`, `retry_after_s` and `divisible`:
 *
 *     what happened                                   transient  divisible
 *     5xx, first sign, silence, cut, form again       yes        yes
 *     429 (retry_after_s), network, session, crash    yes        no
 *     a page under the file's name                    yes        yes
 *     a file under another name                       no         no
 *     the portal refuses in words of its own          no         yes   (and no file followed)
 *     the page is not as described, a login refused   no         no
 *
 * After a failure nothing of the window is left in the folder, what was being asked for is ended,
 * and the next call begins again from the portal's first page; after two failures in a row in a new
 * context, after three, six, … in a new browser. After a success the report's form is used again,
 * or opened again where it cannot be (steps_fill_again).
 */
bool extractor_fetch(struct extractor *extractor, const struct report *report, struct window window,
                     struct export *out, struct error *err);

/* Copies the locators that were found by another alternative than their first so far, at most
 * `room` of them, and returns how many. */
size_t extractor_fallbacks(const struct extractor *extractor, struct extractor_fallback *out,
                           size_t room);

void extractor_close(struct extractor *extractor); /* accepts NULL; ends the browser */

#endif
