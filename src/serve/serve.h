/*
 * The pages over HTTP: `etl-sigos serve`.
 */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include "base/error.h"
#include "serve/options.h"

#include <stdbool.h>

/* Listens, prints "open http://…/" on standard output, and answers until a signal stops it; fails
 * with ERROR_STOPPED then. ERROR_CONFIG: the address is none, or others can reach it and there is
 * no password; nothing was opened. ERROR_SYSTEM: the address is in use, for example. */
bool serve_run(const struct serve_options *options, struct error *err);

#endif
