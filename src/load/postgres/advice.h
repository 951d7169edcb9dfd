/*
 * Finds what is allowed but unwise about the tables.
 */
#ifndef LOAD_POSTGRES_ADVICE_H
#define LOAD_POSTGRES_ADVICE_H

#include "load/destination_ops.h"

/* Implements destination_advise. */
bool postgres_advise(struct destination *dest, destination_row *advice, void *arg,
                     struct error *err);

#endif
