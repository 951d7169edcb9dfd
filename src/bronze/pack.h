/*
 * Packs a file with zstd into the archive, and unpacks it again. Both read and write in pieces, so
 * that a file of any size takes the same memory.
 */
#ifndef BRONZE_PACK_H
#define BRONZE_PACK_H

#include "base/error.h"
#include "bronze/entry.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Packs `from` into the new file `to`, whose folder exists. The file is written beside and renamed
 * when it is on the disk: what stands under `to` is whole. `sha256` and `bytes` are what the file
 * is to have. *packed is the size of the packed file. ERROR_DATA if `from` cannot be read or is not
 * that file any more; ERROR_SYSTEM if `to` cannot be written. No file is left then.
 */
bool pack_file(const char *from, const char *sha256, uint64_t bytes, const char *to,
               uint64_t *packed, struct error *err);

/* Unpacks `from` into the new file `to`, and checks that it is what the manifest says of `file`.
 * ERROR_DATA if it is missing, damaged or another file; ERROR_SYSTEM if `to` cannot be written. No
 * file is left then. */
bool unpack_kept_file(const char *from, const struct bronze_file *file, const char *to,
                      struct error *err);

#endif
