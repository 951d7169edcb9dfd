/*
 * What an HTTP answer says about the file that it carries, and whether that is the file expected.
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
    int status;                      /* HTTP; 0: no answer */
    char type[RESPONSE_TYPE_SIZE];   /* media type in lower case, without parameters */
    char name[RESPONSE_NAME_SIZE];   /* that the answer gives the file, as a browser would write it:
                                        no path, no control characters; empty: none */
    int64_t size;                    /* bytes of the body */
    char start[RESPONSE_START_SIZE]; /* its first bytes; fewer if it is shorter */
};

/* Takes a header into account: Content-Type, Content-Disposition; others are ignored. The value
 * need not end with a NUL. */
void response_take_header(struct response *response, const char *name, const char *value,
                          size_t len);

/* Whether the headers promise the file of a report: HTTP 200, a type that is no page and no data
 * for scripts, and, if the answer names the file, a name among `files`. Else `why` says what came.
 */
bool response_is_file(const struct response *response, const struct names *files,
                      char why[RESPONSE_WHY_SIZE]);

/* The same for an answer with its body, which also must be of the type of `model`, the answer that
 * a click brought, be named if that was, packed if and only if that was, and begin as no page or
 * JSON does. */
bool response_is_like(const struct response *response, const struct response *model,
                      const struct names *files, char why[RESPONSE_WHY_SIZE]);

/* A redirect: to the login page, as a rule. */
bool response_is_elsewhere(const struct response *response);

#endif
