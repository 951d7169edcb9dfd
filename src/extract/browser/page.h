/*
 * Opens and follows one tab of the browser, in a context (cookies, downloads) of its own. What is
 * known of it comes from the browser's events: the document that it shows, the HTTP answer to that,
 * the texts of its dialogs.
 *
 * Tabs that the page opens are followed like the page itself. Dialogs are accepted at once, because
 * a page with an open dialog answers no script.
 */
#ifndef EXTRACT_BROWSER_PAGE_H
#define EXTRACT_BROWSER_PAGE_H

#include "base/buf.h"
#include "base/error.h"
#include "extract/browser/devtools.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Receives every event of the browser, of the page and of the tabs that it opened; must not
 * wait. */
typedef void page_follower(void *arg, const char *method, json_t *params);

/* Receives the same events besides the follower, and the session in which each happened (NULL: the
 * browser itself); must not wait. */
typedef void page_observer(void *arg, const char *session, const char *method, json_t *params);

struct page {
    struct devtools *devtools; /* borrowed */
    char *context, *target, *session;
    char *url;              /* of the shown document; may hold secrets, so it is never logged */
    char *loader;           /* of the shown document, which is known by it */
    struct buf navigations; /* loaders of the documents shown since page_navigate was called, each
                               followed by a blank */
    char *request;          /* id of the last request for a document */
    int status;             /* HTTP status of that request; 0: not answered yet */
    int retry_after_s;      /* of the Retry-After header of the answer; 0: none */
    char *net_error;        /* "net::ERR_…" if that request failed; NULL */
    char *dialog;           /* text of the last alert since page_forget_dialog; NULL: none */
    char *question; /* text of the last confirm or prompt since then, which was answered with yes;
                       NULL: none */
    int alerts;     /* number of alerts since then */
    bool parsed;    /* the shown document is complete but for images */
    bool moving;    /* another document was asked for and is not shown yet */
    bool crashed;
    json_t *tabs; /* session -> target of each tab that the page opened; owned */
    page_follower *follower;
    void *follower_arg;
    page_observer *observer;
    void *observer_arg;
};

/* Opens an empty tab whose downloads go into `folder`, an absolute path. The page becomes the
 * listener of `devtools`. It must not move until page_done, which is due after a failure, too.
 * Fails as devtools_call, or with ERROR_SYSTEM if no tab opens in time. */
bool page_open(struct page *page, struct devtools *devtools, const char *folder, int64_t deadline,
               struct error *err);

/* Closes the context with all tabs, cookies and downloads. Accepts a zeroed page. */
void page_done(struct page *page);

/* Sets the follower; NULL: none. While there is one, a file is waited for: text that the browser
 * would show becomes a file (inline_answer.h). Without one every download is cancelled. */
void page_follow(struct page *page, page_follower *follower, void *arg);
/* Sets the observer; NULL: none. */
void page_observe(struct page *page, page_observer *observer, void *arg);
/* Closes the tabs that the page opened. */
void page_close_tabs(struct page *page);
/* Forgets what dialogs have said and asked. */
void page_forget_dialog(struct page *page);

/* Ends every request of the page. While a form is being posted, a page answers no script. */
void page_stop(struct page *page);

/* Sets ERROR_SYSTEM (transient); returns false. */
bool page_report_crash(struct error *err);

/* Loads `url` and waits until its document, or one to which that sends the browser on, is complete
 * but for images. ERROR_PORTAL: the network failed, the server answered with HTTP 400 or more, or
 * nothing came in time. ERROR_SYSTEM: the tab crashed. Deadlines are instants of clock_ms(). */
bool page_navigate(struct page *page, const char *url, int64_t deadline, struct error *err);

/* Waits, after an action, for the other document if the page has asked for one. ERROR_PORTAL as
 * page_navigate, but of statuses only for 5xx: what a 4xx means is for the caller to see. */
bool page_arrive(struct page *page, int64_t deadline, struct error *err);

#endif
