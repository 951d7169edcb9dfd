/*
 * Reads the settings from the environment and a .env file:
 *
 *     SIGOS_URL SIGOS_USUARIO SIGOS_SENHA SIGOS_MODE SIGOS_JOBS HEADLESS CHROME_BIN
 *     BROWSER_SANDBOX EVIDENCE_DIR
 *     LOG_LEVEL LOG_FORMAT LOG_FILE
 *     HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY, also in small letters, which win
 *     DATABASE_URL, or DB_HOST with DB_PORT DB_NAME DB_USER DB_PASS DB_SSLMODE DB_SSLROOTCERT
 *     COPY_FROM_URL, which only `copy` reads
 *     PING_URL ALERT_WEBHOOK_URL ALERT_FORMAT ALERT_DIGEST METRICS_FILE
 *     BRONZE_DIR BRONZE_KEEP_DAYS
 *     BRONZE_S3_BUCKET BRONZE_S3_PREFIX BRONZE_S3_REGION BRONZE_S3_ENDPOINT
 *     AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION
 *     AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
 *     SIGOS_SENHA_FILE DB_PASS_FILE DATABASE_URL_FILE COPY_FROM_URL_FILE
 *     AWS_SECRET_ACCESS_KEY_FILE: a file that holds the value
 *
 * The environment wins over .env, .env over the profile, the profile over the default. A variable
 * that is empty counts as not set, because compose files pass unset variables as empty ones.
 *
 *     settings_load(env_file, portal, true, &settings, &warning, &err)
 *     settings_set(&settings.database, flag)       a flag of the command line wins over all
 *     settings_done(&settings)
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "base/error.h"
#include "model/portal.h"
#include "model/settings.h"

#include <stdbool.h>

/*
 * Reads all settings. env_file NULL: .env of the working directory, if there is one. All texts of
 * *out are copies. *warning becomes what the user should know (a .env that everyone may read,
 * parameters of the database's address that are ignored), owned by the caller, or NULL. With
 * `for_portal` there must be credentials. Fails with ERROR_CONFIG, which names every setting that
 * is wrong; no message holds a secret.
 *
 * It always removes the variables of SETTINGS_HIDDEN_NAMES from this process's environment, so
 * that its children and /proc do not show them. Call it while there are no other threads.
 */
bool settings_load(const char *env_file, const struct portal *portal, bool for_portal,
                   struct settings *out, char **warning, struct error *err);

/* Puts the secrets back into the environment that settings_load took out of it, so that it can be
 * called once more, which takes them out again. No child may be started in between. */
void settings_restore_environment(const struct settings *settings);

/* Replaces a text of a loaded struct settings by a copy of `value`, which may be NULL. */
void settings_set(const char **text, const char *value);

/* Frees the texts and overwrites them first; accepts a zeroed one. */
void settings_done(struct settings *settings);

#endif
