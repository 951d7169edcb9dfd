/*
 * Repetitions within a window: of rows with one key the last one read wins (later file, later
 * line); of rejects with one text each is told apart by its number.
 */
#ifndef TRANSFORM_DEDUP_H
#define TRANSFORM_DEDUP_H

#include "model/batch.h"

/* Marks every row that a later one of the same key replaces; returns how many there are. */
uint64_t dedup_mark_superseded(struct batch *batch);

/* Gives each reject its id: of report, reason, text and how often the same came before it. It does
 * not depend on the line, so that a bad record that is exported again tomorrow is the same reject.
 * So also each line that could not be read. */
void dedup_identify_rejects(struct batch *batch, const char *report);

#endif
