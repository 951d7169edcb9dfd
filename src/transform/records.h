/*
 * Reads the records of one file into a batch: rows, and rejects for the records that are no rows.
 */
#ifndef TRANSFORM_RECORDS_H
#define TRANSFORM_RECORDS_H

#include "base/error.h"
#include "model/batch.h"
#include "transform/clean.h"
#include "transform/layout.h"
#include "transform/scope.h"

#include <stdbool.h>

/* The beginning of the reason of a foreign record's reject; transform.c recognises such rejects by
 * it. */
#define FILE_FOREIGN_REASON "dated "

/* The input of records_read and the batch it fills; all borrowed. */
struct records {
    const struct header_index *headers;
    struct cleaner *cleaner;
    const struct scope *scope;
    struct layout_bytes bytes;
    const char *file; /* base name; one pointer for each file, valid as long as the batch */
    struct batch *batch;
};

/* Adds the file's rows and rejects to the batch. A second header changes the layout from there on.
 * *end becomes how the last record ends. Fails with ERROR_DATA if the file as a whole cannot be
 * believed: what transform/file_end.h refuses, dates with their month first, a second header that
 * does not fit the report, more rows than the batch may hold. */
bool records_read(const struct records *what, struct layout *layout, enum file_end *end,
                  struct error *err);

#endif
