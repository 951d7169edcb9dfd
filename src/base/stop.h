/*
 * The request to stop: SIGINT and SIGTERM set a flag and make a descriptor readable, so that every
 * wait (poll) wakes at once. Handlers do nothing else; the code that waits returns ERROR_STOPPED,
 * the window in work is rolled back, and the exit code is 128 + the signal.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>

struct error;

bool stop_install(struct error *err); /* once, early in main */
int stop_signal(void);                /* 0, or the signal that asked us to stop */
int stop_fd(void); /* readable from the moment of the request; -1 before install */

/* False with ERROR_STOPPED if a stop was requested: for loops between two units of work. */
bool stop_check(struct error *err);

#endif
