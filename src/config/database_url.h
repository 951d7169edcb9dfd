/*
 * The address of a PostgreSQL database from its parts, as the Python program takes them.
 */
#ifndef CONFIG_DATABASE_URL_H
#define CONFIG_DATABASE_URL_H

#include "base/error.h"
#include "config/env_file.h"

#include <stdbool.h>

/*
 * From DB_HOST DB_PORT DB_NAME DB_USER DB_PASS DB_SSLMODE DB_SSLROOTCERT, in the environment or
 * .env: "postgres://…", every part percent-encoded, owned by the caller; what is not set is left to
 * libpq and its own variables. *out is NULL if none of them is set. ERROR_CONFIG if some are, but
 * not DB_HOST: the data would silently go elsewhere.
 */
bool database_url_from_parts(const struct env_file *file, char **out, struct error *err);

#endif
