/*
 * Judges by an HTTP answer's headers and first bytes whether it carries the expected file.
 */
#ifndef EXTRACT_REPLAY_RESPONSE_H
#define EXTRACT_REPLAY_RESPONSE_H

#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESPONSE_TYPE_SIZE = 64, RESPONSE_NAME_SIZE = 256, RESPONSE_START_SIZE = 64 };
enum { RESPONSE_WHY_SIZE = 400 };

struct response {
    int status;                    /* HTTP; 0: no answer */
    char type[RESPONSE_TYPE_SIZE]; /* media type in lower case, without parameters */
    /* The name that the answer gives the file, as a browser would write it: no path, no control
     * characters. Empty: none. */
    char name[RESPONSE_NAME_SIZE];
    int64_t size;                    /* bytes of the body */
    char start[RESPONSE_START_SIZE]; /* the first bytes of the body; zeros behind a shorter one */
};

/* Takes Content-Type and Content-Disposition from a header; others are ignored. `value` has `len`
 * bytes and need not end with a NUL. */
void response_take_header(struct response *response, const char *name, const char *value,
                          size_t len);

/* Whether the headers promise the file of a report: HTTP 200, a type that is not that of a page or
 * of data for scripts, and, if the answer names the file, a name among `files`. Otherwise `why`
 * says what came. */
bool response_is_file(const struct response *response, const struct names *files,
                      char why[RESPONSE_WHY_SIZE]);

/* Whether an answer with its body is the file of a report, compared with `model`, the answer to a
 * click: the headers promise a file, the type is the same, it is named if the model is, it is
 * packed if and only if the model is, and it does not begin as HTML or JSON does. Otherwise `why`
 * says what came. */
bool response_is_like(const struct response *response, const struct response *model,
                      const struct names *files, char why[RESPONSE_WHY_SIZE]);

/* Whether the answer is a redirect, mostly to the login page. */
bool response_is_elsewhere(const struct response *response);

#endif
