/* SPDX-License-Identifier: MIT */
/* The extractor that hands out files which a person downloaded. */
#include "extract/extractor.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct files_extractor {
    struct extractor extractor; /* first: the two are one address */
    struct export files;
};

/* When the newest of the files was downloaded, as far as the file system remembers. "Now" would
 * make an export of last week look newer than what the portal said yesterday. */
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
    *out = newest < now ? newest : now; /* a file from a machine whose clock is ahead */
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
    *out = export;
    return true;
}

static void close_files(struct extractor *extractor)
{
    struct files_extractor *self = (struct files_extractor *)extractor;

    export_done(&self->files);
    free(self);
}

static const struct extractor_ops files_ops = {.fetch = fetch, .close = close_files};

static bool check_file(const char *path, struct error *err)
{
    struct stat info;

    if (stat(path, &info) < 0 || access(path, R_OK) < 0)
        return error_set_errno(err, ERROR_DATA, "%s", path);
    if (!S_ISREG(info.st_mode))
        return error_set(err, ERROR_DATA, "%s is not a file", path);
    return true;
}

bool extractor_open_files(char *const *paths, size_t count, struct extractor **out,
                          struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!check_file(paths[i], err))
            return false;
    struct files_extractor *self = mem_alloc(sizeof(*self));
    self->extractor.ops = &files_ops;
    for (size_t i = 0; i < count; i++)
        export_add(&self->files, paths[i]);
    *out = &self->extractor;
    return true;
}
