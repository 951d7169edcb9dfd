/*
 * Draws the columns that are no key: what a service turned out to be, what became of a return.
 */
#ifndef SIMULATOR_ROWS_H
#define SIMULATOR_ROWS_H

#include "simulator/history.h"

/*
 * Each fills every column of a row whose day and key are set. shift[c] is how often audits altered
 * column c: each time it gets another content, unless `today` hides its date.
 */
void rows_fill_general(struct history_row *row, const struct history *history, struct history_id id,
                       const uint32_t shift[REPORT_COLUMNS_MAX]);
void rows_fill_return(struct history_row *row, const struct history *history, struct history_id id,
                      const uint32_t shift[REPORT_COLUMNS_MAX]);

#endif
