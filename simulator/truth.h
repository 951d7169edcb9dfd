/*
 * Writes the tables as they must be after a perfect load: tab-separated, escaped, sorted bytewise.
 */
#ifndef SIMULATOR_TRUTH_H
#define SIMULATOR_TRUTH_H

#include "base/error.h"
#include "simulator/history.h"

#include <stdio.h>

/*
 * Writes a header line and every row whose service date, which the portal may hide, lies in
 * from … to, both inclusive. NULL is \N; backslash, tab, line feed and carriage return are
 * \\ \t \n \r. ERROR_SYSTEM: writing failed. ERROR_DATA: the rows do not fit in memory.
 */
bool truth_write(const struct history *history, enum report_kind kind, int32_t from, int32_t to,
                 FILE *out, struct error *err);

#endif
