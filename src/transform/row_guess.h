/*
 * Guesses which row of the table a line that cannot be read may stand for.
 *
 * A separator too many or too few moves the fields behind it, and a stray quote joins fields, but
 * the key is often complete. So the line is read once for each place at which a separator may have
 * strayed. The key of each such reading is a guess. load/ compares the guesses with the table.
 */
#ifndef TRANSFORM_ROW_GUESS_H
#define TRANSFORM_ROW_GUESS_H

#include "model/batch.h"
#include "transform/clean.h"

/* Adds the guessed keys and the remaining fields to the batch's last unread line. `record` may have
 * any shape, or no fields. */
void row_guess_keys(struct cleaner *cleaner, const struct layout *layout,
                    const struct csv_record *record, struct batch *batch);

/* Adds the key's fields, and no guess, to the batch's last unread line: a row that may have been
 * read wrongly. */
void row_guess_nothing(const struct report *report, const struct layout *layout,
                       const struct csv_record *record, struct batch *batch);

#endif
