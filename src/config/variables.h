/*
 * Reads a variable from the environment, from .env, or from a file that either names.
 */
#ifndef CONFIG_VARIABLES_H
#define CONFIG_VARIABLES_H

#include "base/error.h"
#include "config/env_file.h"

#include <stdbool.h>

enum { SECRET_MAX = 64 * 1024 };

/* Returns the environment's value, else that of .env; NULL if neither has one that is not empty.
 * Borrowed. */
const char *variables_get(const struct env_file *file, const char *name);

/*
 * Reads a secret in the same way, or from the file that NAME_FILE names (one line end at the file's
 * end does not count). *out is owned by the caller; NULL if the secret is not set. Fails with
 * ERROR_CONFIG if NAME and NAME_FILE are set in the same place, or if the file cannot be read or is
 * empty.
 */
bool variables_get_secret(const struct env_file *file, const char *name, char **out,
                          struct error *err);

#endif
