/*
 * One variable, wherever it was set: in the environment, in .env, or in a file that either names.
 */
#ifndef CONFIG_VARIABLES_H
#define CONFIG_VARIABLES_H

#include "base/error.h"
#include "config/env_file.h"

#include <stdbool.h>

enum { SECRET_MAX = 64 * 1024 };

/* The environment's value, else .env's; NULL if neither has one that is not empty. Borrowed. */
const char *variables_get(const struct env_file *file, const char *name);

/*
 * The same for a secret, which may also be in a file that NAME_FILE names (one line end at its end
 * does not count). *out is owned by the caller, NULL if it is not set. ERROR_CONFIG if NAME and
 * NAME_FILE are set in the same place, or the file cannot be read or is empty.
 */
bool variables_get_secret(const struct env_file *file, const char *name, char **out,
                          struct error *err);

#endif
