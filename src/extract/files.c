/* SPDX-License-Identifier: MIT */
/* An extractor that returns files which a person downloaded. */
#include "extract/extractor.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/scratch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIPE_MAX ((uint64_t)4 << 30) /* bytes that a pipe may give; no export is that large */

struct files_extractor {
    struct extractor extractor; /* first member, so that both have one address */
    struct export files;
    struct scratch folder; /* for what came out of pipes; made with the first pipe */
};

/* Finds out when the newest of the files was written. With the present time an export of last week
 * would look newer than what the portal said yesterday. */
static bool find_time(const struct export *files, time_t *out, struct error *err)
{
    time_t newest = 0, now = clock_now();

    for (size_t i = 0; i < files->count; i++) {
        struct stat info;
        if (stat(files->paths[i], &info) < 0)
            return error_set_errno(err, ERROR_DATA, "%s", files->paths[i]);
        if (info.st_mtime > newest)
            newest = info.st_mtime;
    }
    *out = newest < now ? newest : now; /* the clock of another machine may be ahead */
    return true;
}

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    const struct export *files = &((struct files_extractor *)extractor)->files;
    struct export export = {0};

    (void)report;
    (void)window;
    if (!find_time(files, &export.extracted_at, err))
        return false;
    for (size_t i = 0; i < files->count; i++)
        export_add(&export, files->paths[i]);
    export.by_hand = true;
    *out = export;
    return true;
}

static void close_files(struct extractor *extractor)
{
    struct files_extractor *self = (struct files_extractor *)extractor;

    export_done(&self->files);
    scratch_close(&self->folder);
    free(self);
}

static const struct extractor_ops files_ops = {.fetch = fetch, .close = close_files};

static bool check_file(const char *path, struct stat *info, struct error *err)
{
    if (stat(path, info) < 0 || access(path, R_OK) < 0)
        return error_set_errno(err, ERROR_DATA, "%s", path);
    if (!S_ISREG(info->st_mode) && !S_ISFIFO(info->st_mode))
        return error_set(err, ERROR_DATA, "%s is not a file: it is %s", path,
                         file_kind_name(info->st_mode));
    return true;
}

/* Copies a pipe into a file of our own, because a pipe can be read once and a window's files may be
 * read again (run/schema_drift.h). Each copy has a folder of its own, because pipes in different
 * folders may have the same name. */
static bool take_pipe(struct files_extractor *self, const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');

    if (!self->folder.path && !scratch_open("pipes", &self->folder, err))
        return false;
    MEM_FREE_TEXT char *folder = mem_format("%s/%zu", self->folder.path, self->files.count);
    MEM_FREE_TEXT char *copy = mem_format("%s/%s", folder, slash ? slash + 1 : path);
    if (!file_make_dirs(folder, err) || !file_spool(path, copy, PIPE_MAX, err))
        return false;
    export_add(&self->files, copy);
    return true;
}

static bool take_file(struct files_extractor *self, const char *path, struct error *err)
{
    struct stat info;

    if (!check_file(path, &info, err))
        return false;
    if (S_ISFIFO(info.st_mode))
        return take_pipe(self, path, err);
    export_add(&self->files, path);
    return true;
}

bool extractor_open_files(char *const *paths, size_t count, struct extractor **out,
                          struct error *err)
{
    struct files_extractor *self = mem_alloc(sizeof(*self));
    struct stat info;
    bool ok = true;

    self->extractor.ops = &files_ops;
    /* All are checked before the first pipe is waited for. */
    for (size_t i = 0; ok && i < count; i++)
        ok = check_file(paths[i], &info, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = take_file(self, paths[i], err);
    if (!ok) {
        close_files(&self->extractor);
        return false;
    }
    *out = &self->extractor;
    return true;
}
