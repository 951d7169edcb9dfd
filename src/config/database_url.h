/*
 * The address of a database: from its parts, as the Python program takes them, and judged.
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

/*
 * Judges an address without opening it. Of a PostgreSQL one it takes out, in place, parameters that
 * are meant for other programs and mean nothing to libpq (Prisma's and others': pgbouncer,
 * connection_limit, …), and names them in *warning, which is the caller's, or untouched.
 * ERROR_CONFIG: there is no such kind of database, or a parameter is unknown or cannot be kept;
 * nothing but its name is in the message.
 */
bool database_url_accept(char *url, char **warning, struct error *err);

#endif
