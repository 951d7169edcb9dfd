/*
 * Handles the request to stop. SIGINT and SIGTERM set a flag and make a descriptor readable, so
 * that every poll wakes at once; the handlers do nothing else. The code that waits returns
 * ERROR_STOPPED, the present window is rolled back, and the exit code is 128 + the signal.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>

struct error;

bool stop_install(struct error *err); /* called early in main; does nothing the second time */
int stop_signal(void);                /* the signal that asked to stop; 0: none */
int stop_fd(void); /* readable from the moment of the request; -1 before install */

/* Fails with ERROR_STOPPED if a stop was requested. For loops between two units of work. */
bool stop_check(struct error *err);

#endif
