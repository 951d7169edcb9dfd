/* SPDX-License-Identifier: MIT */
/* Finds out where each setting came from. */
#include "config/settings_origin.h"

#include "base/mem.h"
#include "config/env_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where a setting may come from besides the environment and .env. */
enum fallback { FROM_NOTHING, FROM_PROFILE, FROM_DEFAULT };

struct listed {
    const char *name;
    bool secret;
    const char *value; /* the one in force; NULL: that of the variable */
    enum fallback fallback;
};

struct listing {
    const struct settings *settings;
    struct env_file file;
    const char *file_name;
    settings_row *row;
    void *arg;
};

static bool is_set(const char *value)
{
    return value && *value;
}

/* Returns the variable's value in the environment. Secrets were taken out of it. */
static const char *from_environment(const struct listing *listing, const char *name)
{
    static const char *const hidden[SETTINGS_HIDDEN] = SETTINGS_HIDDEN_NAMES;

    for (size_t i = 0; i < SETTINGS_HIDDEN; i++)
        if (strcmp(name, hidden[i]) == 0)
            return listing->settings->hidden[i];
    return getenv(name);
}

/* Finds the variable, or NAME_FILE, in one place. */
static bool list_from(const struct listing *listing, const struct listed *listed, const char *value,
                      const char *path, const char *place)
{
    MEM_FREE_TEXT char *origin = is_set(value)  ? mem_copy(place)
                                 : is_set(path) ? mem_format("file %s, named in %s", path, place)
                                                : NULL;

    if (!origin)
        return false;
    listing->row(listing->arg, listed->name,
                 listed->secret  ? "********"
                 : listed->value ? listed->value
                                 : value,
                 origin);
    return true;
}

static void list(const struct listing *listing, const struct listed *listed)
{
    MEM_FREE_TEXT char *file_variable = mem_format("%s_FILE", listed->name);

    if (list_from(listing, listed, from_environment(listing, listed->name), getenv(file_variable),
                  "environment") ||
        list_from(listing, listed, env_file_get(&listing->file, listed->name),
                  env_file_get(&listing->file, file_variable), listing->file_name) ||
        listed->fallback == FROM_NOTHING || !listed->value)
        return;
    listing->row(listing->arg, listed->name, listed->value,
                 listed->fallback == FROM_PROFILE ? "profile" : "default");
}

bool settings_list(const char *env_file, const struct settings *settings, const char *database,
                   settings_row *row, void *arg, struct error *err)
{
    struct listing listing = {
        .settings = settings, .file_name = env_file ? env_file : ".env", .row = row, .arg = arg};
    char jobs[16], bronze_days[16];

    if ((env_file || access(listing.file_name, F_OK) == 0) &&
        !env_file_read(listing.file_name, &listing.file, err))
        return false;
    snprintf(jobs, sizeof(jobs), "%d", settings->jobs);
    snprintf(bronze_days, sizeof(bronze_days), "%d", settings->bronze_days);
    const bool has_parts =
        is_set(getenv("DB_HOST")) || is_set(env_file_get(&listing.file, "DB_HOST"));
    const struct listed all[] = {
        {"SIGOS_URL", false, settings->portal_url, FROM_PROFILE},
        {"SIGOS_USUARIO", false, settings->user, FROM_NOTHING},
        {"SIGOS_SENHA", true, NULL, FROM_NOTHING},
        {"SIGOS_MODE", false, settings->mode == EXPORT_MODE_CLICK ? "click" : "auto", FROM_PROFILE},
        {"SIGOS_JOBS", false, jobs, FROM_PROFILE},
        {"HEADLESS", false, settings->headless ? "true" : "false", FROM_DEFAULT},
        {"CHROME_BIN", false, settings->browser, FROM_NOTHING},
        {"BROWSER_SANDBOX", false, NULL, FROM_NOTHING},
        {"EVIDENCE_DIR", false, settings->evidence ? settings->evidence : "off", FROM_DEFAULT},
        {"HTTPS_PROXY", false, NULL, FROM_NOTHING},
        {"HTTP_PROXY", false, NULL, FROM_NOTHING},
        {"ALL_PROXY", false, NULL, FROM_NOTHING},
        {"NO_PROXY", false, NULL, FROM_NOTHING},
        {"DATABASE_URL", false, database, has_parts ? FROM_NOTHING : FROM_DEFAULT},
        {"DB_HOST", false, NULL, FROM_NOTHING},
        {"DB_PORT", false, NULL, FROM_NOTHING},
        {"DB_NAME", false, NULL, FROM_NOTHING},
        {"DB_USER", false, NULL, FROM_NOTHING},
        {"DB_PASS", true, NULL, FROM_NOTHING},
        {"DB_SSLMODE", false, NULL, FROM_NOTHING},
        {"DB_SSLROOTCERT", false, NULL, FROM_NOTHING},
        {"COPY_FROM_URL", true, NULL, FROM_NOTHING},
        {"PING_URL", true, NULL, FROM_NOTHING},
        {"ALERT_WEBHOOK_URL", true, NULL, FROM_NOTHING},
        {"ALERT_FORMAT", false, NULL, FROM_NOTHING},
        {"ALERT_DIGEST", false, NULL, FROM_NOTHING},
        {"METRICS_FILE", false, NULL, FROM_NOTHING},
        {"BRONZE_DIR", false, settings->bronze, FROM_NOTHING},
        {"BRONZE_KEEP_DAYS", false, settings->bronze ? bronze_days : NULL, FROM_NOTHING},
        {"SERVE_ADDRESS", false, NULL, FROM_NOTHING},
        {"SERVE_HOSTS", false, NULL, FROM_NOTHING},
        {"SERVE_PASSWORD_HASH", true, NULL, FROM_NOTHING},
        {"SERVE_METRICS_TOKEN", true, NULL, FROM_NOTHING},
        {"SERVE_TRUST_PROXY", false, NULL, FROM_NOTHING},
        {"BRONZE_S3_BUCKET", false, settings->bucket.name, FROM_NOTHING},
        {"BRONZE_S3_PREFIX", false, settings->bucket.prefix, FROM_NOTHING},
        {"BRONZE_S3_REGION", false, settings->bucket.name ? settings->bucket.region : NULL,
         FROM_NOTHING},
        {"BRONZE_S3_ENDPOINT", false, settings->bucket.endpoint, FROM_NOTHING},
        {"AWS_ACCESS_KEY_ID", true, NULL, FROM_NOTHING},
        {"AWS_SECRET_ACCESS_KEY", true, NULL, FROM_NOTHING},
        {"AWS_SESSION_TOKEN", true, NULL, FROM_NOTHING},
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", true, NULL, FROM_NOTHING},
        {"LOG_LEVEL", false, NULL, FROM_NOTHING},
        {"LOG_FORMAT", false, NULL, FROM_NOTHING},
        {"LOG_FILE", false, NULL, FROM_NOTHING},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        list(&listing, &all[i]);
    env_file_done(&listing.file);
    return true;
}
