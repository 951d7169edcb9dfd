/*
 * Decides which exports of the archive a rebuild no longer needs (pure).
 *
 * A rebuild needs an export if without it a row would be missing, be too many, or have other
 * values. So an export is needless only if all of this holds:
 *
 * - Every day that it decided about was decided again by later exports that hold all rows of their
 *   days. One of which rows stayed in the table although it does not show them (a line could not be
 *   read) decides nothing: those rows are in the earlier export alone. So the newest export of a
 *   window is always needed.
 * - It has no row without a date, or a later cycle of all windows has swept such rows: then those
 *   that are still in the table are in that cycle's exports too.
 *
 * A rebuild without the needless exports gives all rows the same values. DATA_EXTRACAO is the time
 * of the oldest export that is left and has brought them: where the export that first brought a row
 * is gone, that is a later one. Only an archive from which nothing was removed gives every
 * DATA_EXTRACAO again.
 */
#ifndef BRONZE_RETENTION_H
#define BRONZE_RETENTION_H

#include "bronze/entry.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Sets needless[i] for each export that was made before `before` and is not needed. `entries` are
 * those of the manifest, in its order. */
void retention_find_needless(const struct bronze_entry *entries, size_t count, time_t before,
                             bool *needless);

#endif
