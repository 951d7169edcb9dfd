/*
 * The non-key columns: what a service turned out to be, and what became of a return.
 */
#ifndef SIMULATOR_ROWS_H
#define SIMULATOR_ROWS_H

#include "simulator/history.h"

/*
 * Fills every column of a row whose day and key are set. shift[c] counts how often audits altered
 * column c: each step gives the column another content, as long as its date is not hidden by
 * `today`.
 */
void rows_fill_general(struct history_row *row, const struct history *history, struct history_id id,
                       const uint32_t shift[REPORT_COLUMNS_MAX]);
void rows_fill_return(struct history_row *row, const struct history *history, struct history_id id,
                      const uint32_t shift[REPORT_COLUMNS_MAX]);

#endif
