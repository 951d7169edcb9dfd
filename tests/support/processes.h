/*
 * Reading of processes through /proc.
 */
#ifndef TESTS_SUPPORT_PROCESSES_H
#define TESTS_SUPPORT_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Finds the descendants of `pid`, parents first, at most `max`. Returns their number. */
size_t processes_below(pid_t pid, pid_t *out, size_t max);

/* Whether a file, such as /proc/PID/environ, holds the text; false if it cannot be read. */
bool processes_file_holds(const char *path, const char *text);

/* Whether /proc/PID/NAME holds the text. */
bool processes_hold(pid_t pid, const char *name, const char *text);

#endif
