/*
 * Appends log lines to a file, and begins a new one when it has grown: FILE becomes FILE.1, FILE.1
 * becomes FILE.2, and so on; what was FILE.5 is gone. Several processes may write one file.
 */
#ifndef BASE_LOG_FILE_H
#define BASE_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct error;

enum { LOG_FILE_MAX = 2 * 1024 * 1024, LOG_FILE_KEPT = 5 };

/* Opens the file, mode 0600; its folder must exist. NULL closes the one that is open. ERROR_CONFIG:
 * it cannot be opened. Not to be called while other threads log. */
bool log_file_open(const char *path, struct error *err);

/* Appends a line, which has its line end. What cannot be written is lost, and the first such loss
 * is told on standard error. One call at a time; does nothing if no file is open. */
void log_file_write(const char *line, size_t len);

#endif
