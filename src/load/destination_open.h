/*
 * Opens a destination by its URL: the one place that knows all kinds of them.
 */
#ifndef LOAD_DESTINATION_OPEN_H
#define LOAD_DESTINATION_OPEN_H

#include "load/destination.h"

/* Opens what the URL's scheme names ("sqlite:PATH"). ERROR_CONFIG for an unknown one. */
bool destination_open(const char *url, struct destination **out, struct error *err);

/* The same, but what is not there is not made: *out is NULL if there is no such database. */
bool destination_open_existing(const char *url, enum destination_use use, struct destination **out,
                               struct error *err);

/* The URL without its secrets, for people; owned by the caller. */
char *destination_describe(const char *url);

#endif
