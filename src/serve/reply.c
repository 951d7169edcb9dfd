/* SPDX-License-Identifier: MIT */
/* Begins and ends answers. */
#include "serve/reply.h"

void reply_init(struct reply *reply)
{
    *reply = (struct reply){
        .status = 200,
        .type = TYPE_HTML,
        .body = BUF_INIT(REPLY_BODY_MAX),
        .cache = CACHE_NOT,
    };
}

void reply_done(struct reply *reply)
{
    buf_done(&reply->body);
    if (reply->file)
        fclose(reply->file);
    reply->file = NULL;
}

void reply_redirect(struct reply *reply, const char *location)
{
    reply->status = 303;
    snprintf(reply->location, sizeof(reply->location), "%s", location);
}
