/*
 * Finds and reads the CSVs in a zip file.
 *
 * If there are files called *.csv, all of them are parts of one export, in the order of their names
 * with numbers compared by value. If there are none, the only file that may be a CSV is taken. What
 * systems leave behind (__MACOSX/, .DS_Store, Thumbs.db, folders) is ignored. Documents
 * (a README, a page, a picture) are left out and named. No member is ever written to a disk, so a
 * path in a name cannot do harm.
 */
#ifndef TRANSFORM_ZIP_MEMBERS_H
#define TRANSFORM_ZIP_MEMBERS_H

#include "base/buf.h"
#include "base/error.h"
#include "transform/unpack_limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zip;

struct zip_member {
    uint64_t index; /* number in the archive */
    char *name;     /* UTF-8, printable, at most ZIP_NAME_MAX bytes; owned by the list */
};

enum { ZIP_NAME_MAX = 200, ZIP_LIST_MAX = 500 };

struct zip_members {
    struct zip *zip;
    struct zip_member *list;
    size_t count;
    struct buf left_out; /* names of documents, ", " between; empty if there are none */
};

/* Opens a zip file that is in memory; `data` must live as long as *out. Fails with ERROR_DATA if
 * the file was cut or is damaged, holds no CSV, is a spreadsheet, holds a file that is packed
 * itself, or holds beside its CSVs a file that may be one more part. */
bool zip_members_open(const char *data, size_t len, struct zip_members *out, struct error *err);

/* Adds the bytes of one member to `out`, whose maximum must be larger than the meter's limit. Fails
 * with ERROR_DATA for a password, a method that is not read, damage, or too many bytes. */
bool zip_members_read(const struct zip_members *members, size_t i, struct unpack_meter *meter,
                      struct buf *out, struct error *err);

void zip_members_close(struct zip_members *members); /* accepts a zeroed one */

#endif
