/*
 * Names in a zip file: what they say, and which encoding they are in.
 */
#ifndef TRANSFORM_ZIP_NAME_H
#define TRANSFORM_ZIP_NAME_H

#include <stddef.h>

enum zip_name_kind {
    ZIP_NAME_CSV,
    ZIP_NAME_LITTER,      /* a folder, or what a system leaves behind */
    ZIP_NAME_SPREADSHEET, /* a name that only a spreadsheet's inside has */
    ZIP_NAME_PACKED,      /* an archive */
    ZIP_NAME_DOCUMENT,    /* what people read: README, a page, a picture */
    ZIP_NAME_OTHER,       /* may be a CSV by another name */
};

/* Of a decoded name, path included. */
enum zip_name_kind zip_name_kind(const char *name);

/* The name as UTF-8 that can be shown: what is no UTF-8 is read as CP850, which Windows writes in
 * Western Europe and Brazil whatever the archive claims. Cut to `size`, between characters. */
void zip_name_decode(const char *raw, char *out, size_t size);

#endif
