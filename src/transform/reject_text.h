/*
 * Makes the text of a rejected record, as it is kept for a person to read.
 */
#ifndef TRANSFORM_REJECT_TEXT_H
#define TRANSFORM_REJECT_TEXT_H

#include "base/buf.h"
#include "transform/charset.h"

#include <stddef.h>

/* Appends the beginning of the record as UTF-8: at most REJECT_RAW_MAX bytes, never half a
 * character. A NUL, which PostgreSQL's text cannot hold, becomes "␀". */
void reject_text(enum charset charset, const char *raw, size_t len, struct buf *out);

#endif
