/* SPDX-License-Identifier: MIT */
/* Reads and writes the note of what is in the bucket. */
#include "run/bucket_note.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bronze/manifest_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { NOTE_MAX = MANIFEST_LINE_MAX + 4096 };

bool bucket_note_lock(const char *dir, int *lock, struct error *err)
{
    MEM_FREE_TEXT char *path = mem_format("%s/sent.lock", dir);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot open %s", path);
    *lock = fd;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    const bool busy = errno == EWOULDBLOCK;
    if (!busy)
        error_set_errno(err, ERROR_SYSTEM, "cannot lock %s", path);
    close(fd);
    *lock = -1;
    return busy;
}

/* The head of a note: which bucket it is about. */
static void add_head(struct buf *out, const struct bucket_settings *settings)
{
    buf_addf(out, "%s s3://%s/%s ", settings->endpoint ? settings->endpoint : "aws", settings->name,
             settings->prefix ? settings->prefix : "");
}

size_t bucket_note_read(const struct bucket_settings *settings, const char *dir,
                        const struct manifest *manifest)
{
    BUF_DONE struct buf head = BUF_INIT(NOTE_MAX), line = BUF_INIT(MANIFEST_LINE_MAX);
    MEM_FREE_TEXT char *path = mem_format("%s/sent", dir), *text = NULL;
    char *end;

    add_head(&head, settings);
    if (!file_read(path, NOTE_MAX, &text, &(struct error){0}) ||
        strncmp(text, buf_text(&head), head.len) != 0)
        return 0;
    const unsigned long long count = strtoull(text + head.len, &end, 10);
    if (*end != '\n' || count == 0 || count > manifest->count)
        return 0;
    manifest_line_add(&line, &manifest->entries[count - 1]);
    return strcmp(end + 1, buf_text(&line)) == 0 ? (size_t)count : 0;
}

bool bucket_note_write(const struct bucket_settings *settings, const char *dir,
                       const struct manifest *manifest, size_t count, struct error *err)
{
    BUF_DONE struct buf note = BUF_INIT(NOTE_MAX);
    MEM_FREE_TEXT char *path = mem_format("%s/sent", dir), *fresh = mem_format("%s.new", path);

    add_head(&note, settings);
    buf_addf(&note, "%zu\n", count);
    manifest_line_add(&note, &manifest->entries[count - 1]);
    FILE *file = fopen(fresh, "we");
    /* It is not synced: without it the objects are asked for again. */
    bool ok = file && fwrite(buf_text(&note), 1, note.len, file) == note.len;
    ok = file && fclose(file) == 0 && ok && rename(fresh, path) == 0;
    return ok || error_set_errno(err, ERROR_SYSTEM, "cannot write %s", path);
}
