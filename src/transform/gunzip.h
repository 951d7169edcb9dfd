/*
 * Unpacks a gzip file and verifies its checksum and its length, so that a file that was cut or
 * damaged is never taken for a shorter one.
 */
#ifndef TRANSFORM_GUNZIP_H
#define TRANSFORM_GUNZIP_H

#include "base/buf.h"
#include "base/error.h"
#include "transform/unpack_limits.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds the unpacked bytes to `out`, whose maximum must be larger than the meter's limit. Several
 * gzip files one behind the other count as one, as for gzip. ERROR_DATA says that the file was cut,
 * is damaged or is too large, and what to do. */
bool gunzip(const char *data, size_t len, struct unpack_meter *meter, struct buf *out,
            struct error *err);

#endif
