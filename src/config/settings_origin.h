/*
 * Lists the settings that are in force, each with the place that it came from, for a person. No
 * secret is shown.
 */
#ifndef CONFIG_SETTINGS_ORIGIN_H
#define CONFIG_SETTINGS_ORIGIN_H

#include "base/error.h"
#include "model/settings.h"

#include <stdbool.h>

/* Gets one setting: its name, its value ("********" for a secret) and its origin ("environment",
 * ".env", "file PATH, named in .env", "profile", "default"). The texts live until the call ends. */
typedef void settings_row(void *arg, const char *name, const char *value, const char *origin);

/* Hands over all settings but those that are not set and have no default. `env_file` is as for
 * settings_load, which has filled `settings`. `database` is the database's address without its
 * passwords. Fails with ERROR_CONFIG if the .env file cannot be read any more. */
bool settings_list(const char *env_file, const struct settings *settings, const char *database,
                   settings_row *row, void *arg, struct error *err);

#endif
