/*
 * The bronze archive: every export that was loaded, as it came, so that the tables can be rebuilt
 * without the portal.
 *
 *     DIR/manifest.jsonl                           one line an export (bronze/manifest.h)
 *     DIR/REPORT/YYYY/RUN_FIRST_LAST[-N].zst       its files, packed; YYYY is the year of the
 * export
 *
 *     bronze_open
 *       bronze_keep        after a window was committed
 *       bronze_sweep       after the undated rows were removed at the end of a cycle
 *       bronze_expire      at the end of a run
 *     bronze_close
 *
 * Several processes may use one archive at the same time, but it should be the archive of one
 * database: a rebuild loads all that is in it.
 */
#ifndef BRONZE_BRONZE_H
#define BRONZE_BRONZE_H

#include "base/error.h"
#include "bronze/entry.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* A file that was loaded; all borrowed. */
struct bronze_source {
    const char *path;   /* where it is */
    const char *sha256; /* in lower-case digits, as it was loaded */
    uint64_t bytes;
};

/* The export of a window that was loaded; all borrowed. The members are those of bronze_entry. */
struct bronze_export {
    const char *run, *report;
    struct window window;
    time_t exported_at;
    int32_t today;
    bool accepted;
    uint64_t rows, rejected, undated, kept;
    const struct bronze_source *files; /* in the order in which they were loaded */
    size_t file_count;
};

struct bronze;

/* Gets the path of each packed file that was just kept, when it and its line in the manifest are on
 * the disk. This is where a copy elsewhere begins. */
typedef void bronze_kept(void *arg, const char *path);

/* Opens the archive in `dir` to keep exports in it, and makes it if it is not there. `kept` may be
 * NULL. *out is closed with bronze_close. ERROR_SYSTEM if the disk refuses; ERROR_DATA if a line of
 * the manifest cannot be read. */
bool bronze_open(const char *dir, bronze_kept *kept, void *arg, struct bronze **out,
                 struct error *err);
void bronze_close(struct bronze *bronze); /* accepts NULL */

/* Keeps an export. If its files equal those of the newest export that was kept of the same window,
 * only a line is written, which names the files that are there. On failure (ERROR_SYSTEM;
 * ERROR_DATA if a file is not the one that was loaded any more) the archive is as before. */
bool bronze_keep(struct bronze *bronze, const struct bronze_export *export, struct error *err);

/* Notes that the run has removed the undated rows that none of its exports showed; `kept` of them
 * stayed. A rebuild does so at the same place. */
bool bronze_sweep(struct bronze *bronze, const char *run, const char *report, uint64_t kept,
                  struct error *err);

/* Removes the exports that were made before `before` and that a rebuild does not need
 * (bronze/retention.h). *removed counts the exports. Their lines stay in the manifest, with a line
 * each that they were removed. */
bool bronze_expire(struct bronze *bronze, time_t before, size_t *removed, struct error *err);

/* Unpacks a file of the archive in `dir` into the new file `to`. ERROR_DATA names a file that is
 * missing or damaged, and what to do. */
bool bronze_unpack(const char *dir, const struct bronze_file *file, const char *to,
                   struct error *err);

#endif
