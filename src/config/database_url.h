/*
 * Makes the address of a database from its parts, as the Python program takes them, and checks it.
 */
#ifndef CONFIG_DATABASE_URL_H
#define CONFIG_DATABASE_URL_H

#include "base/error.h"
#include "config/env_file.h"

#include <stdbool.h>

/*
 * Makes an address from DB_HOST DB_PORT DB_NAME DB_USER DB_PASS DB_SSLMODE DB_SSLROOTCERT, in the
 * environment or .env: "postgres://…", every part percent-encoded, owned by the caller. Parts that
 * are not set are left to libpq and its own variables. *out is NULL if none of them is set. Fails
 * with ERROR_CONFIG if some are set but not DB_HOST: the data would silently go to another place.
 */
bool database_url_from_parts(const struct env_file *file, char **out, struct error *err);

/*
 * Checks an address without opening it. From a PostgreSQL address it removes, in place, parameters
 * for other programs that libpq does not know (Prisma's and others': pgbouncer, connection_limit,
 * …), and names them in *warning, which the caller owns; else *warning is untouched. Fails with
 * ERROR_CONFIG if there is no such kind of database, or if a parameter is unknown or cannot be
 * kept; the message holds only the parameter's name.
 */
bool database_url_accept(char *url, char **warning, struct error *err);

#endif
