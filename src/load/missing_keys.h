/*
 * Reads the key values of rows that an export does not show, which lines that could not be read are
 * compared with. That is rare, so it reads the window's rows once more.
 */
#ifndef LOAD_MISSING_KEYS_H
#define LOAD_MISSING_KEYS_H

#include "base/error.h"
#include "load/destination.h"
#include "load/doubts.h"
#include "load/resemble.h"

#include <stdbool.h>

/* Reads, within a window, the key values of `rows` into *out, sorted. *out must be empty; the
 * caller ends it with row_keys_done, after a failure too. */
bool missing_keys_read(struct destination *dest, const struct report *report,
                       const struct doubt_list *rows, struct row_keys *out, struct error *err);

#endif
