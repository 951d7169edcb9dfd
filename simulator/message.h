/*
 * Holds a request and its answer without the HTTP library: the portal is a function from one to the
 * other.
 *
 * Texts of a request are borrowed from its maker; the body of an answer belongs to the answer.
 */
#ifndef SIMULATOR_MESSAGE_H
#define SIMULATOR_MESSAGE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MESSAGE_FIELDS_MAX = 24, MESSAGE_FIELD_BYTES_MAX = 4096, MESSAGE_HEADER_SIZE = 160 };

struct sim_message_field {
    char *name;
    struct buf value;
};

struct sim_message_fields {
    struct sim_message_field items[MESSAGE_FIELDS_MAX];
    size_t count;
};

struct sim_request {
    bool post;                /* false: GET or HEAD */
    const char *path;         /* without the query */
    const char *session;      /* the value of the cookie, or NULL */
    const char *host, *agent; /* headers, or NULL */
    const char *origin;       /* the header Origin, else Referer; NULL: neither was sent */
    struct sim_message_fields form, query;
    bool too_large; /* a field, or the number of fields, is over its limit */
};

enum sim_transfer { TRANSFER_LENGTH, TRANSFER_CHUNKED, TRANSFER_CLOSE };

/* How a transfer ends. WHOLE: everything is sent. CUT, RESET: the connection ends early, by FIN
 * or RST. STALL: nothing follows, and the connection stays open. SILENCE: there is no answer at
 * all. */
enum sim_ending { ENDING_WHOLE, ENDING_CUT, ENDING_RESET, ENDING_STALL, ENDING_SILENCE };

struct sim_delivery {
    enum sim_transfer transfer; /* how the client is told where the body ends */
    uint32_t rate;              /* bytes a second; 0: no limit */
    enum sim_ending ending;
    size_t sent; /* bytes of the body before a cut, a reset or a stall */
};

/* What an answer holds until it has been sent; sim_portal_finish releases it. */
struct sim_hold {
    uint64_t session; /* serial of the session that is busy until then; 0: none */
    uint64_t asked;   /* number in the journal; 0: the answer is no export */
};

struct sim_answer {
    unsigned status;
    const char *type;
    struct buf body;
    char location[MESSAGE_HEADER_SIZE];    /* empty: none */
    char cookie[MESSAGE_HEADER_SIZE];      /* empty: none */
    char disposition[MESSAGE_HEADER_SIZE]; /* empty: none */
    uint32_t retry_after;                  /* seconds; 0: none */
    struct sim_delivery delivery;
    struct sim_hold hold;
};

/* Adds bytes to a form field, which is made when it is first named. False: too_large is set. */
bool sim_request_add(struct sim_request *request, const char *name, const char *bytes, size_t len);
/* Returns the value of a form field, borrowed; "" if it was not sent. */
const char *sim_request_field(const struct sim_request *request, const char *name);

/* Adds an argument of the query; fails in the same way. */
bool sim_request_add_argument(struct sim_request *request, const char *name, const char *value);
/* Returns an argument, borrowed; NULL if it was not sent. */
const char *sim_request_argument(const struct sim_request *request, const char *name);

void sim_request_done(struct sim_request *request);

void sim_answer_init(struct sim_answer *answer, size_t body_max);
void sim_answer_done(struct sim_answer *answer);
/* Makes the answer a redirect by 302. */
void sim_answer_redirect(struct sim_answer *answer, const char *location);

#endif
