/*
 * A report's tables and the view that readers query.
 */
#ifndef LOAD_CLICKHOUSE_TABLE_H
#define LOAD_CLICKHOUSE_TABLE_H

#include "load/clickhouse/connect.h"

/* Finds out what there is under the report's name: nothing, our view, or another program's table.
 */
bool clickhouse_find_table(struct clickhouse_destination *dest, const struct report *report,
                           enum destination_state *out, struct error *err);

/* Makes what is missing. Refuses another program's table, and one that lacks a column. */
bool clickhouse_make_table(struct clickhouse_destination *dest, const struct report *report,
                           struct error *err);

/* Has the view show the report's columns and those that were added, if it does not. */
bool clickhouse_show_columns(struct clickhouse_destination *dest, const struct report *report,
                             struct error *err);

#endif
