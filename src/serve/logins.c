/* SPDX-License-Identifier: MIT */
/* Keeps sessions and failed logins in tables of a fixed size. */
#include "serve/logins.h"

#include "base/mem.h"
#include "serve/address.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_BYTES = 32, CLIENTS_MAX = 1024 };

struct session {
    unsigned char key[SESSION_KEY_SIZE];
    int64_t ends_at; /* 0: a free place */
};

/* The last tries of a client; a place without tries is free. */
struct client {
    char name[ADDRESS_TEXT_SIZE];
    int64_t tries[LOGIN_FAILURES_MAX]; /* the newest first; 0: none */
};

struct logins {
    pthread_mutex_t lock;
    struct session sessions[SESSIONS_MAX];
    struct client clients[CLIENTS_MAX];
};

struct logins *logins_new(void)
{
    struct logins *logins = mem_alloc(sizeof(*logins));

    pthread_mutex_init(&logins->lock, NULL);
    return logins;
}

void logins_free(struct logins *logins)
{
    if (!logins)
        return;
    pthread_mutex_destroy(&logins->lock);
    free(logins);
}

static void hash_token(const char *token, unsigned char out[SESSION_KEY_SIZE])
{
    SHA256((const unsigned char *)token, strlen(token), out);
}

/* Returns the session of the key, or NULL. Looks at all of them, so that the time does not depend
 * on which one it is. */
static struct session *find(struct logins *logins, const unsigned char key[SESSION_KEY_SIZE])
{
    struct session *found = NULL;

    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = &logins->sessions[i];
        if (session->ends_at && CRYPTO_memcmp(session->key, key, SESSION_KEY_SIZE) == 0)
            found = session;
    }
    return found;
}

bool logins_begin(struct logins *logins, int64_t now, char token[SESSION_TOKEN_SIZE])
{
    unsigned char bytes[TOKEN_BYTES];
    struct session *place = &logins->sessions[0];

    if (RAND_bytes(bytes, sizeof(bytes)) != 1)
        return false;
    for (size_t i = 0; i < TOKEN_BYTES; i++)
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    pthread_mutex_lock(&logins->lock);
    for (size_t i = 1; i < SESSIONS_MAX; i++)
        if (logins->sessions[i].ends_at < place->ends_at)
            place = &logins->sessions[i];
    hash_token(token, place->key);
    place->ends_at = now + (int64_t)SESSION_SECONDS * 1000;
    pthread_mutex_unlock(&logins->lock);
    return true;
}

bool logins_find(struct logins *logins, const char *token, int64_t now,
                 unsigned char key[SESSION_KEY_SIZE])
{
    if (!token || strlen(token) != SESSION_TOKEN_SIZE - 1)
        return false;
    hash_token(token, key);
    pthread_mutex_lock(&logins->lock);
    const struct session *session = find(logins, key);
    const bool lives = session && session->ends_at > now;
    pthread_mutex_unlock(&logins->lock);
    return lives;
}

void logins_end(struct logins *logins, const char *token)
{
    unsigned char key[SESSION_KEY_SIZE];

    if (!token)
        return;
    hash_token(token, key);
    pthread_mutex_lock(&logins->lock);
    struct session *session = find(logins, key);
    if (session)
        *session = (struct session){0};
    pthread_mutex_unlock(&logins->lock);
}

/* Returns the client's place; else a free one, or that of the client whose last try is longest
 * ago. */
static struct client *place_of(struct logins *logins, const char *name)
{
    struct client *oldest = &logins->clients[0];

    for (size_t i = 0; i < CLIENTS_MAX; i++) {
        struct client *client = &logins->clients[i];
        if (client->tries[0] && strcmp(client->name, name) == 0)
            return client;
        if (client->tries[0] < oldest->tries[0])
            oldest = client;
    }
    *oldest = (struct client){0};
    snprintf(oldest->name, sizeof(oldest->name), "%s", name);
    return oldest;
}

int logins_try(struct logins *logins, const char *client_name, int64_t now)
{
    const int64_t period = (int64_t)LOGIN_PERIOD_SECONDS * 1000;
    int wait = 0;

    pthread_mutex_lock(&logins->lock);
    struct client *client = place_of(logins, client_name);
    const int64_t first = client->tries[LOGIN_FAILURES_MAX - 1];
    if (first && now < first + period) {
        wait = (int)((first + period - now + 999) / 1000);
    } else {
        memmove(client->tries + 1, client->tries, sizeof(client->tries) - sizeof(*client->tries));
        client->tries[0] = now > 0 ? now : 1;
    }
    pthread_mutex_unlock(&logins->lock);
    return wait;
}

void logins_forgive(struct logins *logins, const char *client_name)
{
    pthread_mutex_lock(&logins->lock);
    *place_of(logins, client_name) = (struct client){0};
    pthread_mutex_unlock(&logins->lock);
}
