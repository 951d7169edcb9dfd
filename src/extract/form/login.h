/*
 * Logs in: from the portal's address, or from one of its pages, to the page behind the login.
 */
#ifndef EXTRACT_FORM_LOGIN_H
#define EXTRACT_FORM_LOGIN_H

#include "base/error.h"
#include "extract/form/steps.h"

#include <stdbool.h>

/* Returns the locator that tells the login page: the password's field, else the element of the
 * first step; may be empty. Borrowed from `portal`, or a constant. */
const struct locator *login_form(const struct portal *portal);

/* Whether `url` is the address at which the login page was shown; queries are ignored. */
bool login_is_url(const struct login_state *state, const char *url);

/* Loads `url` and finds out which page it shows: the one behind the login (*inside) or the login
 * form. ERROR_PORTAL: `url` cannot be loaded, or shows neither (transient). ERROR_LOGIN: it shows
 * neither and asks for a captcha. */
bool login_look(const struct stage *stage, const char *url, bool *inside, struct error *err);

/*
 * Logs in by the form that is shown, and clicks away notices that the profile's optional steps
 * name. ERROR_LOGIN: the portal refuses, with the words of its page, or asks for a captcha or a new
 * password. ERROR_PORTAL: no answer comes (transient), or an unknown page with its words (not
 * transient, unless its HTTP status is 400 or more). *sent is whether the credentials were sent.
 * Then the caller must not try again unless the error is transient, because accounts get locked.
 */
bool login_submit(const struct stage *stage, bool *sent, struct error *err);

#endif
