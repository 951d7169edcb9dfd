/*
 * Reads both databases of a copy completely and compares them by fingerprints.
 */
#ifndef RUN_COPY_CHECK_H
#define RUN_COPY_CHECK_H

#include "run/copy_sides.h"

/* Fills sides->out->tables with the tables of the reports and of the log. */
bool copy_check(struct copy_sides *sides, struct error *err);

#endif
