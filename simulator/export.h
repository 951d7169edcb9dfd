/*
 * The CSV that the portal sends for a period: the history, spoiled as real exports are.
 *
 * The lines of a day depend on (seed, report, day, generation, today) alone, so the day that two
 * neighbouring windows share is byte-equal in both; only what frames them depends on the period:
 *   - junk above the header (a title, the filter, blank lines) in 40 % of the periods,
 *   - header names quoted or padded in 30 %,
 *   - a line "Total de registros: N" at the end in 30 %.
 * What befalls a single field is dirt.h's business. Within a day the lines are shuffled. Beside the
 * day's rows there are exact copies (0.5 %), same-key lines with older content, always before the
 * right one (0.5 %), and about one ragged line for 1,600 rows, at most one a day: a field too few,
 * or one too many with something in it. It is no row at all.
 */
#ifndef SIMULATOR_EXPORT_H
#define SIMULATOR_EXPORT_H

#include "base/buf.h"
#include "simulator/history.h"

/*
 * Appends the file to `out`: general from … to, return from … to - 1. A period that reaches beyond
 * the history gives what there is, if only the header. Too much for the buffer: out->full.
 */
void sim_export_csv(const struct history *history, enum report_kind kind, int32_t from, int32_t to,
                    struct buf *out);

#endif
