/*
 * Writes the CSV that the portal sends for a period: the history, made as untidy as real exports.
 *
 * The lines of a day depend on (seed, report, day, generation, today) alone, so a day that two
 * neighbouring windows share has the same bytes in both. Only what stands around them depends on
 * the period:
 *   - junk above the header (a title, the filter, blank lines) in 40 % of the periods,
 *   - header names quoted or padded in 30 %,
 *   - a line "Total de registros: N" at the end in 30 %.
 * dirt.h writes the single fields. Within a day the lines are shuffled. Besides the day's rows
 * there are exact copies (0.5 %), lines with the same key and older content, always before the
 * right one (0.5 %), and about one ragged line for 1,600 rows, at most one a day: it has a field
 * too few, or one too many with a text in it. A ragged line belongs to no row.
 */
#ifndef SIMULATOR_EXPORT_H
#define SIMULATOR_EXPORT_H

#include "base/buf.h"
#include "simulator/history.h"

/*
 * Appends the file to `out`: of the general report the days from … to, of the return report
 * from … to - 1. Days outside of the history have no lines, so the file may have only a header. If
 * the file is too large for the buffer, out->full is set.
 */
void sim_export_csv(const struct history *history, enum report_kind kind, int32_t from, int32_t to,
                    struct buf *out);

#endif
