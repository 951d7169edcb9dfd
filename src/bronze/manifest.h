/*
 * The manifest of the bronze archive: one JSON line for each export that was kept, in the order in
 * which the exports were loaded. Lines are only ever appended, so that a kill loses at most the
 * line that was being written.
 *
 *     manifest_open
 *       manifest_lock
 *         manifest_append               after that the lines of other processes are in ->entries
 *       manifest_unlock
 *     manifest_close
 */
#ifndef BRONZE_MANIFEST_H
#define BRONZE_MANIFEST_H

#include "base/error.h"
#include "bronze/entry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct manifest {
    char *path;                   /* owned */
    int fd;                       /* for appending; -1: opened to be read only */
    struct bronze_entry *entries; /* owned; of all lines read so far */
    size_t count;
    size_t lines;    /* read so far */
    int64_t read_to; /* bytes read so far */
};

/* Opens the manifest of the archive in `dir`, and makes it if `writable`; else reads it. A last
 * line without its end is left out: its writer was killed or is at work. ERROR_SYSTEM if it cannot
 * be opened; ERROR_DATA names the file and the line that is not what it should be. */
bool manifest_open(const char *dir, bool writable, struct manifest *out, struct error *err);
void manifest_close(struct manifest *manifest); /* accepts a zeroed one */

/* Reads the lines that were added since; of one that is read only too. Fails as manifest_open
 * does. */
bool manifest_read_more(struct manifest *manifest, struct error *err);

/* Waits until no other process has the lock, takes it, removes what a killed writer left of a line,
 * and reads the lines that other processes have added. Fails as manifest_open does. */
bool manifest_lock(struct manifest *manifest, struct error *err);
void manifest_unlock(struct manifest *manifest);

/* Appends a line, which is on the disk afterwards, and takes the entry over. On failure
 * (ERROR_SYSTEM) the manifest is as before, and the entry stays the caller's. Only under the
 * lock. */
bool manifest_append(struct manifest *manifest, struct bronze_entry *entry, struct error *err);

#endif
