/*
 * Writes the summary of a run as JSON: what --json prints, and what a webhook gets.
 */
#ifndef RUN_SUMMARY_JSON_H
#define RUN_SUMMARY_JSON_H

#include "base/buf.h"
#include "run/summary.h"

/* Appends one object. */
void summary_add_json(struct buf *out, const struct summary *summary);

#endif
