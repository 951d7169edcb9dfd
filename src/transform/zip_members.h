/*
 * The CSVs in a zip file.
 *
 * Which members are meant: the files called *.csv, all of them parts of one export, by name and
 * numbers in it by their value; or, where none is, the only file that may be one. What systems
 * leave behind
 * (__MACOSX/, .DS_Store, Thumbs.db, folders) is nothing; documents (zip_name.h) are left out and
 * named. No member is ever written to a disk, so a path in a name is only a name.
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
    uint64_t index; /* in the archive */
    char *name;     /* UTF-8, printable, at most ZIP_NAME_MAX bytes; owned */
};

enum { ZIP_NAME_MAX = 200, ZIP_LIST_MAX = 500 };

struct zip_members {
    struct zip *zip;
    struct zip_member *list;
    size_t count;
    struct buf left_out; /* names of documents, for a person; empty if there are none */
};

/* `data` must live as long as *out. ERROR_DATA: it was cut or is damaged, holds no CSV, a
 * spreadsheet, something that is packed itself, or a file beside CSVs that may be one of them. */
bool zip_members_open(const char *data, size_t len, struct zip_members *out, struct error *err);

/* Adds the bytes of one member to `out`, whose maximum is beyond the meter's. ERROR_DATA: a
 * password, a method that is not read, damage. */
bool zip_members_read(const struct zip_members *members, size_t i, struct unpack_meter *meter,
                      struct buf *out, struct error *err);

void zip_members_close(struct zip_members *members); /* accepts a zeroed one */

#endif
