/*
 * Writes a value into a CSV field as untidily as the portal does.
 *
 * Each function appends one field in Windows-1252, quoted where it must be and sometimes where it
 * need not be. What is drawn depends on `key` alone, so a line is the same in every export that
 * holds it. The value can always be read: whoever trims and unquotes it by the rules gets it back.
 */
#ifndef SIMULATOR_DIRT_H
#define SIMULATOR_DIRT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Appends a text; 3 % of them (of key columns 1 %) have blanks around them. */
void dirt_text(struct buf *out, const char *shown, bool is_key, uint64_t key);

/* Appends a date (a day number): dd/mm/yyyy, 4 % d/m/yyyy, 2.5 % ISO. HISTORY_NONE: one of the
 * spellings of no date. */
void dirt_date(struct buf *out, int32_t date, uint64_t key);

/* Appends a time of day (seconds since midnight): HH:MM:SS, or HH:MM in half of the cases without
 * seconds. HISTORY_NONE: one of the spellings of no time. */
void dirt_time(struct buf *out, int32_t seconds, uint64_t key);

/* Appends a tidy field. */
void dirt_plain(struct buf *out, const char *text);

#endif
