/*
 * Decodes the address that a request asks for, and the fields of a form. Nothing of a request is
 * used before it has passed here.
 */
#ifndef SERVE_DECODE_H
#define SERVE_DECODE_H

#include "pages/request.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    DECODE_TARGET_MAX = 4096, /* bytes of an address with its query */
    DECODE_BODY_MAX = 4096,   /* bytes of a form */
    DECODE_VALUES_MAX = 64,   /* names and values of an address or a form */
    DECODE_FIELD_MAX = 64,
};

/* What was decoded; all texts are in `memory`. They are valid UTF-8 without control characters. */
struct decoded {
    const char *path; /* begins with a slash; "" for a form */
    struct request_value *values;
    size_t value_count;
    char *memory;
    size_t memory_len;
};

/* Why an address or a form is refused, in Portuguese, and the value that is wrong, or "". */
struct decode_fault {
    const char *message;
    char field[DECODE_FIELD_MAX];
};

/* Decodes "/path?name=value&…". Refuses what is no path of this server, an escape that is none,
 * bytes that are not UTF-8, control characters, a name without letters, more than DECODE_VALUES_MAX
 * values, and a name that comes twice, unless it is "equipe". The caller frees *out with
 * decoded_done. */
bool decode_target(const char *target, struct decoded *out, struct decode_fault *fault);

/* Decodes the body of a form (application/x-www-form-urlencoded) in the same way. */
bool decode_form(const char *body, size_t len, struct decoded *out, struct decode_fault *fault);

/* Returns the value of a name, or NULL. Borrowed. */
const char *decoded_value(const struct decoded *decoded, const char *name);

void decoded_done(struct decoded *decoded); /* accepts a zeroed one; overwrites passwords */

#endif
