/*
 * Turns the files of one window into a batch of clean rows.
 *
 *     transform_new(report)
 *       for each window:
 *         batch_init(&batch, report->column_count, TRANSFORM_BATCH_MAX)
 *         transform_file(path, scope, &batch, &facts)   for each file, oldest first
 *         transform_finish(&batch)
 *     transform_free
 *
 * Every record becomes exactly one of these: a row of the batch, a superseded row, a boundary row
 * (only counted), or a reject with its reason and raw text. A file that is not what it should be is
 * refused as a whole with ERROR_DATA; the batch is then useless.
 */
#ifndef TRANSFORM_TRANSFORM_H
#define TRANSFORM_TRANSFORM_H

#include "base/error.h"
#include "model/batch.h"
#include "model/report.h"
#include "transform/scope.h"

#include <stdbool.h>
#include <time.h>

/* The most bytes of rows in a batch, and of a file that is copied: 4 GiB. */
#define TRANSFORM_BATCH_MAX ((size_t)4 << 30)

/* What is computed once for a report. It is valid as long as the report does not grow
 * (model/report.h), and serves any number of windows, one at a time. */
struct transform;

/* Prepares a report, which must outlive the result; the caller frees it with transform_free. */
struct transform *transform_new(const struct report *report);
void transform_free(struct transform *transform); /* accepts NULL */

#define SHA256_HEX_SIZE 65 /* 64 digits and a NUL */

/* The facts about a file for the log and the ledger. Size and hash are those of the file as it
 * came, packed or not. If it holds several CSVs, encoding, separator and header line are the first
 * one's. */
struct file_facts {
    char sha256[SHA256_HEX_SIZE]; /* in lower-case digits */
    uint64_t bytes;
    const char *encoding; /* static */
    char separator;
    uint64_t header_line;
    char missing[512];  /* optional columns that the file lacks, "" if none */
    char left_out[512]; /* documents in an archive, which are not loaded; "" if none */
    enum file_end end;
};

/* Adds the rows of one file, and the header names that the report does not know. A packed file
 * (transform/unpack.h) adds those of all CSVs in it; their rejects name the file as "x.zip: y.csv".
 * *facts is set on success only. Fails with ERROR_DATA, which names the file, the line and what was
 * found, or ERROR_SYSTEM. */
bool transform_file(struct transform *transform, const char *path, const struct scope *scope,
                    struct batch *batch, struct file_facts *facts, struct error *err);

/* Keeps only the last of the rows with one key, gives rejects their ids, and applies the report's
 * limits. Fails with ERROR_DATA if too many records are unusable or too many values of a column are
 * unreadable. Fails with ERROR_HELD if too many records are foreign, unless a person chose to
 * `accept` that. batch->counts is complete afterwards. */
bool transform_finish(struct transform *transform, struct batch *batch, bool accept,
                      struct error *err);

#endif
