/*
 * A portal as data: how to log in, how to recognise that the login worked, how long to wait.
 */
#ifndef MODEL_PORTAL_H
#define MODEL_PORTAL_H

#include "model/report.h"
#include "model/timetable.h"

/* The longest waits, in seconds. Every wait of the extraction has one of these. */
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

/* The most windows that are exported at a time, each in a session of its own: a portal serves the
 * exports of one session one after the other. With more, its other users would notice. */
enum { JOBS_MAX = 4 };

/* The most optional clicks of a login: they close notices that are not always there. */
enum { PORTAL_NOTICES_MAX = 8 };

struct portal {
    const char *name;
    const char *url;       /* of the login page; SIGOS_URL overrides it */
    const char *zone;      /* IANA time zone in which the portal counts its days */
    enum export_mode mode; /* SIGOS_MODE overrides it */
    int jobs;              /* windows exported at a time, 1 to JOBS_MAX; SIGOS_JOBS overrides it */
    struct steps login;
    struct names login_refusals; /* words of a page that refuses every login; may be empty */
    struct locator logged_in;    /* visible once the login worked */
    /* visible when the login was refused; its text is the portal's reason */
    struct locator login_error;
    /* a message of the report page that refuses a window; may be empty */
    struct locator page_error;
    /* Words of a box or message that refuses a window; may be empty. In both lists * stands for any
     * text; case and accents do not count. */
    struct names refusals;
    struct deadlines deadlines;
    struct timetable timetable;
};

#endif
