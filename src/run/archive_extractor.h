/*
 * An extractor that takes exports from the bronze archive.
 */
#ifndef RUN_ARCHIVE_EXTRACTOR_H
#define RUN_ARCHIVE_EXTRACTOR_H

#include "base/error.h"
#include "bronze/entry.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>

struct extractor;
struct bucket;

/* An export of the archive, and the window as which it is loaded. */
struct archived {
    const struct bronze_entry *entry;
    struct window window;
};

/* Opens an extractor of the exports of one run in the archive `dir`; all is borrowed until close.
 * With `bucket`, which may be NULL, the files are fetched from there and removed again.
 * Its fetch unpacks the export of the window that is asked for, and verifies each file: ERROR_DATA
 * names one that is missing or damaged. ERROR_SYSTEM if there is no folder for the files. */
bool archive_extractor_open(const char *dir, struct bucket *bucket, const struct archived *exports,
                            size_t count, struct extractor **out, struct error *err);

#endif
