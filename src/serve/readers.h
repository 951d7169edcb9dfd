/*
 * The connections with which the server reads the database: few, so that people who look at pages
 * leave the load its share. Several threads may use one pool.
 */
#ifndef SERVE_READERS_H
#define SERVE_READERS_H

#include "base/error.h"
#include "load/destination.h"

#include <stdbool.h>

enum {
    READERS_MAX = 4,
    READERS_WAIT_MS = 2 * 1000, /* for a connection that others use */
    READERS_AWAY_MS = 5 * 1000, /* between two tries to connect to a database that is away */
    READERS_RETRY_SECONDS = 2,  /* what a client that waited in vain is told to wait */
};

struct readers;

/* A connection, whose caller is its only user. */
struct reader {
    struct destination *dest;
    bool has_layers; /* the layers are installed; set by the user, kept as long as the connection */
    bool taken;
};

/* No connection is opened yet. The URL is borrowed. */
struct readers *readers_new(const char *url);
/* Ends every wait; no reader is given out any more. */
void readers_stop(struct readers *readers);
void readers_free(struct readers *readers); /* all readers were given back; accepts NULL */

/* Takes a connection, and opens it if it is not. Fails with ERROR_DATABASE, with retry_after_s if
 * all are taken; or with ERROR_DATA if nothing was ever loaded. */
bool readers_take(struct readers *readers, struct reader **out, struct error *err);
/* Gives it back; a broken one is closed, and opened anew for whoever takes it next. */
void readers_give(struct readers *readers, struct reader *reader, bool broken);

#endif
