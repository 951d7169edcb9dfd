/*
 * Starts cycles, each as a process of this program, and hears how they end. One at a time: a second
 * one would only find the lease of the first.
 */
#ifndef SERVE_RUNNER_H
#define SERVE_RUNNER_H

#include "base/error.h"
#include "serve/options.h"

#include <stdbool.h>

struct runner;

struct runner *runner_new(const struct serve_options *options);
/* A cycle that is going on is not stopped: it is a process of its own. Accepts NULL. */
void runner_free(struct runner *runner);

/* Starts this program with the words (ended by NULL, without the program's name). Its output goes
 * where this process's log goes. Fails with ERROR_LOCKED if one that it started is still going on,
 * or with ERROR_SYSTEM. */
bool runner_start(struct runner *runner, const char *const *words, struct error *err);

#endif
