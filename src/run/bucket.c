/* SPDX-License-Identifier: MIT */
/* Sends the bronze archive to a bucket, and fetches it. */
#include "run/bucket.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "bronze/manifest.h"
#include "bronze/manifest_line.h"
#include "run/bucket_note.h"
#include "run/retry.h"
#include "s3/address.h"
#include "s3/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    RUN_LINES_MAX = 256 * 1024 * 1024, /* of one run; a line has some hundred bytes */
    /* What one call sends for: a first copy of a large archive takes several runs. After a signal
     * to stop there is less. */
    SEND_MS = 15 * 60 * 1000,
    STOPPED_MS = 10 * 1000,
};

/* Waits of 1, 3 and 9 s, each up to a half longer: S3 asks for that when it is busy (503 Slow
 * Down). A longer outage while sending is left to the next run. */
static const struct retry_policy retry_send = {
    .tries = 3, .first_ms = 1000, .factor = 3, .max_ms = 10000};
static const struct retry_policy retry_fetch = {
    .tries = 4, .first_ms = 1000, .factor = 3, .max_ms = 10000};

struct bucket {
    const struct bucket_settings *settings;
    const char *dir;
    struct s3 *s3;
    struct manifest manifest;          /* opened by the first send */
    const struct retry_policy *policy; /* NULL: nothing is tried again */
    int64_t began_ms, stop_ms;         /* of this call; when it saw a signal, 0: not yet */
    bool doubtful; /* nothing is noted as sent, so objects may be there: they are asked for */
};

struct bucket *bucket_open(const struct bucket_settings *settings, const char *dir)
{
    struct bucket *bucket = mem_alloc(sizeof(*bucket));

    *bucket = (struct bucket){.settings = settings, .dir = dir, .s3 = s3_new(settings)};
    return bucket;
}

void bucket_close(struct bucket *bucket)
{
    if (!bucket)
        return;
    s3_free(bucket->s3);
    manifest_close(&bucket->manifest);
    free(bucket);
}

/* --- one object, with its tries ------------------------------------------------------------- */

struct transfer {
    struct bucket *bucket;
    const char *key, *path; /* path: of the file in the folder */
    struct buf *bytes;
    uint64_t size;
    bool has;
};

static bool again(const struct bucket *bucket, retry_step *step, struct transfer *transfer,
                  struct error *err)
{
    return bucket->policy ? retry_until_done(bucket->policy, step, transfer, err)
                          : step(transfer, err);
}

static bool put_file(void *arg, struct error *err)
{
    struct transfer *transfer = arg;

    return s3_put_file(transfer->bucket->s3, transfer->key, transfer->path, err);
}

static bool put_bytes(void *arg, struct error *err)
{
    struct transfer *transfer = arg;

    return s3_put_bytes(transfer->bucket->s3, transfer->key, transfer->bytes->data,
                        transfer->bytes->len, err);
}

static bool ask(void *arg, struct error *err)
{
    struct transfer *transfer = arg;

    return s3_has(transfer->bucket->s3, transfer->key, transfer->size, &transfer->has, err);
}

static bool get_file(void *arg, struct error *err)
{
    struct transfer *transfer = arg;

    return s3_get_file(transfer->bucket->s3, transfer->key, transfer->path, transfer->size, err);
}

static bool get_bytes(void *arg, struct error *err)
{
    struct transfer *transfer = arg;

    buf_reset(transfer->bytes);
    return s3_get_bytes(transfer->bucket->s3, transfer->key, transfer->bytes, err);
}

/* --- sending -------------------------------------------------------------------------------- */

/* Sends one file. *there: the bucket has it then. One that the folder has lost may be in the bucket
 * from before. */
static bool send_file(struct bucket *bucket, const struct bronze_file *file, bool *there,
                      struct error *err)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s", bucket->dir, file->path);
    MEM_FREE_TEXT char *key = s3_key(bucket->settings, file->path);
    struct transfer transfer = {.bucket = bucket, .key = key, .path = path, .size = file->packed};
    struct stat info;

    const bool is_here = stat(path, &info) == 0 && (uint64_t)info.st_size == file->packed;
    if ((bucket->doubtful || !is_here) && !again(bucket, ask, &transfer, err))
        return false;
    *there = is_here || transfer.has;
    return !is_here || transfer.has || again(bucket, put_file, &transfer, err);
}

