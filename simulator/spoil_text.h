/*
 * What a file's text may hold that no clean one does: two encodings, an error's words at the end, a
 * footer, what old programs leave behind the last row; and how it may be packed.
 */
#ifndef SIMULATOR_SPOIL_TEXT_H
#define SIMULATOR_SPOIL_TEXT_H

#include "base/buf.h"

#include <stddef.h>

/* `how` is "header" (that stays in Windows-1252, the rows become UTF-8), "bom" (BOM and header in
 * UTF-8, the rows stay) or "rows" (every other one becomes UTF-8). */
void spoil_mix(struct buf *file, const char *how);

/* Whole rows of at most `len` bytes, then what a server says that fails: "php", "sql" or "json". */
void spoil_last_words(struct buf *file, size_t len, const char *who);

void spoil_footer(struct buf *file); /* "Total de registros", without a line end */
void spoil_totals(struct buf *file); /* a row of totals with the header's separators */
void spoil_ctrl_z(struct buf *file);

/* `how` is "gzip" or "gzip-as-csv", "zip" (of one CSV, whose name has accents in CP850), or
 * "utf-16" (with a byte order mark, as Excel writes it). */
void spoil_pack(struct buf *file, const char *how);

/* So many NULs; 0: up to a multiple of 512. */
void spoil_pad(struct buf *file, size_t count);

#endif
