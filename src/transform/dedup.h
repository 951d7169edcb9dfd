/*
 * Handles repetitions within a window. Of the rows with one key the last one read wins (later file,
 * later line). Rejects with the same text are told apart by their number.
 */
#ifndef TRANSFORM_DEDUP_H
#define TRANSFORM_DEDUP_H

#include "model/batch.h"

/* Marks every row that a later row of the same key replaces. Returns how many it marks. */
uint64_t dedup_mark_superseded(struct batch *batch);

/* Gives each reject its id, and each unread line too. A reject's id is a hash of the report, the
 * reason, the text and the number of equal rejects before it. It does not depend on the line
 * number: a bad record that is exported again tomorrow is the same reject. */
void dedup_identify_rejects(struct batch *batch, const char *report);

#endif
