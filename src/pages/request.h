/*
 * What a page is asked for, and by whom it is shown: a server (src/serve) or a file (`etl-sigos
 * report`).
 */
#ifndef PAGES_REQUEST_H
#define PAGES_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A name and value of the address's query, decoded: valid UTF-8 without control characters. */
struct request_value {
    const char *name, *value;
};

/* What shows the pages. All texts outlive the request. */
struct site {
    const char *version;                               /* of the program */
    const char *style_path, *script_path, *chart_path; /* where the browser finds them */
    const char *portal_name;                           /* of the profile, for the head line */
    bool single_file;  /* a file that is read offline: links only within it, no forms */
    bool has_password; /* a button to log out */
    /* Returns the token for the form of a POST to that address in this session, which lives until
     * the answer is made, or NULL where the button is not to be shown. NULL: no such buttons. */
    const char *(*form_token)(void *arg, const char *path);
    void *form_token_arg;
};

struct request {
    const char *path; /* begins with a slash; decoded, and valid UTF-8 without control characters */
    const struct request_value *values;
    size_t value_count;
    const struct site *site;
};

#endif
