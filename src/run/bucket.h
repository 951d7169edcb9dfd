/*
 * Copies the bronze archive into a bucket of S3, and loads it from there.
 *
 *     PREFIX/REPORT/YYYY/RUN_FIRST_LAST[-N].zst   the files, as in the archive's folder
 *     PREFIX/manifest/RUN.jsonl                   the lines of the manifest that a run wrote
 *
 * The folder is the first copy. What the bucket lacks is found by comparing the manifest with
 * DIR/sent, where the number of lines stands that are in the bucket, so what one run cannot send
 * the next one does. Nothing in the bucket is ever removed, and an object is only ever replaced by
 * itself, or a run's lines by the same lines and more.
 *
 *     bucket_open
 *       bucket_send            after an export was kept, and at the end of a run
 *     bucket_close
 *
 *     bucket_open
 *       bucket_fetch_manifest  into an empty folder
 *       bucket_fetch           a file of the archive
 *     bucket_close
 */
#ifndef RUN_BUCKET_H
#define RUN_BUCKET_H

#include "base/error.h"
#include "bronze/entry.h"
#include "model/settings.h"

#include <stdbool.h>
#include <stddef.h>

struct bucket;

/* Opens the bucket for the archive in `dir`; both are borrowed until close. Nothing is sent yet. */
struct bucket *bucket_open(const struct bucket_settings *settings, const char *dir);
void bucket_close(struct bucket *bucket); /* accepts NULL */

/* Sends what the bucket lacks: files first, then the lines of their run. With `patient` it tries
 * again after a failure. If another process is sending from the same folder, it leaves it to that
 * one: then *all is false, else it says whether the bucket has all now. On failure *left says how
 * many exports it lacks; what was sent is noted. */
bool bucket_send(struct bucket *bucket, bool patient, bool *all, size_t *left, struct error *err);

/* Writes the manifest of the bucket into the folder, which must have none. ERROR_DATA if the bucket
 * has no archive there. */
bool bucket_fetch_manifest(struct bucket *bucket, struct error *err);

/* Gets a file of the archive into the folder; bucket_drop removes it. ERROR_DATA names an object
 * that is missing. */
bool bucket_fetch(struct bucket *bucket, const struct bronze_file *file, struct error *err);
void bucket_drop(const struct bucket *bucket, const struct bronze_file *file);

/* Prepends the name of a file's object to an error that is already set; returns false. */
bool bucket_blame(const struct bucket *bucket, const struct bronze_file *file, struct error *err);

#endif
