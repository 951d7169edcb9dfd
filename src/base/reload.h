/*
 * Handles the request to read the configuration again. SIGHUP sets a flag and makes a descriptor
 * readable, so that a wait wakes at once; the handler does nothing else. A program that does not
 * call reload_install keeps the default: SIGHUP, which a terminal sends when it is closed, ends it.
 */
#ifndef BASE_RELOAD_H
#define BASE_RELOAD_H

#include <stdbool.h>

struct error;

bool reload_install(struct error *err); /* called once. ERROR_SYSTEM: no pipe can be made */
int reload_fd(void); /* readable while a request was not taken; -1 before install */

/* Takes a request: true if SIGHUP came since the last call. Several at once are one. */
bool reload_take(void);

#endif
