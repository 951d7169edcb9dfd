/*
 * A good file and the same file with up to six lines broken, each in one of ten ways that exports
 * break: drawn from a seed, so that a failure can be repeated.
 */
#ifndef TESTS_SUPPORT_BROKEN_FILE_H
#define TESTS_SUPPORT_BROKEN_FILE_H

#include "base/buf.h"
#include "tests/support/good_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BROKEN_FILE_BYTES_MAX = 1 << 20 };

/* A way to break a line. */
enum breakage {
    SURPLUS_SEPARATOR,
    LOST_SEPARATOR,
    STRAY_QUOTE,
    LOST_QUOTE,
    BAD_BYTE,
    NUL_BYTE,
    BAD_DATE,
    CUT,
    SPLIT,
    GLUED, /* to the next line, which counts as broken too */
    BREAKAGES,
};

extern const char *const breakage_names[BREAKAGES]; /* for messages */

/* A real export, and the number of the field (from 0) that has its window dates. */
struct real_file {
    const char *report, *path;
    size_t day;
    struct buf bytes;
};

/* A good file and its broken version. */
struct broken_file {
    uint64_t seed;
    bool is_real; /* records of a real file: their cells are unknown */
    struct good_file file;
    struct good_change changes[GOOD_ROWS_MAX];
    bool broken[GOOD_ROWS_MAX];
    enum breakage how[GOOD_ROWS_MAX]; /* of the broken ones */
    struct buf before, after;         /* the bytes of the good file and of the broken one */
};

/* Makes a random file, or with `real` picks some of its records, and breaks lines of it. The caller
 * ends it with broken_file_done. */
void broken_file_make(uint64_t seed, const struct real_file *real, struct broken_file *out);
void broken_file_done(struct broken_file *file);

#endif
