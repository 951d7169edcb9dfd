/*
 * A line of the manifest: from an entry to JSON and back (pure).
 */
#ifndef BRONZE_MANIFEST_LINE_H
#define BRONZE_MANIFEST_LINE_H

#include "base/buf.h"
#include "base/error.h"
#include "bronze/entry.h"

#include <stdbool.h>
#include <stddef.h>

enum { MANIFEST_LINE_MAX = 8 * 1024 * 1024 };

/* Adds the line with its end. */
void manifest_line_add(struct buf *out, const struct bronze_entry *entry);

/* Reads a line; *out is the caller's (bronze_entry_done). ERROR_DATA says what is wrong with it:
 * also a path that leads out of the archive. */
bool manifest_line_read(const char *line, size_t len, struct bronze_entry *out, struct error *err);

#endif
