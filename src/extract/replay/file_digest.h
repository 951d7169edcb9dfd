/*
 * What is remembered of an export, to tell later whether another file says the same.
 *
 * A portal need not give rows in the same order each time, since no report promises one. So two
 * files are alike also if they differ in the order of their lines only; the first line must be the
 * same. That is told by an order-free sum over the lines' 128-bit hashes: as good as comparing the
 * sorted lines, and the file need not be kept. A break within quotes makes two lines of a row,
 * which changes nothing.
 */
#ifndef EXTRACT_REPLAY_FILE_DIGEST_H
#define EXTRACT_REPLAY_FILE_DIGEST_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file_digest {
    uint64_t bytes[2]; /* hash of the whole file */
    size_t size;
    uint64_t first[2]; /* hash of the first line */
    uint64_t lines[2]; /* sum of the hashes of the others */
    size_t count;
};

enum file_digest_match { FILE_DIGEST_NONE, FILE_DIGEST_LINES, FILE_DIGEST_BYTES };

bool file_digest_of(const char *path, struct file_digest *out, struct error *err);
enum file_digest_match file_digest_compare(const struct file_digest *one,
                                           const struct file_digest *other);

#endif
