/*
 * What the server is started with.
 */
#ifndef SERVE_OPTIONS_H
#define SERVE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* A variable that the processes which this one starts get besides its environment. */
struct serve_variable {
    const char *name, *value; /* NULL: it was not set */
};

/* All borrowed until serve_run returns; NULL: not set. */
struct serve_options {
    const char *address;       /* "127.0.0.1:8090" */
    const char *hosts;         /* the names under which a browser may ask, with commas */
    const char *password_hash; /* of password_hash(); without one everybody is let in */
    const char *metrics_token; /* for /metrics, from elsewhere than this machine */
    bool trust_proxy;          /* believe X-Forwarded-For and X-Forwarded-Proto */
    bool allow_run;            /* POST /executar starts a cycle */
    bool allow_accept;         /* POST /janelas/ID/aceitar loads a window that the guard held */
    const char *database;      /* the URL */
    const char *version;       /* of the program */
    const char *portal_name;
    const char *profile, *env_file; /* of the command line, for the cycles that are started */
    const struct serve_variable *variables;
    size_t variable_count;
};

#endif
