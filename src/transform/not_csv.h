/*
 * What came instead of a CSV, so that a message can name it.
 */
#ifndef TRANSFORM_NOT_CSV_H
#define TRANSFORM_NOT_CSV_H

#include "base/error.h"

#include <stddef.h>

/* A page, an archive, JSON, …, by its first bytes; NULL: it may be a CSV. Static. */
const char *not_csv_kind(const char *bytes, size_t len);

/* Fails with ERROR_DATA, naming the kind and, of a page, its title. */
bool not_csv_refuse(const char *kind, const char *bytes, size_t len, struct error *err);

#endif
