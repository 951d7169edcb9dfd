/*
 * Finds the cause of a failure where only the database knows it.
 */
#ifndef LOAD_POSTGRES_CAUSE_H
#define LOAD_POSTGRES_CAUSE_H

#include "load/postgres/client.h"

/* Appends to a failure who holds the lock that was waited for, or which SQL makes a published table
 * writable. Rolls the open transaction back first, because a failed transaction answers no query.
 * Does nothing for other failures, or if no cause is found. */
void postgres_add_cause(struct postgres_destination *dest, const struct report *report,
                        struct error *err);

#endif
