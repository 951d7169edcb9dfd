/*
 * Computes a digest of an export, which tells later whether another file says the same.
 *
 * No report promises an order of its rows, so a portal may change it from export to export. So two
 * files match also if only the order of their lines differs; the first line must be the same. An
 * order-free sum over the 128-bit hashes of the lines tells that: it is as good as comparing sorted
 * lines, and the file need not be kept. A line break within quotes makes two lines of a row, which
 * changes nothing.
 */
#ifndef EXTRACT_REPLAY_FILE_DIGEST_H
#define EXTRACT_REPLAY_FILE_DIGEST_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file_digest {
    uint64_t bytes[2]; /* XXH3-128 of the whole file */
    size_t size;
    uint64_t first[2]; /* hash of the first line */
    uint64_t lines[2]; /* sum of the hashes of the other lines */
    size_t count;
};

enum file_digest_match { FILE_DIGEST_NONE, FILE_DIGEST_LINES, FILE_DIGEST_BYTES };

/* Computes the digest of a file. ERROR_DATA: it cannot be opened. ERROR_SYSTEM: it cannot be
 * read. */
bool file_digest_of(const char *path, struct file_digest *out, struct error *err);
/* Returns how two files match: byte by byte, in their lines, or not at all. */
enum file_digest_match file_digest_compare(const struct file_digest *one,
                                           const struct file_digest *other);

#endif
