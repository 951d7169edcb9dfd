/*
 * What the answers are made from, and a request that is being answered.
 */
#ifndef SERVE_VISIT_H
#define SERVE_VISIT_H

#include "pages/answer.h"
#include "serve/address.h"
#include "serve/assets.h"
#include "serve/cache.h"
#include "serve/counters.h"
#include "serve/decode.h"
#include "serve/readers.h"
#include "serve/reply.h"
#include "serve/options.h"
#include "serve/logins.h"

struct runner;

/* Makes the answer to a GET: pages_answer, or a stand-in of tests. */
typedef bool page_maker(struct destination *reader, const struct request *request,
                        struct answer *out, struct error *err);

enum { ROUTER_SECRET_SIZE = SESSION_KEY_SIZE };

/* What the answers are made from. Several threads read it; the members with threads of their own
 * lock themselves. */
struct router {
    const struct serve_options *options;
    page_maker *make_page;
    struct address address; /* that is listened on */
    struct assets assets;
    struct readers *readers;
    struct cache *cache;
    struct logins *logins;
    struct counters *counters;
    struct runner *runner;
    unsigned char secret[ROUTER_SECRET_SIZE]; /* for tokens where there are no sessions */
};

/* A request that has passed the checks. */
struct visit {
    const struct router *router;
    const struct incoming *in;
    struct decoded asked;
    const unsigned char *key; /* of the session or the process, for tokens; NULL: not logged in */
    unsigned char session[SESSION_KEY_SIZE];
    struct site site;
};

#endif
