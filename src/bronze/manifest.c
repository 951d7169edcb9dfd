/* SPDX-License-Identifier: MIT */
/* Reads the manifest of the archive, and appends to it under a lock. */
#include "bronze/manifest.h"

#include "base/buf.h"
#include "base/mem.h"
#include "bronze/manifest_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Marks the export that a BRONZE_REMOVED names. */
static void mark_removed(struct manifest *manifest, const struct bronze_entry *removal)
{
    for (size_t i = 0; i < manifest->count; i++) {
        struct bronze_entry *entry = &manifest->entries[i];
        if (entry->kind == BRONZE_EXPORT && strcmp(entry->run, removal->run) == 0 &&
            bronze_same_window(entry, removal))
            entry->removed = true;
    }
}

/* Takes the entry over. */
static void add(struct manifest *manifest, struct bronze_entry *entry)
{
    /* The room doubles: there may be some ten thousand entries. */
    if ((manifest->count & (manifest->count - 1)) == 0)
        manifest->entries = mem_grow(manifest->entries, manifest->count ? manifest->count * 2 : 1,
                                     sizeof(*manifest->entries));
    if (entry->kind == BRONZE_REMOVED)
        mark_removed(manifest, entry);
    manifest->entries[manifest->count++] = *entry;
    *entry = (struct bronze_entry){0};
}

static bool take_line(struct manifest *manifest, const char *line, size_t len, struct error *err)
{
    struct bronze_entry entry;

    if (len > MANIFEST_LINE_MAX)
        return error_set(err, ERROR_DATA, "it is longer than %d bytes", MANIFEST_LINE_MAX);
    if (!manifest_line_read(line, len, &entry, err))
        return false;
    add(manifest, &entry);
    return true;
}

static bool take_lines(struct manifest *manifest, FILE *file, struct error *err)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    bool ok = true;

    while (ok && (len = getline(&line, &room, file)) > 0 && line[len - 1] == '\n') {
        ok = take_line(manifest, line, (size_t)len - 1, err) ||
             error_context(err, "%s:%zu", manifest->path, manifest->lines + 1);
        manifest->lines += ok;
        manifest->read_to += ok ? len : 0;
    }
    if (ok && ferror(file))
        ok = error_set_errno(err, ERROR_SYSTEM, "cannot read %s", manifest->path);
    if (!ok && err->kind == ERROR_DATA)
        error_append(err, "; put the file back from a copy, or take that line out of it: its "
                          "export is then not loaded by `load --bronze`");
    free(line);
    return ok;
}

bool manifest_read_more(struct manifest *manifest, struct error *err)
{
    FILE *file = fopen(manifest->path, "re");

    if (!file)
        return error_set_errno(err, ERROR_SYSTEM, "cannot open %s", manifest->path);
    bool ok = fseeko(file, (off_t)manifest->read_to, SEEK_SET) == 0 ||
              error_set_errno(err, ERROR_SYSTEM, "cannot read %s", manifest->path);
    ok = ok && take_lines(manifest, file, err);
    fclose(file);
    return ok;
}

bool manifest_open(const char *dir, bool writable, struct manifest *out, struct error *err)
{
    struct manifest manifest = {.path = mem_format("%s/manifest.jsonl", dir), .fd = -1};

    if (writable)
        manifest.fd = open(manifest.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const bool ok = (!writable || manifest.fd >= 0 ||
                     error_set_errno(err, ERROR_SYSTEM, "cannot open %s", manifest.path)) &&
                    manifest_read_more(&manifest, err);
    if (ok)
        *out = manifest;
    else
        manifest_close(&manifest);
    return ok;
}

void manifest_close(struct manifest *manifest)
{
    if (!manifest->path)
        return;
    for (size_t i = 0; i < manifest->count; i++)
        bronze_entry_done(&manifest->entries[i]);
    free(manifest->entries);
    free(manifest->path);
    if (manifest->fd >= 0)
        close(manifest->fd);
    *manifest = (struct manifest){0};
}

/* Removes what a writer that was killed left of its line. Under the lock nobody is writing. */
static bool cut_torn_line(const struct manifest *manifest, struct error *err)
{
    struct stat info;

    if (fstat(manifest->fd, &info) == 0 && (info.st_size <= manifest->read_to ||
                                            ftruncate(manifest->fd, (off_t)manifest->read_to) == 0))
        return true;
    return error_set_errno(err, ERROR_SYSTEM, "cannot mend the end of %s", manifest->path);
}

bool manifest_lock(struct manifest *manifest, struct error *err)
{
    int failed;

    while ((failed = flock(manifest->fd, LOCK_EX)) < 0 && errno == EINTR)
        ;
    if (failed < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot lock %s", manifest->path);
    if (manifest_read_more(manifest, err) && cut_torn_line(manifest, err))
        return true;
    manifest_unlock(manifest);
    return false;
}

void manifest_unlock(struct manifest *manifest)
{
    flock(manifest->fd, LOCK_UN);
}

bool manifest_append(struct manifest *manifest, struct bronze_entry *entry, struct error *err)
{
    BUF_DONE struct buf line = BUF_INIT(MANIFEST_LINE_MAX);

    manifest_line_add(&line, entry);
    if (line.full)
        return error_set(err, ERROR_SYSTEM, "%s: the line of an export is longer than %d bytes",
                         manifest->path, MANIFEST_LINE_MAX);
    const ssize_t written = write(manifest->fd, line.data, line.len);
    if (written != (ssize_t)line.len || fdatasync(manifest->fd) < 0) {
        if (written >= 0 && written < (ssize_t)line.len)
            errno = ENOSPC;
        error_set_errno(err, ERROR_SYSTEM, "cannot write %s", manifest->path);
        /* If even this fails, the next one that takes the lock does it. */
        cut_torn_line(manifest, &(struct error){0});
        return false;
    }
    manifest->read_to += written;
    manifest->lines++;
    add(manifest, entry);
    return true;
}
