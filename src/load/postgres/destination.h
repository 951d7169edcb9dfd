/*
 * The PostgreSQL destination: "postgres://USER:PASSWORD@HOST:PORT/NAME?…", or "postgresql://…".
 *
 * Everything happens in one transaction a window, with unnamed statements and nothing that outlives
 * it, so that poolers in transaction mode are as good as a connection of our own.
 */
#ifndef LOAD_POSTGRES_DESTINATION_H
#define LOAD_POSTGRES_DESTINATION_H

#include "load/destination_ops.h"

extern const struct destination_ops postgres_destination;
extern const struct destination_ops postgresql_destination; /* the same by its other name */

#endif
