/*
 * What an HTTP answer means for whoever waits for something better: worth another try, when, or
 * not.
 */
#ifndef EXTRACT_BROWSER_HTTP_STATUS_H
#define EXTRACT_BROWSER_HTTP_STATUS_H

#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

/* The seconds of a Retry-After header, which may also be a date; 0 if there is none or it makes no
 * sense. At most a day. */
int http_status_retry_after_text(const char *value, time_t now);
int http_status_retry_after(const json_t *response); /* of DevTools' Network.Response */

/* Sets ERROR_PORTAL, "`who` answered HTTP 503"; returns false. Too busy, too many and broken are
 * transient, and what breaks a server may be the size of what it was asked for. */
bool http_status_report(const char *who, int status, int retry_after_s, struct error *err);

/* True for what a portal says to somebody who is not, or no longer, logged in. */
bool http_status_is_logged_out(int status);

/* Sets ERROR_PORTAL, "`what`: net::ERR_…": connections come back. Returns false. */
bool http_status_report_network(const char *what, const char *net_error, struct error *err);

#endif
