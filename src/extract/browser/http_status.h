/*
 * Turns HTTP statuses and network errors into errors: is another try of use, and when?
 */
#ifndef EXTRACT_BROWSER_HTTP_STATUS_H
#define EXTRACT_BROWSER_HTTP_STATUS_H

#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

/* Returns the seconds of a Retry-After header, which may also be a date; at most a day, 0 if the
 * value is missing or cannot be understood. */
int http_status_retry_after_text(const char *value, time_t now);
int http_status_retry_after(const json_t *response); /* of a Network.Response of DevTools */

/* Sets ERROR_PORTAL, "`who` answered HTTP 503"; returns false. 5xx, 429, 408 and the statuses of an
 * ended session are transient. 5xx is also divisible, because a server may fail at the size of what
 * it was asked for. */
bool http_status_report(const char *who, int status, int retry_after_s, struct error *err);

/* Whether the status means that the user is not, or no longer, logged in: 401 and 419. */
bool http_status_is_logged_out(int status);

/* Sets ERROR_PORTAL, "`what` net::ERR_…"; returns false. Transient, because connections come back,
 * except for TLS and certificate errors. */
bool http_status_report_network(const char *what, const char *net_error, struct error *err);

#endif
