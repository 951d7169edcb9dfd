/*
 * The PostgreSQL destination: "postgres://USER:PASSWORD@HOST:PORT/NAME?…", or "postgresql://…".
 *
 * Every window is one transaction. Statements are unnamed, and no setting or lock outlives the
 * transaction, so a pooler in transaction mode works as well as a direct connection.
 */
#ifndef LOAD_POSTGRES_DESTINATION_H
#define LOAD_POSTGRES_DESTINATION_H

#include "load/destination_ops.h"

extern const struct destination_ops postgres_destination;
extern const struct destination_ops postgresql_destination; /* the same with the other scheme */

#endif
