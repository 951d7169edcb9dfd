/*
 * Dates and times of the exports to their canonical form.
 *
 * Input is a cell as it stands in the file (any encoding that contains ASCII), untrimmed. Four
 * outcomes: a value; nothing (a way of saying none); impossible (written as a date, and there is no
 * such day, with its month first neither: 30/02/2024, 99/99/9999, 31/12/9999); or unreadable
 * (written in no way that is known). The last two become NULL and are counted. What is accepted,
 * and why, is in docs/transform.md.
 */
#ifndef TRANSFORM_VALUES_H
#define TRANSFORM_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value { VALUE_NONE, VALUE_READ, VALUE_IMPOSSIBLE, VALUE_UNREADABLE };

#define VALUE_SIZE 32

/* What is written, and a NUL behind it. */
enum { VALUE_DATE_LEN = 10, VALUE_TIME_LEN = 8, VALUE_TIMESTAMP_LEN = 19 };

/* dd/mm/yyyy, d/m/yyyy, the same with '-' or '.', yyyy-mm-dd, yyyymmdd; a time of day behind it,
 * after a blank or a T, is dropped. Writes yyyy-mm-dd and *date. */
enum value value_date(const char *text, size_t len, char out[VALUE_SIZE], int32_t *date);

/* H:M or H:M:S with one or two digits each. Writes HH:MM:SS. */
enum value value_time(const char *text, size_t len, char out[VALUE_SIZE]);

/* A date, then optionally a blank or T and a time. Writes "yyyy-mm-dd HH:MM:SS". */
enum value value_timestamp(const char *text, size_t len, char out[VALUE_SIZE]);

/* Whether something that is no date would be one with its month first: 10/31/2025, 10-31-2025. */
bool value_is_month_first(const char *text, size_t len);

#endif
