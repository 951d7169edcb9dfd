/*
 * A visit to the portal: a browser, a session in it, and which page it shows.
 *
 *     visit_open             starts the browser and logs in
 *     visit_renew            before each try: replaces what failures give reason to replace
 *     visit_open_report      leads to the form of a report, logging in again where that is needed
 *     visit_leave            after a failure: the page that is shown is not relied on any more
 *     visit_close
 */
#ifndef EXTRACT_VISIT_H
#define EXTRACT_VISIT_H

#include "base/error.h"
#include "extract/browser/browser.h"
#include "extract/browser/page.h"
#include "extract/browser/proxy.h"
#include "extract/failure_snapshot.h"
#include "extract/form/steps.h"
#include "extract/sessions.h"
#include "model/portal.h"
#include "model/report.h"
#include "model/settings.h"
#include "model/window.h"

#include <stdbool.h>

/* The first five members are set by who opens the visit; the others begin as zero. */
struct visit {
    const struct portal *portal;     /* borrowed, as the next two */
    const struct settings *settings; /* visit_open needs an address with an origin */
    struct sessions *sessions;       /* of all visits of one user */
    char *folder;                    /* where files go, absolute; owned, as the next one */
    char *origin;                    /* of the portal */
    struct proxy proxy;
    struct browser browser;
    struct page page;
    struct login_state login_state;
    struct session session;
    char *home_url;              /* the page that a login leads to; NULL: it is not known yet */
    bool at_home;                /* whether that page is shown */
    const struct report *opened; /* whose form is shown and was not left by a failure; NULL */
    unsigned logins;             /* that succeeded */
    int failures;                /* in a row, kept by who exports */
    struct fallback_locators fallbacks;
    struct failure_snapshots snapshots;
    struct error refusal; /* of a login, or of the session: nothing is tried after that */
};

/* Starts the browser and logs in for the first time. Fails as extractor_open_portal does; the visit
 * must be closed either way, and must not move until then. */
bool visit_open(struct visit *visit, struct error *err);
void visit_close(struct visit *visit); /* leaves the sessions; the struct is not used any more */

/* What steps need to know, with the deadline of a window from now on. `window` may be NULL. */
struct stage visit_stage(struct visit *visit, const struct window *window);

/* Starts another browser, or opens another context, where the old one ended or has failed several
 * times in a row. ERROR_SYSTEM, ERROR_CONFIG, ERROR_STOPPED. */
bool visit_renew(struct visit *visit, struct error *err);

/* Takes the report's opening steps from the home page, which is loaded first where it is not shown,
 * by a new login where the session has ended. Fails with ERROR_PORTAL or ERROR_LOGIN. */
bool visit_open_report(struct visit *visit, const struct report *report, struct error *err);

void visit_leave(struct visit *visit);

/* Keeps a picture of the page for a failure of the portal, and says so in err. `label` becomes part
 * of its name. For a failure of this machine it does nothing: there is nothing to see. */
void visit_keep_snapshot(struct visit *visit, const char *label, struct error *err);

#endif
