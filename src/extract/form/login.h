/*
 * Entering the portal: from its address, or from a page of it, to the page on which reports begin.
 */
#ifndef EXTRACT_FORM_LOGIN_H
#define EXTRACT_FORM_LOGIN_H

#include "base/error.h"
#include "extract/form/steps.h"

#include <stdbool.h>

/* What tells the login page: the password's field, else what the first step touches; may be empty.
 */
const struct locator *login_form(const struct portal *portal);

/* Loads `url` and looks which page that shows: the one behind the login (*inside), or the form.
 * ERROR_PORTAL if it is not there or shows neither. */
bool login_look(const struct stage *stage, const char *url, bool *inside, struct error *err);

/*
 * Logs in by the form that is shown, and clicks away what the profile's optional steps know.
 * ERROR_LOGIN if the portal refuses, with the words of its page, or asks for a captcha or a new
 * password. ERROR_PORTAL if no answer comes, or another page: with its words, and not transient.
 * *sent is whether the credentials were sent: then, unless the error is transient, the caller must
 * not try again.
 */
bool login_submit(const struct stage *stage, bool *sent, struct error *err);

#endif
