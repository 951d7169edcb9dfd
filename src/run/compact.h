/*
 * Removes what loads have left in a database that keeps old versions of rows, after a whole cycle.
 */
#ifndef RUN_COMPACT_H
#define RUN_COMPACT_H

#include "load/destination.h"

/* Compacts a report's table if that is worth it, and logs what went. Wants the lease. */
bool compact_report(struct destination *dest, const struct report *report, struct error *err);

#endif
