/*
 * Files and folders.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* A file mapped for reading; an empty file has data = "" and size = 0. */
struct file_map {
    const char *data;
    size_t size;
};

bool file_map_open(const char *path, struct file_map *out, struct error *err);

/*
 * Reads a file into memory of our own, for files that somebody else may change meanwhile: a mapped
 * one that shrinks ends the process by SIGBUS. ERROR_DATA if it is no regular file, larger than
 * `max` bytes, or changed while it was read: what was read would be neither the old file nor the
 * new one.
 */
bool file_map_copy(const char *path, size_t max, struct file_map *out, struct error *err);

void file_map_close(struct file_map *map); /* of either kind; accepts a zeroed one */

/* Says what a file that is not a regular one is: "a folder", "a device", … */
const char *file_kind_name(unsigned mode);

/* The whole of a small text file, NUL-terminated, owned by the caller. Larger than `max` is an
 * error. */
bool file_read(const char *path, size_t max, char **out, struct error *err);

/* Writes what comes out of a pipe into a new file `to`, until its end; waits for who writes, and a
 * stop ends the wait. ERROR_DATA: it cannot be read, or has more than `max` bytes; ERROR_SYSTEM:
 * `to` cannot be written; ERROR_STOPPED. A file that is not complete is removed. */
bool file_spool(const char *pipe, const char *to, uint64_t max, struct error *err);

/* Adds what a file or a pipe holds to `out`, until its end or until `out` is full (out->full); all
 * the room is taken at once, so that no copy stays behind. ERROR_DATA if it cannot be opened or
 * read. */
bool file_read_into(const char *path, struct buf *out, struct error *err);

/* A fresh private folder (mode 0700) below $TMPDIR or /tmp; *out is owned by the caller. */
bool file_make_temp_dir(const char *prefix, char **out, struct error *err);
bool file_make_dirs(const char *path, struct error *err); /* mkdir -p, mode 0700 */

/* Removes a folder and all that is in it, following no link. Best effort: says nothing on failure.
 */
void file_remove_tree(const char *path);

#endif