/* Sends the files of an entry. *keep: its line belongs into the bucket. An export that was removed
 * before the bucket had it is left out; one that is lost stays, so that who loads the archive is
 * told. */
static bool send_entry(struct bucket *bucket, const struct bronze_entry *entry, bool *keep,
                       struct error *err)
{
    bool all = true;

    for (size_t i = 0; entry->stored && i < entry->file_count; i++) {
        bool there = false;
        if (!send_file(bucket, &entry->files[i], &there, err))
            return false;
        if (!there && !entry->removed)
            log_warn("bronze.lost", log_text("file", entry->files[i].path),
                     log_text("error", "it is neither in the folder nor in the bucket"));
        all = all && there;
    }
    *keep = all || !entry->removed;
    return true;
}

/* Whether there is time for another file. */
static bool has_time(struct bucket *bucket, struct error *err)
{
    const int64_t now = clock_ms();

    if (stop_signal() && !bucket->stop_ms)
        bucket->stop_ms = now;
    if (bucket->stop_ms && now - bucket->stop_ms > STOPPED_MS)
        return stop_check(err);
    return now - bucket->began_ms < SEND_MS ||
           error_set(err, ERROR_SYSTEM, "a run sends for %d minutes at most", SEND_MS / 60 / 1000);
}

/* What one call of bucket_send has done: for each entry. */
struct sending {
    size_t from; /* entries before it were sent by earlier calls */
    bool *done, *left_out;
};

static bool put_lines(struct bucket *bucket, const struct sending *sending, const char *run,
                      struct error *err)
{
    BUF_DONE struct buf lines = BUF_INIT(RUN_LINES_MAX);
    MEM_FREE_TEXT char *path = mem_format("manifest/%s.jsonl", run);
    MEM_FREE_TEXT char *key = s3_key(bucket->settings, path);
    struct transfer transfer = {.bucket = bucket, .key = key, .bytes = &lines};

    for (size_t i = 0; i < bucket->manifest.count; i++) {
        const struct bronze_entry *entry = &bucket->manifest.entries[i];
        if (entry->kind != BRONZE_REMOVED && !sending->left_out[i] && strcmp(entry->run, run) == 0)
            manifest_line_add(&lines, entry);
    }
    if (lines.full)
        return error_set(err, ERROR_SYSTEM, "the lines of run %s are longer than %d bytes", run,
                         RUN_LINES_MAX);
    return lines.len == 0 || again(bucket, put_bytes, &transfer, err);
}

/* Sends all of a run that was not sent yet: all files before any line. */
static bool send_run(struct bucket *bucket, struct sending *sending, size_t first,
                     struct error *err)
{
    const struct manifest *manifest = &bucket->manifest;
    const char *run = manifest->entries[first].run;

    for (size_t i = first; i < manifest->count; i++) {
        bool keep = true;
        if (manifest->entries[i].kind == BRONZE_REMOVED || sending->done[i] ||
            strcmp(manifest->entries[i].run, run) != 0)
            continue;
        if (!has_time(bucket, err) || !send_entry(bucket, &manifest->entries[i], &keep, err))
            return false;
        sending->left_out[i] = !keep;
    }
    if (!put_lines(bucket, sending, run, err))
        return false;
    for (size_t i = first; i < manifest->count; i++)
        if (strcmp(manifest->entries[i].run, run) == 0)
            sending->done[i] = true;
    return true;
}

/* Notes that all entries before the first that is not done are in the bucket. */
static bool note_sent(const struct bucket *bucket, const struct sending *sending, struct error *err)
{
    const struct manifest *manifest = &bucket->manifest;
    size_t count = sending->from;

    while (count < manifest->count &&
           (sending->done[count] || manifest->entries[count].kind == BRONZE_REMOVED))
        count++;
    return count == sending->from ||
           bucket_note_write(bucket->settings, bucket->dir, manifest, count, err);
}

