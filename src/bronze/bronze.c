/* SPDX-License-Identifier: MIT */
/* Keeps exports in the archive, and removes those that grew old. */
#include "bronze/bronze.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/mem.h"
#include "bronze/manifest.h"
#include "bronze/pack.h"
#include "bronze/retention.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct bronze {
    char *dir;
    struct manifest manifest;
    bronze_kept *kept;
    void *arg;
};

bool bronze_open(const char *dir, bronze_kept *kept, void *arg, struct bronze **out,
                 struct error *err)
{
    struct bronze *bronze = mem_alloc(sizeof(*bronze));

    *bronze = (struct bronze){.dir = mem_copy(dir), .kept = kept, .arg = arg};
    if (file_make_dirs(dir, err) && manifest_open(dir, true, &bronze->manifest, err)) {
        *out = bronze;
        return true;
    }
    bronze_close(bronze);
    return false;
}

void bronze_close(struct bronze *bronze)
{
    if (!bronze)
        return;
    manifest_close(&bronze->manifest);
    free(bronze->dir);
    free(bronze);
}

/* Returns the packed file's path within the archive. An export that a person downloaded asked for
 * no days: its name has those of its rows. */
static char *path_of(const struct bronze_entry *entry, size_t number)
{
    const struct window window = entry->window;
    char stamp[CLOCK_STAMP_SIZE], first[DATE_ISO_SIZE], last[DATE_ISO_SIZE], suffix[32] = "";

    if (number > 0)
        snprintf(suffix, sizeof(suffix), "-%zu", number + 1);
    return mem_format(
        "%s/%.4s/%s_%s_%s%s.zst", entry->report, clock_format_local(entry->exported_at, stamp),
        entry->run, date_format_iso(window.complete ? window.first : window.own_first, first),
        date_format_iso(window.complete ? window.last : window.own_last, last), suffix);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Makes the entry of an export, for the caller to free. Its files have no path yet. */
static struct bronze_entry entry_of(const struct bronze_export *export)
{
    struct bronze_entry entry = {
        .kind = BRONZE_EXPORT,
        .report = mem_copy(export->report),
        .window = export->window,
        .exported_at = export->exported_at,
        .today = export->today,
        .accepted = export->accepted,
        .rows = export->rows,
        .rejected = export->rejected,
        .undated = export->undated,
        .kept = export->kept,
        .stored = true,
        .files = mem_array(export->file_count, sizeof(*entry.files)),
        .file_count = export->file_count,
    };

    entry.window.end_open = false;
    snprintf(entry.run, sizeof(entry.run), "%s", export->run);
    for (size_t i = 0; i < export->file_count; i++) {
        entry.files[i] = (struct bronze_file){.name = mem_copy(base_name(export->files[i].path)),
                                              .bytes = export->files[i].bytes};
        snprintf(entry.files[i].sha256, sizeof(entry.files[i].sha256), "%s",
                 export->files[i].sha256);
    }
    return entry;
}

/* Returns the newest export that was kept of the same window; NULL if there is none. */
static const struct bronze_entry *find_newest(const struct manifest *manifest,
                                              const struct bronze_entry *entry)
{
    for (size_t i = manifest->count; i-- > 0;) {
        const struct bronze_entry *other = &manifest->entries[i];
        if (other->kind == BRONZE_EXPORT && !other->removed && bronze_same_window(other, entry))
            return other;
    }
    return NULL;
}

/* Whether the packed files of an export are there, as far as their sizes tell. */
static bool has_files(const struct bronze *bronze, const struct bronze_entry *entry)
{
    struct stat info;
    bool has = true;

    for (size_t i = 0; has && i < entry->file_count; i++) {
        MEM_FREE_TEXT char *path = mem_format("%s/%s", bronze->dir, entry->files[i].path);
        has = stat(path, &info) == 0 && (uint64_t)info.st_size == entry->files[i].packed;
    }
    return has;
}

static bool same_files(const struct bronze_entry *one, const struct bronze_entry *other)
{
    if (one->file_count != other->file_count)
        return false;
    for (size_t i = 0; i < one->file_count; i++)
        if (strcmp(one->files[i].sha256, other->files[i].sha256) != 0)
            return false;
    return true;
}

/* Writes only a line, if the archive has the files of the export already. */
static bool refer(struct bronze *bronze, struct bronze_entry *entry, bool *done, struct error *err)
{
    if (!manifest_lock(&bronze->manifest, err))
        return false;
    const struct bronze_entry *newest = find_newest(&bronze->manifest, entry);
    bool ok = true;

    *done = newest && same_files(newest, entry) && has_files(bronze, newest);
    if (*done) {
        for (size_t i = 0; i < entry->file_count; i++) {
            entry->files[i].path = mem_copy(newest->files[i].path);
            entry->files[i].packed = newest->files[i].packed;
        }
        entry->stored = false;
        ok = manifest_append(&bronze->manifest, entry, err);
    }
    manifest_unlock(&bronze->manifest);
    return ok;
}

/* Packs one file of the export into the archive. */
static bool store_file(const struct bronze *bronze, const struct bronze_source *source,
                       struct bronze_entry *entry, size_t number, struct error *err)
{
    struct bronze_file *file = &entry->files[number];

    file->path = path_of(entry, number);
    MEM_FREE_TEXT char *to = mem_format("%s/%s", bronze->dir, file->path);
    MEM_FREE_TEXT char *folder = mem_copy_n(to, (size_t)(base_name(to) - to));
    return file_make_dirs(folder, err) &&
           pack_file(source->path, file->sha256, file->bytes, to, &file->packed, err);
}

/* Removes the first `count` files of an export that is not in the manifest. */
static void forget_files(const struct bronze *bronze, const struct bronze_entry *entry,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        MEM_FREE_TEXT char *path = mem_format("%s/%s", bronze->dir, entry->files[i].path);
        unlink(path);
    }
}

