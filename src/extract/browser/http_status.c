/* SPDX-License-Identifier: MIT */
/* Judges HTTP statuses and network errors. */
#include "extract/browser/http_status.h"

#include "base/clock.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    HTTP_UNAUTHORIZED = 401,
    HTTP_REQUEST_TIMEOUT = 408,
    HTTP_PAGE_EXPIRED = 419, /* in no RFC: Laravel's answer to a form that is too old */
    HTTP_TOO_MANY_REQUESTS = 429,
    HTTP_SERVER_ERROR = 500,
    RETRY_AFTER_MAX = 24 * 60 * 60,
};

static int bounded(int64_t seconds)
{
    if (seconds < 0)
        return 0;
    return seconds > RETRY_AFTER_MAX ? RETRY_AFTER_MAX : (int)seconds;
}

int http_status_retry_after_text(const char *value, time_t now)
{
    struct tm date = {0};

    if (isdigit((unsigned char)*value))
        return bounded(strtoll(value, NULL, 10));
    if (!strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &date))
        return 0;
    return bounded((int64_t)timegm(&date) - now);
}

int http_status_retry_after(const json_t *response)
{
    json_t *headers = json_object_get(response, "headers");

    for (void *at = json_object_iter(headers); at; at = json_object_iter_next(headers, at)) {
        const char *value = json_string_value(json_object_iter_value(at));
        if (value && strcasecmp(json_object_iter_key(at), "retry-after") == 0)
            return http_status_retry_after_text(value, clock_now());
    }
    return 0;
}

bool http_status_report(const char *who, int status, int retry_after_s, struct error *err)
{
    error_set(err, ERROR_PORTAL, "%s answered HTTP %d", who, status);
    if (retry_after_s)
        error_append(err, ", to be asked again in %d s", retry_after_s);
    err->retry_after_s = retry_after_s;
    err->transient = status >= HTTP_SERVER_ERROR || status == HTTP_TOO_MANY_REQUESTS ||
                     status == HTTP_REQUEST_TIMEOUT || http_status_is_logged_out(status);
    err->divisible = status >= HTTP_SERVER_ERROR;
    return false;
}

bool http_status_is_logged_out(int status)
{
    return status == HTTP_UNAUTHORIZED || status == HTTP_PAGE_EXPIRED;
}

bool http_status_report_network(const char *what, const char *net_error, struct error *err)
{
    error_set(err, ERROR_PORTAL, "%s %s", what, net_error);
    /* A certificate that is wrong now is wrong in a minute, too, and is never accepted. */
    err->transient = strstr(net_error, "ERR_CERT") == NULL && strstr(net_error, "ERR_SSL") == NULL;
    return false;
}
