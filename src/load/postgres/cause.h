/*
 * The cause of a failure, where only the database can tell it.
 */
#ifndef LOAD_POSTGRES_CAUSE_H
#define LOAD_POSTGRES_CAUSE_H

#include "load/postgres/client.h"

/* Appends to a failure what only the database can tell: who holds the lock that was waited for, or
 * which SQL lets a published table be written. It rolls back what is open, because a transaction
 * that failed answers nothing. For other failures, or if nothing is found, it does nothing. */
void postgres_add_cause(struct postgres_destination *dest, const struct report *report,
                        struct error *err);

#endif
