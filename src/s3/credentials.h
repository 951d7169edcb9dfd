/*
 * The keys with which requests are signed: those of the settings, or those that ECS gives to a
 * task's role, which are renewed before they expire.
 */
#ifndef S3_CREDENTIALS_H
#define S3_CREDENTIALS_H

#include "base/error.h"
#include "model/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Where ECS serves them, also on Fargate; a task's own link, so there is no TLS. */
#define S3_CREDENTIALS_HOST "http://169.254.170.2"

struct s3_credentials {
    char *key_id, *secret; /* owned */
    char *token;           /* owned; NULL: none */
    time_t expires;        /* 0: never */
};

void s3_credentials_done(struct s3_credentials *credentials); /* accepts a zeroed one */

/* Whether they can sign a request of `now`: there are some, and they do not expire within five
 * minutes (pure). */
bool s3_credentials_are_fresh(const struct s3_credentials *credentials, time_t now);

/* Makes *credentials fit to sign a request of `now`: copies those of the settings, or asks ECS, if
 * they are not fresh. ERROR_SYSTEM if ECS does not answer as it should; transient if it may a
 * little later. */
bool s3_credentials_refresh(const struct bucket_settings *settings, time_t now,
                            struct s3_credentials *credentials, struct error *err);

/* Reads ECS's answer (pure). ERROR_SYSTEM if it is not one; the message has nothing of it. */
bool s3_credentials_read(const char *json, size_t len, struct s3_credentials *out,
                         struct error *err);

/* Asks an address for them, for S3_CREDENTIALS_HOST and for tests. */
bool s3_credentials_fetch(const char *url, struct s3_credentials *out, struct error *err);

#endif
