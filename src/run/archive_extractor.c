/* SPDX-License-Identifier: MIT */
/* An extractor that takes exports from the bronze archive. */
#include "run/archive_extractor.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "bronze/bronze.h"
#include "extract/extractor.h"
#include "run/bucket.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct archive_extractor {
    struct extractor extractor; /* first member, so that both have one address */
    const char *dir;
    struct bucket *bucket; /* NULL: the files are in dir */
    const struct archived *exports;
    size_t count;
    struct scratch folder; /* of the unpacked files */
};

static const struct archived *find(const struct archive_extractor *self, const char *report,
                                   struct window window)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct window other = self->exports[i].window;
        if (strcmp(self->exports[i].entry->report, report) == 0 && other.first == window.first &&
            other.last == window.last && other.own_first == window.own_first &&
            other.own_last == window.own_last)
            return &self->exports[i];
    }
    return NULL;
}

/* Unpacks a file of the archive, or of its bucket. */
static bool unpack_one(const struct archive_extractor *self, const struct bronze_file *file,
                       const char *to, struct error *err)
{
    if (!self->bucket)
        return bronze_unpack(self->dir, file, to, err);
    if (!bucket_fetch(self->bucket, file, err))
        return false;
    const bool ok =
        bronze_unpack(self->dir, file, to, err) || bucket_blame(self->bucket, file, err);
    bucket_drop(self->bucket, file);
    return ok;
}

/* Unpacks the files, each into a folder of its own: they have the names that the portal gave them,
 * and two may have one name. */
static bool unpack(const struct archive_extractor *self, const struct archived *archived,
                   struct export *out, struct error *err)
{
    const size_t number = (size_t)(archived - self->exports);

    for (size_t i = 0; i < archived->entry->file_count; i++) {
        const struct bronze_file *file = &archived->entry->files[i];
        MEM_FREE_TEXT char *folder = mem_format("%s/%zu-%zu", self->folder.path, number, i);
        MEM_FREE_TEXT char *path = mem_format("%s/%s", folder, file->name);
        if (!file_make_dirs(folder, err) || !unpack_one(self, file, path, err))
            return false;
        export_add(out, path);
    }
    return true;
}

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    const struct archive_extractor *self = (struct archive_extractor *)extractor;
    const struct archived *archived = find(self, report->name, window);
    struct export export = {0};

    if (!archived)
        return error_set(err, ERROR_DATA, "the archive has no such window of %s", report->name);
    if (!unpack(self, archived, &export, err)) {
        for (size_t i = 0; i < export.count; i++)
            unlink(export.paths[i]);
        export_done(&export);
        return false;
    }
    export.extracted_at = archived->entry->exported_at;
    export.proven = true;
    *out = export;
    return true;
}

static void close_archive(struct extractor *extractor)
{
    struct archive_extractor *self = (struct archive_extractor *)extractor;

    scratch_close(&self->folder);
    free(self);
}

static const struct extractor_ops archive_ops = {.fetch = fetch, .close = close_archive};

bool archive_extractor_open(const char *dir, struct bucket *bucket, const struct archived *exports,
                            size_t count, struct extractor **out, struct error *err)
{
    struct archive_extractor *self = mem_alloc(sizeof(*self));

    *self = (struct archive_extractor){.extractor = {.ops = &archive_ops},
                                       .dir = dir,
                                       .bucket = bucket,
                                       .exports = exports,
                                       .count = count};
    if (scratch_open("bronze", &self->folder, err)) {
        *out = &self->extractor;
        return true;
    }
    free(self);
    return false;
}
