/*
 * A portal as data: how to log in, how to know that it worked, how long to wait.
 */
#ifndef MODEL_PORTAL_H
#define MODEL_PORTAL_H

#include "model/report.h"
#include "model/timetable.h"

/* Seconds. Every wait of the extraction has one of these. */
struct deadlines {
    int browser; /* process start to first answer */
    int page;    /* a navigation */
    int element; /* an element to become visible; a login to be answered */
    int answer;  /* the export click to the first sign of a download or of a refusal */
    int silence; /* between two signs of progress of a download */
    int window;  /* a whole window */
};

/* How the windows of a report are exported: the first one by clicking and the others, where that is
 * proven to give the same file, by repeating the page's request; or all of them by clicking. */
enum export_mode { EXPORT_MODE_AUTO, EXPORT_MODE_CLICK };

/* A portal serves the exports of one session one after the other, so each of several at a time has
 * a session of its own. More would be felt by its other users. */
enum { JOBS_MAX = 4 };

/* Clicks of a login that are left out where there is nothing to click. */
enum { PORTAL_NOTICES_MAX = 8 };

struct portal {
    const char *name;
    const char *url;       /* of the login page; SIGOS_URL overrides it */
    const char *zone;      /* IANA time zone in which the portal counts its days */
    enum export_mode mode; /* SIGOS_MODE overrides it */
    int jobs;              /* windows exported at a time, 1 to JOBS_MAX; SIGOS_JOBS overrides it */
    struct steps login;
    struct names login_refusals; /* words of a page that says that nobody gets in; may be empty */
    struct locator logged_in;    /* visible once the login worked */
    struct locator
        login_error; /* visible when it was refused; its text is the portal's own words */
    struct locator
        page_error;        /* a message of the report page that refuses a window; may be empty */
    struct names refusals; /* words of a box or message that refuses a window; may be empty. In
                            * both, stands for anything, capitals and accents do not count */
    struct deadlines deadlines;
    struct timetable timetable;
};

#endif
