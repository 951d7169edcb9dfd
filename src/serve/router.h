/*
 * Finds the answer to a request: by its address, after the checks that all requests pass.
 */
#ifndef SERVE_ROUTER_H
#define SERVE_ROUTER_H

#include "base/error.h"
#include "serve/visit.h"

#include <stdbool.h>

/* Fails with ERROR_CONFIG as serve_run does. */
bool router_open(struct router *out, const struct serve_options *options, struct error *err);
void router_close(struct router *router);

/* Answers; *out was initialised. */
void router_answer(const struct router *router, const struct incoming *in, struct reply *out);

#endif
