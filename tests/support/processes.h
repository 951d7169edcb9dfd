/*
 * Looking at processes through /proc.
 */
#ifndef TESTS_SUPPORT_PROCESSES_H
#define TESTS_SUPPORT_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* All processes below `pid`, itself not included: parents first. At most `max`. */
size_t processes_below(pid_t pid, pid_t *out, size_t max);

/* Whether a file, such as /proc/PID/environ, holds the text; false if it cannot be read. */
bool processes_file_holds(const char *path, const char *text);

/* The same of /proc/PID/NAME. */
bool processes_hold(pid_t pid, const char *name, const char *text);

#endif
