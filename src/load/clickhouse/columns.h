/*
 * The columns of a report's tables, and those of them that etl-sigos added (etl_columns).
 */
#ifndef LOAD_CLICKHOUSE_COLUMNS_H
#define LOAD_CLICKHOUSE_COLUMNS_H

#include "load/clickhouse/connect.h"

/* A list of names; all are owned. */
struct clickhouse_names {
    char **items;
    size_t count;
};

void clickhouse_names_done(struct clickhouse_names *names); /* accepts a zeroed one */
bool clickhouse_names_have(const struct clickhouse_names *names, const char *name);

/* Adds the names of the columns of REPORT and a suffix: "_rows", or "" for the view. None: there is
 * no such table. */
bool clickhouse_read_columns(struct clickhouse_destination *dest, const struct report *report,
                             const char *suffix, struct clickhouse_names *out, struct error *err);
/* Adds the names of the columns that etl-sigos added to the report's table. */
bool clickhouse_read_added(struct clickhouse_destination *dest, const struct report *report,
                           struct clickhouse_names *out, struct error *err);

/* Notes that a column was added, or with `gone` that it is there no more. */
bool clickhouse_note_column(struct clickhouse_destination *dest, const struct report *report,
                            const char *name, const char *run_id, bool gone, struct error *err);

/* Whether the table has all columns that etl-sigos added. */
bool clickhouse_columns_are_there(struct clickhouse_destination *dest, const struct report *report,
                                  bool *out, struct error *err);
/* Forgets added columns that the table has no more: a person dropped them. */
bool clickhouse_forget_columns(struct clickhouse_destination *dest, const struct report *report,
                               struct error *err);

#endif
