/*
 * A request and its answer, free of the HTTP library: the portal is a function from one to the
 * other.
 *
 * Texts of a request are borrowed from whoever made it; bodies of an answer belong to the answer.
 */
#ifndef SIMULATOR_MESSAGE_H
#define SIMULATOR_MESSAGE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { MESSAGE_FIELDS_MAX = 24, MESSAGE_FIELD_BYTES_MAX = 4096, MESSAGE_HEADER_SIZE = 160 };

struct sim_message_field {
    char *name;
    struct buf value;
};

struct sim_request {
    bool post;             /* else GET */
    const char *path;      /* without the query */
    const char *session;   /* the cookie's value, or NULL */
    const char *parameter; /* of the control endpoints: n or ms in the query, or NULL */
    struct sim_message_field fields[MESSAGE_FIELDS_MAX];
    size_t field_count;
    bool too_large; /* a field or their number went beyond its limit */
};

struct sim_answer {
    unsigned status;
    const char *type;
    struct buf body;
    char location[MESSAGE_HEADER_SIZE];    /* empty: none */
    char cookie[MESSAGE_HEADER_SIZE];      /* empty: none */
    char disposition[MESSAGE_HEADER_SIZE]; /* empty: none */
};

/* Adds bytes to a form field, which is made when first named. False: too_large. */
bool sim_request_add(struct sim_request *request, const char *name, const char *bytes, size_t len);
/* A form field's value; "" when it was not sent. */
const char *sim_request_field(const struct sim_request *request, const char *name);
void sim_request_done(struct sim_request *request);

void sim_answer_init(struct sim_answer *answer, size_t body_max);
void sim_answer_done(struct sim_answer *answer);
void sim_answer_redirect(struct sim_answer *answer, const char *location);

#endif
