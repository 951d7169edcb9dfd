/*
 * The transform: the files of one window to a batch of clean rows.
 *
 *     transform_new(report)
 *       for each window:
 *         batch_init(&batch, report->column_count, TRANSFORM_BATCH_MAX)
 *         transform_file(path, scope, &batch, &facts)   for each file, oldest first
 *         transform_finish(&batch)
 *     transform_free
 *
 * Every record ends up as exactly one of: a row of the batch, a superseded row, a boundary row
 * (counted only), a reject with its reason and raw text. A file is refused as a whole (ERROR_DATA,
 * the batch is then useless) if it is not what it should be; nothing is guessed.
 */
#ifndef TRANSFORM_TRANSFORM_H
#define TRANSFORM_TRANSFORM_H

#include "base/error.h"
#include "base/sha256.h"
#include "model/batch.h"
#include "model/report.h"
#include "transform/scope.h"

#include <stdbool.h>
#include <time.h>

#define TRANSFORM_BATCH_MAX ((size_t)4 << 30)

/* A report made ready, as long as it does not grow (model/report_grow.h); for any number of
 * windows, one at a time. */
struct transform;

struct transform *transform_new(const struct report *report);
void transform_free(struct transform *transform); /* accepts NULL */

/* What a file turned out to be, for the log and the ledger. Size and hash are those of the file as
 * it came, packed or not; of several CSVs in it the first one tells encoding, separator and header
 * line. */
struct file_facts {
    char sha256[SHA256_HEX_SIZE];
    uint64_t bytes;
    const char *encoding; /* static */
    char separator;
    uint64_t header_line;
    char missing[512];  /* optional columns that the file lacks, "" if none */
    char left_out[512]; /* files in an archive that are no CSV, "" if none */
    enum file_end end;
};

/* Adds the rows of one file, and the names in its header that the report does not know. A packed
 * one (transform/unpack.h) adds those of all CSVs in it, whose rejects are of the file "x.zip:
 * y.csv". ERROR_DATA names the file, the line and what was found. */
bool transform_file(struct transform *transform, const char *path, const struct scope *scope,
                    struct batch *batch, struct file_facts *facts, struct error *err);

/* Of rows with the same key only the last one stays; then the report's limits are applied:
 * ERROR_DATA if too many records are unusable, ERROR_HELD if too many are foreign, unless a person
 * chose to `accept` that. batch->counts is complete afterwards. */
bool transform_finish(struct transform *transform, struct batch *batch, bool accept,
                      struct error *err);

#endif
