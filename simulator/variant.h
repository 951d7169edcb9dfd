/*
 * Lists how the portal may be built: what an administrator, a framework or a new version may make
 * different, and nobody would call it a fault.
 *
 * Each setting has one name, which is a flag of `sigos-sim serve` (--export fetch) and an argument
 * of POST /_sim/variant?export=fetch. All zero is the portal as it is by default. The caller locks.
 */
#ifndef SIMULATOR_VARIANT_H
#define SIMULATOR_VARIANT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum variant_export {
    VARIANT_EXPORT_FORM,     /* a form post that answers with the file */
    VARIANT_EXPORT_FETCH,    /* a script fetches the file and saves it from memory */
    VARIANT_EXPORT_NEWTAB,   /* the form's target is a new tab */
    VARIANT_EXPORT_JOB,      /* the post queues a job; a script polls it, then follows its file */
    VARIANT_EXPORT_JOB_LINK, /* the same, but a link appears and waits for a click */
    /* a page "your download will begin" takes the place of the form and sends the browser on to the
     * file */
    VARIANT_EXPORT_REFRESH,
    VARIANT_EXPORT_FRAME /* such a page, with the file in a hidden frame */
};

enum variant_dates {
    VARIANT_DATES_DATE,   /* type=date */
    VARIANT_DATES_TEXT,   /* dd/mm/yyyy */
    VARIANT_DATES_MASKED, /* dd/mm/yyyy; a script sets the slashes and accepts only digits */
    VARIANT_DATES_EVENTS  /* type=date, but only what input or change events reported is sent */
};

enum variant_login {
    VARIANT_LOGIN_FORM,
    VARIANT_LOGIN_SCRIPTED /* a script sends a hash of the password and the page's nonce */
};

/* What an export leaves unusable until the page is loaded again. */
enum variant_spent {
    VARIANT_SPENT_NOTHING,
    VARIANT_SPENT_BUTTON, /* the button is disabled */
    VARIANT_SPENT_FIELDS, /* the dates are disabled */
    VARIANT_SPENT_FORM,   /* the form is hidden */
    VARIANT_SPENT_SILENT  /* all looks as before, but another click does nothing */
};

/* What a dialog of the browser says although the file will come. */
enum variant_dialog {
    VARIANT_DIALOG_NONE,
    VARIANT_DIALOG_ALERT,   /* "wait", before the export is asked for */
    VARIANT_DIALOG_CONFIRM, /* "export?" */
    VARIANT_DIALOG_LEAVE    /* "leave this page?", by beforeunload */
};

enum { VARIANT_MS_MAX = 3600 * 1000 };

struct variant {
    uint32_t export, dates, login, spent, dialog; /* values of the enums above */
    uint32_t transfer;                            /* enum sim_transfer, of exports */
    uint32_t notice;         /* a page between login and home must be clicked away */
    uint32_t lock_session;   /* requests of one session are served one after the other */
    uint32_t single_session; /* a login ends the user's other sessions */
    uint32_t check_origin;   /* a post needs the portal's own Origin or Referer */
    uint32_t bind_agent;     /* a session is good for the User-Agent that logged in */
    uint32_t expire_exports; /* a session ends after so many exports; 0: never */
    uint32_t idle_ms;        /* or after so long without a request; 0: never */
    uint32_t delay_ms;       /* how long it takes to make an export */
    uint32_t gather;         /* no export is answered before so many are under way at a time */
    uint32_t await_logins;   /* or before so many logins */
    uint32_t rate;           /* bytes a second on each connection; 0: no limit */
};

/* Changes a setting. False, with nothing changed: there is no such setting, or no such value. */
bool variant_set(struct variant *variant, const char *name, const char *value);
/* Returns which values a setting takes; NULL: there is no such setting. */
const char *variant_expects(const char *name);
/* Appends all settings as a JSON object. */
void variant_show(const struct variant *variant, struct buf *out);

#endif
