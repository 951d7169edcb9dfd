/*
 * What kind of relation a report's table is, and whether rows can be kept in it.
 */
#ifndef LOAD_POSTGRES_SHAPE_H
#define LOAD_POSTGRES_SHAPE_H

#include "load/postgres/client.h"

/* Refuses, by name and with what to do, a table that rows cannot be kept in: a view, a foreign
 * table, a partition, a parent of other tables, a table that is partitioned by other columns than
 * the window's date. Without a table nothing is wrong. */
bool postgres_check_shape(struct postgres_destination *dest, const struct report *report,
                          struct error *err);

#endif
