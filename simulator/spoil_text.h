/*
 * Spoils the text of a file: two encodings, an error message at the end, a footer, what old
 * programs write behind the last row; and packs it.
 */
#ifndef SIMULATOR_SPOIL_TEXT_H
#define SIMULATOR_SPOIL_TEXT_H

#include "base/buf.h"

#include <stddef.h>

/* Mixes two encodings. `how` is "header" (the header stays in Windows-1252, the rows become
 * UTF-8), "bom" (a BOM and the header in UTF-8, the rows stay) or "rows" (every other row becomes
 * UTF-8). */
void spoil_mix(struct buf *file, const char *how);

/* Cuts to whole rows of at most `len` bytes, then appends the message of a server that fails:
 * "php", "sql" or "json". */
void spoil_last_words(struct buf *file, size_t len, const char *who);

void spoil_footer(struct buf *file); /* "Total de registros", without a line end */
void spoil_totals(struct buf *file); /* a row of totals with the header's separators */
void spoil_ctrl_z(struct buf *file);

/* Packs the file. `how` is "gzip" or "gzip-as-csv", "zip" (of one CSV, whose name has accents in
 * CP850), or "utf-16" (with a byte order mark, as Excel writes it). */
void spoil_pack(struct buf *file, const char *how);

/* Appends so many NULs; 0: up to the next multiple of 512. */
void spoil_pad(struct buf *file, size_t count);

#endif
