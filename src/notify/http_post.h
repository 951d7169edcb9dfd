/*
 * Sends one message by HTTP, with a deadline.
 */
#ifndef NOTIFY_HTTP_POST_H
#define NOTIFY_HTTP_POST_H

#include "base/error.h"

#include <stdbool.h>

/* Who asked the program to stop does not wait long. */
enum { HTTP_POST_SECONDS = 10, HTTP_POST_STOPPED_SECONDS = 2 };

/* Posts the body and waits for the answer, HTTP_POST_SECONDS at most, or HTTP_POST_STOPPED_SECONDS
 * after a signal. TLS is verified, redirects are not followed, and the proxy variables of the
 * environment are heeded, as curl does. ERROR_SYSTEM for anything but an answer 2xx; the message
 * names the host only, because the address of a webhook is a secret. */
bool http_post(const char *url, const char *content_type, const char *body, struct error *err);

#endif