static bool append(struct bronze *bronze, struct bronze_entry *entry, struct error *err)
{
    if (!manifest_lock(&bronze->manifest, err))
        return false;
    const bool ok = manifest_append(&bronze->manifest, entry, err);
    manifest_unlock(&bronze->manifest);
    return ok;
}

static void tell_kept(const struct bronze *bronze, const struct bronze_entry *entry)
{
    for (size_t i = 0; bronze->kept && i < entry->file_count; i++) {
        MEM_FREE_TEXT char *path = mem_format("%s/%s", bronze->dir, entry->files[i].path);
        bronze->kept(bronze->arg, path);
    }
}

/* Packs the files, and writes the line when all of them are on the disk. The lock is not held while
 * files are packed. */
static bool store(struct bronze *bronze, const struct bronze_export *export,
                  struct bronze_entry *entry, struct error *err)
{
    size_t count = 0;
    bool ok = true;

    while (ok && count < export->file_count) {
        ok = store_file(bronze, &export->files[count], entry, count, err);
        count += ok;
    }
    ok = ok && append(bronze, entry, err);
    if (ok)
        tell_kept(bronze, &bronze->manifest.entries[bronze->manifest.count - 1]);
    else
        forget_files(bronze, entry, count);
    return ok;
}

bool bronze_keep(struct bronze *bronze, const struct bronze_export *export, struct error *err)
{
    struct bronze_entry entry = entry_of(export);
    bool done = false;
    const bool ok =
        refer(bronze, &entry, &done, err) && (done || store(bronze, export, &entry, err));

    bronze_entry_done(&entry);
    return ok;
}

bool bronze_sweep(struct bronze *bronze, const char *run, const char *report, uint64_t kept,
                  struct error *err)
{
    struct bronze_entry entry = {.kind = BRONZE_SWEEP, .report = mem_copy(report), .kept = kept};

    snprintf(entry.run, sizeof(entry.run), "%s", run);
    const bool ok = append(bronze, &entry, err);
    bronze_entry_done(&entry);
    return ok;
}

/* Whether an export that was not removed has that file. */
static bool is_used(const struct manifest *manifest, const char *path)
{
    for (size_t i = 0; i < manifest->count; i++) {
        const struct bronze_entry *entry = &manifest->entries[i];
        for (size_t f = 0; entry->kind == BRONZE_EXPORT && !entry->removed && f < entry->file_count;
             f++)
            if (strcmp(entry->files[f].path, path) == 0)
                return true;
    }
    return false;
}

/* Removes one export. The line comes first: a kill then leaves a file that nobody needs, and never
 * a line without its file. */
static bool remove_export(struct bronze *bronze, size_t number, struct error *err)
{
    struct manifest *manifest = &bronze->manifest;
    struct bronze_entry removal = {.kind = BRONZE_REMOVED,
                                   .report = mem_copy(manifest->entries[number].report),
                                   .window = manifest->entries[number].window};

    memcpy(removal.run, manifest->entries[number].run, sizeof(removal.run));
    const bool ok = manifest_append(manifest, &removal, err);
    bronze_entry_done(&removal);
    const struct bronze_entry *entry = &manifest->entries[number];
    for (size_t i = 0; ok && i < entry->file_count; i++) {
        MEM_FREE_TEXT char *path = mem_format("%s/%s", bronze->dir, entry->files[i].path);
        if (!is_used(manifest, entry->files[i].path) && unlink(path) < 0 && errno != ENOENT)
            return error_set_errno(err, ERROR_SYSTEM, "cannot remove %s", path);
    }
    return ok;
}

bool bronze_expire(struct bronze *bronze, time_t before, size_t *removed, struct error *err)
{
    size_t count = 0;
    bool ok = true;

    if (!manifest_lock(&bronze->manifest, err))
        return false;
    const size_t known = bronze->manifest.count; /* the lines of removals come behind these */
    bool *needless = mem_array(known, sizeof(*needless));
    retention_find_needless(bronze->manifest.entries, known, before, needless);
    for (size_t i = 0; ok && i < known; i++) {
        if (needless[i]) {
            ok = remove_export(bronze, i, err);
            count += ok;
        }
    }
    free(needless);
    manifest_unlock(&bronze->manifest);
    if (ok)
        *removed = count;
    return ok;
}

bool bronze_unpack(const char *dir, const struct bronze_file *file, const char *to,
                   struct error *err)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s", dir, file->path);

    if (unpack_kept_file(path, file, to, err))
        return true;
    if (err->kind == ERROR_DATA)
        error_append(err, "; put the file back from a copy of the archive, or export its days from "
                          "the portal again");
    return false;
}
