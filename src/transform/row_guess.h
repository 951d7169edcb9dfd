/*
 * Which row of the table a line that cannot be read may stand for.
 *
 * A separator too many or too few moves the fields behind it; a stray quote joins fields; but the
 * key is often there all the same. So the line is read once for each place at which the separator
 * may have strayed, and each reading's key is a guess. Whoever compares them with the table knows
 * whether one is right.
 */
#ifndef TRANSFORM_ROW_GUESS_H
#define TRANSFORM_ROW_GUESS_H

#include "model/batch.h"
#include "transform/clean.h"

/* Adds the guesses to the batch's last unread line, and what is left of it. `record` may have any
 * shape, or no fields. */
void row_guess_keys(struct cleaner *cleaner, const struct layout *layout,
                    const struct csv_record *record, struct batch *batch);

/* Notes what is left of the key of a row that may have been read wrongly. */
void row_guess_nothing(const struct report *report, const struct layout *layout,
                       const struct csv_record *record, struct batch *batch);

#endif
