/*
 * The note in the archive's folder of what is in the bucket: DIR/sent.
 */
#ifndef RUN_BUCKET_NOTE_H
#define RUN_BUCKET_NOTE_H

#include "base/error.h"
#include "bronze/manifest.h"
#include "model/settings.h"

#include <stdbool.h>
#include <stddef.h>

/* Takes the lock under which one process at a time sends. *lock is to be closed; -1: another
 * process has it. ERROR_SYSTEM if the folder refuses. */
bool bucket_note_lock(const char *dir, int *lock, struct error *err);

/* Returns how many entries of the manifest are in the bucket; 0 if nothing is noted, or the note is
 * of another bucket or another manifest: it has the last line that was sent. */
size_t bucket_note_read(const struct bucket_settings *settings, const char *dir,
                        const struct manifest *manifest);

/* Notes that the first `count` entries (at least one) are in the bucket. ERROR_SYSTEM. */
bool bucket_note_write(const struct bucket_settings *settings, const char *dir,
                       const struct manifest *manifest, size_t count, struct error *err);

#endif
