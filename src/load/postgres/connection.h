/*
 * Opens a connection to PostgreSQL: where to, how well protected, and what is unwise about it.
 */
#ifndef LOAD_POSTGRES_CONNECTION_H
#define LOAD_POSTGRES_CONNECTION_H

#include "load/postgres/client.h"

/* Connects to dest->url, within the deadline for that; there must be no connection. Sets dest->name
 * and base.warning. ERROR_CONFIG: the address cannot be read. */
bool postgres_connect(struct postgres_destination *dest, struct error *err);

#endif
