/*
 * Opens a destination by its URL: the one place that knows all kinds of them.
 */
#ifndef LOAD_DESTINATION_OPEN_H
#define LOAD_DESTINATION_OPEN_H

#include "load/destination.h"

/* Opens or makes the database that the URL names ("sqlite:PATH"). ERROR_CONFIG: the URL has no
 * known scheme. */
bool destination_open(const char *url, struct destination **out, struct error *err);

/* Does the same for another use than DESTINATION_LOAD, but makes nothing: *out is NULL if there is
 * no such database. */
bool destination_open_existing(const char *url, enum destination_use use, struct destination **out,
                               struct error *err);

/* Returns the URL without its passwords, for messages; owned by the caller. */
char *destination_describe(const char *url);

#endif
