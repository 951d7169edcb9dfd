/*
 * The text of a record that is no row, as it is kept for a person to read.
 */
#ifndef TRANSFORM_REJECT_TEXT_H
#define TRANSFORM_REJECT_TEXT_H

#include "base/buf.h"
#include "transform/charset.h"

#include <stddef.h>

/* Appends the record's bytes as UTF-8, at most REJECT_RAW_MAX bytes of it and never half a
 * character. A NUL, which no database's text can hold, is shown as its symbol. */
void reject_text(enum charset charset, const char *raw, size_t len, struct buf *out);

#endif