static bool send_pending(struct bucket *bucket, size_t *left, struct error *err)
{
    const size_t count = bucket->manifest.count;
    struct sending sending = {.done = mem_array(count + 1, sizeof(bool)),
                              .left_out = mem_array(count + 1, sizeof(bool))};
    struct error unnoted;
    bool ok = true;

    sending.from = bucket_note_read(bucket->settings, bucket->dir, &bucket->manifest);
    bucket->doubtful = sending.from == 0;
    for (size_t i = sending.from; ok && i < count; i++)
        if (!sending.done[i] && bucket->manifest.entries[i].kind != BRONZE_REMOVED)
            ok = send_run(bucket, &sending, i, err);
    *left = 0;
    for (size_t i = sending.from; i < count; i++)
        *left += bucket->manifest.entries[i].kind == BRONZE_EXPORT && !sending.done[i];
    if (!note_sent(bucket, &sending, &unnoted) && ok) {
        *err = unnoted;
        ok = false;
    }
    free(sending.done);
    free(sending.left_out);
    return ok;
}

bool bucket_send(struct bucket *bucket, bool patient, bool *all, size_t *left, struct error *err)
{
    int lock;

    *left = 0;
    *all = false;
    bucket->policy = patient ? &retry_send : NULL;
    bucket->began_ms = clock_ms();
    bucket->stop_ms = 0;
    if (!bucket_note_lock(bucket->dir, &lock, err))
        return false;
    if (lock < 0)
        return true; /* another process is at it */
    bool ok = bucket->manifest.path ? manifest_read_more(&bucket->manifest, err)
                                    : manifest_open(bucket->dir, false, &bucket->manifest, err);
    ok = ok && send_pending(bucket, left, err);
    close(lock);
    *all = ok;
    return ok;
}

/* --- fetching ------------------------------------------------------------------------------- */

struct fetching {
    struct bucket *bucket;
    FILE *to;
    size_t count;
};

/* Adds the lines of one run. Ids of runs sort by their start, and so do the keys: the lines come in
 * the order in which their exports were loaded. */
static bool add_run(void *arg, const char *key, struct error *err)
{
    struct fetching *fetching = arg;
    BUF_DONE struct buf lines = BUF_INIT(RUN_LINES_MAX);
    struct transfer transfer = {.bucket = fetching->bucket, .key = key, .bytes = &lines};

    if (!stop_check(err) || !again(fetching->bucket, get_bytes, &transfer, err))
        return false;
    fetching->count++;
    return fwrite(buf_text(&lines), 1, lines.len, fetching->to) == lines.len ||
           error_set_errno(err, ERROR_SYSTEM, "cannot write the manifest into %s",
                           fetching->bucket->dir);
}

bool bucket_fetch_manifest(struct bucket *bucket, struct error *err)
{
    MEM_FREE_TEXT char *path = mem_format("%s/manifest.jsonl", bucket->dir);
    MEM_FREE_TEXT char *prefix = s3_key(bucket->settings, "manifest/");
    struct fetching fetching = {.bucket = bucket, .to = fopen(path, "wxe")};

    if (!fetching.to)
        return error_set_errno(err, ERROR_SYSTEM, "cannot write %s", path);
    bucket->policy = &retry_fetch;
    bool ok = s3_list(bucket->s3, prefix, add_run, &fetching, err);
    if (fclose(fetching.to) != 0 && ok)
        ok = error_set_errno(err, ERROR_SYSTEM, "cannot write %s", path);
    if (ok && fetching.count == 0) {
        MEM_FREE_TEXT char *name = s3_name(bucket->settings, prefix);
        ok =
            error_set(err, ERROR_DATA,
                      "%s: there is no archive; check BRONZE_S3_BUCKET and BRONZE_S3_PREFIX", name);
    }
    return ok;
}

bool bucket_fetch(struct bucket *bucket, const struct bronze_file *file, struct error *err)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s", bucket->dir, file->path);
    MEM_FREE_TEXT char *folder = mem_copy_n(path, (size_t)(strrchr(path, '/') - path));
    MEM_FREE_TEXT char *key = s3_key(bucket->settings, file->path);
    struct transfer transfer = {.bucket = bucket, .key = key, .path = path, .size = file->packed};

    bucket->policy = &retry_fetch;
    return file_make_dirs(folder, err) && again(bucket, get_file, &transfer, err);
}

void bucket_drop(const struct bucket *bucket, const struct bronze_file *file)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s", bucket->dir, file->path);

    unlink(path);
}

bool bucket_blame(const struct bucket *bucket, const struct bronze_file *file, struct error *err)
{
    MEM_FREE_TEXT char *key = s3_key(bucket->settings, file->path);
    MEM_FREE_TEXT char *name = s3_name(bucket->settings, key);

    return error_context(err, "%s", name);
}
