/*
 * The SQLite destination, which needs no server: one file, "sqlite:PATH".
 */
#ifndef LOAD_SQLITE_DESTINATION_H
#define LOAD_SQLITE_DESTINATION_H

#include "load/destination_ops.h"

extern const struct destination_ops sqlite_destination;

#endif
