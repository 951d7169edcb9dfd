/*
 * Opens a connection to PostgreSQL and finds out how well it is protected.
 */
#ifndef LOAD_POSTGRES_CONNECTION_H
#define LOAD_POSTGRES_CONNECTION_H

#include "load/postgres/client.h"

/* Connects to dest->url within timeouts.connect; there must be no connection. Sets dest->name and
 * base.warning. ERROR_CONFIG: the URL cannot be read. */
bool postgres_connect(struct postgres_destination *dest, struct error *err);

#endif
