/*
 * How the portal spoils a value when it writes it into a CSV field.
 *
 * Each function appends one field in Windows-1252, quoted where it must be and sometimes where it
 * need not. What is drawn depends on `key` alone, so a line is the same in every export that holds
 * it. The value itself survives: whoever trims, unquotes and reads it by the rules gets it back.
 */
#ifndef SIMULATOR_DIRT_H
#define SIMULATOR_DIRT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* A text, 3 % of the time (a key: 1 %) with stray blanks around it. */
void dirt_text(struct buf *out, const char *shown, bool is_key, uint64_t key);

/* A date: dd/mm/yyyy, 4 % d/m/yyyy, 2.5 % ISO; HISTORY_NONE: one of the ways to say none. */
void dirt_date(struct buf *out, int32_t date, uint64_t key);

/* A time of day: HH:MM:SS, or half of the time HH:MM where it loses nothing; HISTORY_NONE: none. */
void dirt_time(struct buf *out, int32_t seconds, uint64_t key);

/* A field that needs no spoiling. */
void dirt_plain(struct buf *out, const char *text);

#endif
