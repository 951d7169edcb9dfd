/*
 * Who holds a lease: this machine and this process, in words that another run can check.
 *
 *     "web-1, process 4711 (started 90210)"        started: the kernel's clock ticks since boot
 */
#ifndef RUN_HOLDER_H
#define RUN_HOLDER_H

#include <stdbool.h>

#define HOLDER_SIZE 160

void holder_name(char out[HOLDER_SIZE]);

/* Whether that holder was a process of this machine and is no more: then its lease needs not to be
 * waited for. Another machine's process is never known to be dead. */
bool holder_is_dead(const char *holder);

#endif
