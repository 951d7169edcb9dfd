/*
 * The key values of rows that an export does not show, read from the table: what lines that could
 * not be read are compared with. That is rare, so a window's rows are read once more for it.
 */
#ifndef LOAD_MISSING_KEYS_H
#define LOAD_MISSING_KEYS_H

#include "base/error.h"
#include "load/destination.h"
#include "load/doubts.h"
#include "load/resemble.h"

#include <stdbool.h>

/* Within a window: *out, which must be empty, is the caller's; sorted. */
bool missing_keys_read(struct destination *dest, const struct report *report,
                       const struct doubt_list *rows, struct row_keys *out, struct error *err);

#endif
