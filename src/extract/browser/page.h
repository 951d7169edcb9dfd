/*
 * One tab of the browser, in a context (cookies, downloads) of its own, and what is known of it
 * from the browser's events: which document it shows, how that was answered, what dialogs said.
 *
 * Tabs that the page opens are watched like the page itself. Dialogs are accepted at once, because
 * a page with an open dialog answers nothing.
 */
#ifndef EXTRACT_BROWSER_PAGE_H
#define EXTRACT_BROWSER_PAGE_H

#include "base/buf.h"
#include "base/error.h"
#include "extract/browser/devtools.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Sees every event of the browser, of the page and of the tabs it opened; must not wait. */
typedef void page_follower(void *arg, const char *method, json_t *params);

/* Sees the same events besides the follower, and in whose session they happened (NULL: the
 * browser's); must not wait. */
typedef void page_observer(void *arg, const char *session, const char *method, json_t *params);

struct page {
    struct devtools *devtools; /* borrowed */
    char *context, *target, *session;
    char *url;              /* of the document that is shown; it may hold what is not for logs */
    char *loader;           /* of that document */
    struct buf navigations; /* loaders of the documents shown since page_navigate was called */
    char *request;          /* of the document that was asked for last */
    int status;             /* HTTP; 0: not answered yet */
    int retry_after_s;      /* that the answer asked for; 0: it did not */
    char *net_error;        /* "net::ERR_..." if that request failed; NULL */
    char *dialog;           /* what an alert said since page_forget_dialog; NULL */
    char *question;         /* what a box asked since then, that was answered with yes; NULL */
    int alerts;             /* so many since then */
    bool parsed;            /* the shown document is complete, without its images */
    bool moving;            /* asked for another document and waiting for it */
    bool crashed;
    json_t *tabs; /* session -> target, of the tabs that the page opened */
    page_follower *follower;
    void *follower_arg;
    page_observer *observer;
    void *observer_arg;
};

/* Opens an empty tab whose downloads go into `folder`, an absolute path. The page becomes the
 * listener of `devtools` and must not move until page_done. */
bool page_open(struct page *page, struct devtools *devtools, const char *folder, int64_t deadline,
               struct error *err);

/* Closes its context, with all tabs, cookies and downloads. Accepts a zeroed one. */
void page_done(struct page *page);

/* NULL: nobody. Who follows waits for a file: text that would be shown becomes one (shown.h). */
void page_follow(struct page *page, page_follower *follower, void *arg);
void page_observe(struct page *page, page_observer *observer, void *arg); /* NULL: nobody */
void page_close_tabs(struct page *page);                                  /* that it opened */
void page_forget_dialog(struct page *page);

/* Ends whatever the page is asking for: while a form is being posted, a page answers no script. */
void page_stop(struct page *page);

/* Sets ERROR_SYSTEM; returns false. */
bool page_report_crash(struct error *err);

/* Loads `url`. ERROR_PORTAL with what the network or the server said if that is not a page. */
bool page_navigate(struct page *page, const char *url, int64_t deadline, struct error *err);

/* After an action: if it made the page ask for another document, waits until that has come.
 * ERROR_PORTAL if the network fails or the server does (5xx; what a 4xx means is for the caller to
 * see). */
bool page_arrive(struct page *page, int64_t deadline, struct error *err);

#endif
