/*
 * Reads, maps, copies and removes files; makes and removes folders.
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

/* Maps a file for reading; file_map_close ends the map. Fails with ERROR_DATA if it cannot be
 * opened or is not a regular file, ERROR_SYSTEM if it cannot be mapped. */
bool file_map_open(const char *path, struct file_map *out, struct error *err);

/*
 * Reads a file into memory, for files that another program may change meanwhile: if a mapped file
 * shrinks, SIGBUS ends the process. Fails with ERROR_DATA if it is not a regular file, is larger
 * than `max` bytes, or changed while it was read: the bytes would be neither the old file nor the
 * new one.
 */
bool file_map_copy(const char *path, size_t max, struct file_map *out, struct error *err);

void file_map_close(struct file_map *map); /* for both functions above; accepts a zeroed one */

/* Returns words for the kind of a file, by its st_mode: "a file", "a folder", "a device", … They
 * are static. */
const char *file_kind_name(unsigned mode);

/* Reads a whole small file; *out is NUL-terminated and owned by the caller. A file larger than
 * `max` bytes is an error. */
bool file_read(const char *path, size_t max, char **out, struct error *err);

/* Writes what comes out of a pipe into a new file `to`, until the pipe's end. It waits for the
 * writer; a stop ends the wait. Fails with ERROR_DATA if the pipe cannot be read or holds more than
 * `max` bytes, ERROR_SYSTEM if `to` cannot be written or the wait fails, or ERROR_STOPPED. A file
 * that is not complete is removed. */
bool file_spool(const char *pipe, const char *to, uint64_t max, struct error *err);

/* Adds what a file or a pipe holds to `out`, until its end or until `out` is full (out->full). It
 * takes all the room at once, so that growing leaves no copy of a secret in memory. Fails with
 * ERROR_DATA if the file cannot be opened or read. */
bool file_read_into(const char *path, struct buf *out, struct error *err);

/* Makes a new private folder (mode 0700) in $TMPDIR or /tmp; *out is owned by the caller. */
bool file_make_temp_dir(const char *prefix, char **out, struct error *err);
bool file_make_dirs(const char *path, struct error *err); /* as mkdir -p, mode 0700 */

/* Removes a folder and all that is in it; follows no link. It does not report failures. */
void file_remove_tree(const char *path);

#endif
