/*
 * What a gzip file holds. Its checksum and its length are verified: what was cut or damaged is
 * never taken for less.
 */
#ifndef TRANSFORM_GUNZIP_H
#define TRANSFORM_GUNZIP_H

#include "base/buf.h"
#include "base/error.h"
#include "transform/unpack_limits.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds all of it to `out`, whose maximum is beyond the meter's; several gzip files one behind the
 * other are one, as gzip has it. ERROR_DATA says whether it was cut or damaged, and what to do. */
bool gunzip(const char *data, size_t len, struct unpack_meter *meter, struct buf *out,
            struct error *err);

#endif
