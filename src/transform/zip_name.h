/*
 * Tells from a name in a zip file what kind of file it is, and decodes the name.
 */
#ifndef TRANSFORM_ZIP_NAME_H
#define TRANSFORM_ZIP_NAME_H

#include <stddef.h>

enum zip_name_kind {
    ZIP_NAME_CSV,
    ZIP_NAME_LITTER,      /* a folder, or a file that an operating system leaves behind */
    ZIP_NAME_SPREADSHEET, /* a name that only the inside of a spreadsheet has */
    ZIP_NAME_PACKED,      /* an archive */
    ZIP_NAME_DOCUMENT,    /* a file for people: README, a page, a picture */
    ZIP_NAME_OTHER,       /* it may be a CSV with another name */
};

/* Returns the kind of a file; `name` is decoded and includes the path. */
enum zip_name_kind zip_name_kind(const char *name);

/* Writes the name as printable UTF-8. Bytes that are not UTF-8 are read as CP850, which Windows
 * writes in Western Europe and Brazil whatever the archive claims. The name is cut between
 * characters to fit `size` bytes with its NUL. */
void zip_name_decode(const char *raw, char *out, size_t size);

#endif
