/*
 * Checks what kind of relation a report's table is, and whether rows can be kept in it.
 */
#ifndef LOAD_POSTGRES_SHAPE_H
#define LOAD_POSTGRES_SHAPE_H

#include "load/postgres/client.h"

/* Refuses a table in which rows cannot be kept: a view, a foreign table, a partition, a parent of
 * other tables, a table that is partitioned by other columns than the window's date. ERROR_DATABASE
 * names it and says what to do. True if there is no table. */
bool postgres_check_shape(struct postgres_destination *dest, const struct report *report,
                          struct error *err);

#endif
