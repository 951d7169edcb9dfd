/*
 * The records of one file: rows, and what becomes of every record that is none.
 */
#ifndef TRANSFORM_RECORDS_H
#define TRANSFORM_RECORDS_H

#include "base/error.h"
#include "model/batch.h"
#include "transform/clean.h"
#include "transform/layout.h"
#include "transform/scope.h"

#include <stdbool.h>

/* How the reason of a foreign record's reject begins: it is told from others by that. */
#define FILE_FOREIGN_REASON "dated "

/* What is read, and into what; all borrowed. */
struct records {
    const struct header_index *headers;
    struct cleaner *cleaner;
    const struct scope *scope;
    struct layout_bytes bytes;
    const char *file; /* base name, one pointer for each file, as long-lived as the batch */
    struct batch *batch;
};

/* Adds the file's rows and rejects to the batch. A second header changes the layout from there on.
 * ERROR_DATA if the file as a whole is not to be believed: transform/file_end.h, dates with their
 * month first, a second header that does not fit the report. */
bool records_read(const struct records *what, struct layout *layout, enum file_end *end,
                  struct error *err);

#endif
