/*
 * What the database has of the layers: the table etl_camadas, and who reads a view or table.
 */
#ifndef LAYERS_CATALOG_H
#define LAYERS_CATALOG_H

#include "load/destination.h"

enum { CATALOG_SHA256_SIZE = 65 }; /* 64 digits and a NUL */

struct catalog_entry {
    char *name;
    char sha256[CATALOG_SHA256_SIZE];
};

struct catalog {
    struct catalog_entry *entries;
    size_t count;
};

/* Reads etl_camadas within work or a window; makes it within work where it is missing. */
bool catalog_read(struct destination *dest, struct catalog *out, struct error *err);
void catalog_done(struct catalog *catalog); /* accepts a zeroed one */

/* Whether the layers were ever installed. Within a transaction or not. */
bool catalog_exists(struct destination *dest, bool *out, struct error *err);

/* Returns the hash of the text that the model was made from, or NULL if it is not installed. */
const char *catalog_sha256(const struct catalog *catalog, const char *name);

/* Writes the SHA-256 of a text in lower-case digits. */
void catalog_hash(const char *text, char out[CATALOG_SHA256_SIZE]);

/* Write down, within work, that a model was made from a text, or that it is gone. */
bool catalog_note(struct destination *dest, const char *name, const char *text, struct error *err);
bool catalog_forget(struct destination *dest, const char *name, struct error *err);

struct dependents {
    char **names;
    size_t count;
};

/* Finds the views that read a table or view directly. SQLite and ClickHouse look a view up when it
 * is used, so there nobody stands in the way of a change, and the list is empty. */
bool catalog_dependents(struct destination *dest, const char *name, struct dependents *out,
                        struct error *err);
void dependents_done(struct dependents *dependents); /* accepts a zeroed one */

#endif
