/* SPDX-License-Identifier: MIT */
/* Finds the kind of a destination by its URL's scheme. */
#include "load/destination_open.h"

#include "base/buf.h"
#include "load/clickhouse/destination.h"
#include "load/postgres/destination.h"
#include "load/sqlite/destination.h"

#include <assert.h>
#include <string.h>

enum { URL_MAX = 64 * 1024 };

static const struct destination_ops *const kinds[] = {
    &sqlite_destination,     &postgres_destination,    &postgresql_destination,
    &clickhouse_destination, &clickhouses_destination,
};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static const char *known_schemes(struct buf *text)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        buf_addf(text, "%s%s", i ? ", " : "", kinds[i]->scheme);
    return buf_text(text);
}

/* Only the scheme of a bad URL goes into the message: the rest may hold a password. */
static bool open_for(const char *url, enum destination_use use, struct destination **out,
                     struct error *err)
{
    BUF_DONE struct buf known = BUF_INIT(256);
    const char *colon = strchr(url, ':');

    if (!colon)
        return error_set(err, ERROR_CONFIG,
                         "the database address has no scheme; it begins with one of: %s",
                         known_schemes(&known));
    size_t len = (size_t)(colon - url);
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strlen(kinds[i]->scheme) == len && memcmp(kinds[i]->scheme, url, len) == 0)
            return kinds[i]->open(url, use, out, err);
    return error_set(err, ERROR_CONFIG, "unknown kind of database \"%.*s\" (known: %s)",
                     len < 32 ? (int)len : 32, url, known_schemes(&known));
}

bool destination_open(const char *url, struct destination **out, struct error *err)
{
    return open_for(url, DESTINATION_LOAD, out, err);
}

bool destination_open_existing(const char *url, enum destination_use use, struct destination **out,
                               struct error *err)
{
    assert(use != DESTINATION_LOAD);
    return open_for(url, use, out, err);
}

/* Copies `from`, with the value of every password=… and sslpassword=… hidden. */
static void add_parameters(struct buf *out, const char *from)
{
    static const char word[] = "password=";

    for (const char *hit; (hit = strstr(from, word)); from = hit + strcspn(hit, "&#")) {
        hit += sizeof(word) - 1;
        buf_add(out, from, (size_t)(hit - from));
        buf_add_text(out, "***");
    }
    buf_add_text(out, from);
}

/* Hides what is between the first colon and the last '@': a password that was not escaped may hold
 * '@', '/' and '?'. For an unusual URL this hides more than the password. */
char *destination_describe(const char *url)
{
    BUF_DONE struct buf text = BUF_INIT(URL_MAX);
    const char *slashes = strstr(url, "://");
    const char *user = slashes ? slashes + 3 : url;
    const char *at = slashes ? strrchr(user, '@') : NULL;
    const char *colon = at ? memchr(user, ':', (size_t)(at - user)) : NULL;

    if (colon) {
        buf_add(&text, url, (size_t)(colon - url));
        buf_add_text(&text, ":***");
        add_parameters(&text, at);
    } else {
        add_parameters(&text, url);
    }
    return buf_detach(&text);
}
