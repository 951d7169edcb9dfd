/* SPDX-License-Identifier: MIT */
/* Reads settings from the environment, .env and files of secrets. */
#include "config/settings.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "config/bucket_settings.h"
#include "config/database_url.h"
#include "config/env_file.h"
#include "config/portal_yaml.h"
#include "config/variables.h"
#include "base/secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unistr.h>

#define DEFAULT_ENV_FILE ".env"
#define DEFAULT_DATABASE "sqlite:sigos.db"

/* Reads the .env file. The default one may be absent; one that was asked for may not. */
static bool read_env_file(const char *path, struct env_file *out, char **warning, struct error *err)
{
    struct stat info;

    if (!path && stat(DEFAULT_ENV_FILE, &info) < 0 && errno == ENOENT) {
        *out = (struct env_file){0};
        return true;
    }
    path = path ? path : DEFAULT_ENV_FILE;
    if (!env_file_read(path, out, err))
        return false;
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_mode & S_IROTH)
        *warning = mem_format("%s holds secrets and every user of this machine can read it: "
                              "chmod 600 %s",
                              path, path);
    return true;
}

static bool parse_bool(const char *text, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        {"true", true}, {"false", false}, {"1", true}, {"0", false}, {"yes", true}, {"no", false},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcasecmp(text, words[i].word) == 0) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

static bool read_headless(const struct env_file *file, bool *out, struct error *err)
{
    const char *text = variables_get(file, "HEADLESS");

    *out = true;
    if (text && !parse_bool(text, out))
        return error_set(err, ERROR_CONFIG, "HEADLESS must be true or false");
    return true;
}

static bool read_sandbox(const struct env_file *file, enum sandbox *out, struct error *err)
{
    static const char *const words[] = {"auto", "on", "off"};
    const char *text = variables_get(file, "BROWSER_SANDBOX");

    *out = SANDBOX_AUTO;
    for (size_t i = 0; text && i < sizeof(words) / sizeof(*words); i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = (enum sandbox)i;
            return true;
        }
    }
    return !text || error_set(err, ERROR_CONFIG, "BROWSER_SANDBOX must be auto, on or off");
}

/* Reads the address of a service that is told of runs. It may be a secret. */
static bool read_service(const struct env_file *file, const char *name, const char **out,
                         struct error *err)
{
    char *url = NULL;

    if (!variables_get_secret(file, name, &url, err))
        return false;
    *out = url;
    if (!url || strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0)
        return true;
    return error_set(err, ERROR_CONFIG, "%s must begin with https:// or http://", name);
}

/* Chooses the format of alerts by the host that gets them. */
static enum alert_format format_of(const char *url)
{
    MEM_FREE_TEXT char *host = url ? url_host(url) : NULL;

    if (host && strcmp(host, "hooks.slack.com") == 0)
        return ALERT_SLACK;
    if (host && (strstr(host, ".logic.azure.com") || strstr(host, ".api.powerplatform.com") ||
                 strstr(host, ".webhook.office.com")))
        return ALERT_TEAMS;
    return ALERT_JSON;
}

static bool read_alerts(const struct env_file *file, struct settings *out, struct error *err)
{
    static const char *const words[] = {"json", "slack", "teams"};
    const char *format = variables_get(file, "ALERT_FORMAT");
    const char *digest = variables_get(file, "ALERT_DIGEST");
    size_t i = 0;

    out->metrics_file = mem_copy(variables_get(file, "METRICS_FILE"));
    out->alert_digest = true;
    if (!read_service(file, "PING_URL", &out->ping_url, err) ||
        !read_service(file, "ALERT_WEBHOOK_URL", &out->alert_url, err))
        return false;
    if (digest && !parse_bool(digest, &out->alert_digest))
        return error_set(err, ERROR_CONFIG, "ALERT_DIGEST must be true or false");
    out->alert_format = format_of(out->alert_url);
    if (!format)
        return true;
    while (i < sizeof(words) / sizeof(*words) && strcmp(format, words[i]) != 0)
        i++;
    if (i == sizeof(words) / sizeof(*words))
        return error_set(err, ERROR_CONFIG, "ALERT_FORMAT must be json, slack or teams");
    out->alert_format = (enum alert_format)i;
    return true;
}

static bool read_serve(const struct env_file *file, struct settings *out, struct error *err)
{
    const char *trust = variables_get(file, "SERVE_TRUST_PROXY");
    char *hash = NULL, *token = NULL;

    out->serve_address = mem_copy(variables_get(file, "SERVE_ADDRESS"));
    out->serve_hosts = mem_copy(variables_get(file, "SERVE_HOSTS"));
    if (!variables_get_secret(file, "SERVE_PASSWORD_HASH", &hash, err))
        return false;
    out->serve_password_hash = hash;
    if (!variables_get_secret(file, "SERVE_METRICS_TOKEN", &token, err))
        return false;
    out->serve_metrics_token = token;
    return !trust || parse_bool(trust, &out->serve_trust_proxy) ||
           error_set(err, ERROR_CONFIG, "SERVE_TRUST_PROXY must be true or false");
}

static bool read_mode(const struct env_file *file, const struct portal *portal,
                      enum export_mode *out, struct error *err)
{
    const char *text = variables_get(file, "SIGOS_MODE");

    *out = portal->mode;
    if (!text)
        return true;
    if (strcmp(text, "auto") != 0 && strcmp(text, "click") != 0)
        return error_set(err, ERROR_CONFIG, "SIGOS_MODE must be auto or click");
    *out = strcmp(text, "click") == 0 ? EXPORT_MODE_CLICK : EXPORT_MODE_AUTO;
    return true;
}

static bool read_jobs(const struct env_file *file, const struct portal *portal, int *out,
                      struct error *err)
{
    const char *text = variables_get(file, "SIGOS_JOBS");

    *out = portal->jobs;
    if (!text)
        return true;
    if (*text < '1' || *text > '0' + JOBS_MAX || text[1])
        return error_set(err, ERROR_CONFIG, "SIGOS_JOBS must be a number from 1 to %d", JOBS_MAX);
    *out = *text - '0';
    return true;
}

static bool read_bronze(const struct env_file *file, struct settings *out, struct error *err)
{
    enum { DAYS_MAX = 36500 };
    const char *days = variables_get(file, "BRONZE_KEEP_DAYS");
    char *end;

    out->bronze = mem_copy(variables_get(file, "BRONZE_DIR"));
    if (!bucket_settings_read(file, &out->bucket, err))
        return false;
    if (out->bucket.name && !out->bronze)
        return error_set(err, ERROR_CONFIG,
                         "BRONZE_S3_BUCKET needs BRONZE_DIR, the folder of the first copy; it may "
                         "be one that ends with the container");
    if (!days)
        return true;
    const long value = strtol(days, &end, 10);
    if (*days < '0' || *days > '9' || *end || value > DAYS_MAX)
        return error_set(err, ERROR_CONFIG, "BRONZE_KEEP_DAYS must be a number from 0 to %d",
                         DAYS_MAX);
    out->bronze_days = (int)value;
    return true;
}

static bool read_url(const struct env_file *file, const struct portal *portal, const char **out,
                     struct error *err)
{
    const char *url = variables_get(file, "SIGOS_URL");
    const char *fault = url ? url_portal_fault(url) : NULL;

    if (fault)
        return error_set(err, ERROR_CONFIG, "SIGOS_URL %s", fault);
    *out = mem_copy(url ? url : portal->url);
    return true;
}

/* Sets the folder for evidence. The default is in the folder for temporary files, one for each
 * user, because it holds what the portal shows of customers. */
static void read_evidence(const struct env_file *file, const char **out)
{
    const char *folder = variables_get(file, "EVIDENCE_DIR"), *temp = getenv("TMPDIR");

    if (folder && strcmp(folder, "off") == 0)
        *out = NULL;
    else if (folder)
        *out = mem_copy(folder);
    else
        *out = mem_format("%s/etl-sigos-evidence-%u", temp && *temp ? temp : "/tmp",
                          (unsigned)geteuid());
}

static bool read_database(const struct env_file *file, const char **out, char **warning,
                          struct error *err)
{
    char *url = NULL;

    if (!variables_get_secret(file, "DATABASE_URL", &url, err))
        return false;
    if (!url && !database_url_from_parts(file, &url, err))
        return false;
    if (url && !database_url_accept(url, warning, err)) {
        secret_free(url);
        return false;
    }
    *out = url ? url : mem_copy(DEFAULT_DATABASE);
    return true;
}

/* Reads the address of the database that `copy` reads. */
static bool read_copy_from(const struct env_file *file, const char **out, char **warning,
                           struct error *err)
{
    char *url = NULL;

    if (!variables_get_secret(file, "COPY_FROM_URL", &url, err))
        return false;
    if (url && !database_url_accept(url, warning, err)) {
        secret_free(url);
        return error_context(err, "COPY_FROM_URL");
    }
    *out = url;
    return true;
}

/* Checks that a text is valid UTF-8: a browser would type U+FFFD for other bytes. */
static bool check_text(const char *name, const char *text, struct error *err)
{
    if (!text || !u8_check((const uint8_t *)text, strlen(text)))
        return true;
    return error_set(
        err, ERROR_CONFIG,
        "%s is not UTF-8 and cannot be typed: save the file in which it stands as UTF-8", name);
}

/* Checks the settings that only the portal needs. */
static bool check_present(const struct settings *settings, struct error *err)
{
    if (!settings->user || !settings->password)
        return error_set(err, ERROR_CONFIG, "no credentials for the portal: set %s",
                         settings->user       ? "SIGOS_SENHA"
                         : settings->password ? "SIGOS_USUARIO"
                                              : "SIGOS_USUARIO and SIGOS_SENHA");
    return true;
}

static bool read_credentials(const struct env_file *file, struct settings *out, struct error *err)
{
    char *password = NULL;

    out->user = mem_copy(variables_get(file, "SIGOS_USUARIO"));
    if (!variables_get_secret(file, "SIGOS_SENHA", &password, err))
        return false;
    out->password = password;
    return check_text("SIGOS_USUARIO", out->user, err) &&
           check_text("SIGOS_SENHA", out->password, err);
}

static const char *first_variable(const struct env_file *file, const char *const *names,
                                  size_t count)
{
    const char *value = NULL;

    for (size_t i = 0; i < count && !value; i++)
        value = variables_get(file, names[i]);
    return value;
}

/* Reads the proxy. extract/browser/proxy.h checks it when the portal is used, because loading a
 * file by hand needs none. */
static void read_proxy(const struct env_file *file, struct settings *out)
{
    static const char *const secure[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    static const char *const plain[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
    static const char *const none[] = {"no_proxy", "NO_PROXY"};
    const bool is_secure = out->portal_url && strncasecmp(out->portal_url, "https:", 6) == 0;

    out->proxy = mem_copy(first_variable(file, is_secure ? secure : plain, 4));
    out->no_proxy = mem_copy(first_variable(file, none, 2));
}

static bool read_log(const struct env_file *file, struct settings *out, struct error *err)
{
    enum log_level level;

    out->log_level = mem_copy(variables_get(file, "LOG_LEVEL"));
    out->log_format = mem_copy(variables_get(file, "LOG_FORMAT"));
    out->log_file = mem_copy(variables_get(file, "LOG_FILE"));
    if (out->log_level && !log_level_from_name(out->log_level, &level))
        return error_set(err, ERROR_CONFIG, "LOG_LEVEL=%s: use debug, info, warn or error",
                         out->log_level);
    if (out->log_format && strcmp(out->log_format, "text") != 0 &&
        strcmp(out->log_format, "json") != 0)
        return error_set(err, ERROR_CONFIG, "LOG_FORMAT=%s: use text or json", out->log_format);
    return true;
}

/* Adds one setting's fault to the others', so that a person can correct all at once. */
static void note(bool good, const struct error *fault, struct error *all)
{
    if (good)
        return;
    if (all->kind == ERROR_NONE)
        *all = *fault;
    else
        error_append(all, "; %s", fault->message);
}

static bool read_settings(const struct env_file *file, const struct portal *portal, bool for_portal,
                          struct settings *out, char **warning, struct error *err)
{
    struct error all = {0}, one;
    char *unheard = NULL; /* a second warning of the same kind */

    out->browser = mem_copy(variables_get(file, "CHROME_BIN"));
    read_evidence(file, &out->evidence);
    note(read_log(file, out, &one), &one, &all);
    if (!read_credentials(file, out, &one))
        note(false, &one, &all);
    else if (for_portal)
        note(check_present(out, &one), &one, &all);
    note(read_url(file, portal, &out->portal_url, &one), &one, &all);
    read_proxy(file, out);
    note(read_headless(file, &out->headless, &one), &one, &all);
    note(read_sandbox(file, &out->sandbox, &one), &one, &all);
    note(read_mode(file, portal, &out->mode, &one), &one, &all);
    note(read_alerts(file, out, &one), &one, &all);
    note(read_serve(file, out, &one), &one, &all);
    note(read_bronze(file, out, &one), &one, &all);
    note(read_jobs(file, portal, &out->jobs, &one), &one, &all);
    note(read_database(file, &out->database, warning, &one), &one, &all);
    note(read_copy_from(file, &out->copy_from, *warning ? &unheard : warning, &one), &one, &all);
    free(unheard);
    if (all.kind == ERROR_NONE)
        return true;
    *err = all;
    return false;
}

static const char *const secret_variables[SETTINGS_HIDDEN] = SETTINGS_HIDDEN_NAMES;

/* Moves the secrets' variables out of the environment, and overwrites their bytes, which
 * /proc/PID/environ would still show after unsetenv. */
static void hide_secrets(const char *hidden[SETTINGS_HIDDEN])
{
    for (size_t i = 0; i < SETTINGS_HIDDEN; i++) {
        char *value = getenv(secret_variables[i]);
        hidden[i] = mem_copy(value);
        if (value)
            explicit_bzero(value, strlen(value));
        unsetenv(secret_variables[i]);
    }
}

void settings_restore_environment(const struct settings *settings)
{
    for (size_t i = 0; i < SETTINGS_HIDDEN; i++)
        if (settings->hidden[i])
            setenv(secret_variables[i], settings->hidden[i], 1);
}

/* Appends a second warning to the first. */
static void join(char **warning, char *more)
{
    if (*warning && more) {
        char *both = mem_format("%s; %s", *warning, more);
        free(*warning);
        free(more);
        *warning = both;
    } else if (more) {
        *warning = more;
    }
}

bool settings_load(const char *env_file, const struct portal *portal, bool for_portal,
                   struct settings *out, char **warning, struct error *err)
{
    struct env_file file = {0};
    struct settings settings = {0};
    char *heard = NULL, *heard_of_database = NULL;

    bool ok = read_env_file(env_file, &file, &heard, err) &&
              read_settings(&file, portal, for_portal, &settings, &heard_of_database, err);
    join(&heard, heard_of_database);
    env_file_done(&file);
    hide_secrets(settings.hidden);
    if (!ok) {
        settings_done(&settings);
        free(heard);
        return false;
    }
    *out = settings;
    *warning = heard;
    return true;
}

void settings_set(const char **text, const char *value)
{
    char *copy = mem_copy(value); /* copied first, because it may be part of the old text */

    secret_free((char *)*text);
    *text = copy;
}

void settings_done(struct settings *settings)
{
    settings_set(&settings->portal_url, NULL);
    settings_set(&settings->user, NULL);
    settings_set(&settings->password, NULL);
    settings_set(&settings->browser, NULL);
    settings_set(&settings->evidence, NULL);
    settings_set(&settings->database, NULL);
    settings_set(&settings->copy_from, NULL);
    settings_set(&settings->proxy, NULL);
    settings_set(&settings->no_proxy, NULL);
    settings_set(&settings->log_level, NULL);
    settings_set(&settings->log_format, NULL);
    settings_set(&settings->log_file, NULL);
    settings_set(&settings->ping_url, NULL);
    settings_set(&settings->alert_url, NULL);
    settings_set(&settings->metrics_file, NULL);
    settings_set(&settings->bronze, NULL);
    settings_set(&settings->serve_address, NULL);
    settings_set(&settings->serve_hosts, NULL);
    settings_set(&settings->serve_password_hash, NULL);
    settings_set(&settings->serve_metrics_token, NULL);
    bucket_settings_done(&settings->bucket);
    for (size_t i = 0; i < SETTINGS_HIDDEN; i++)
        settings_set(&settings->hidden[i], NULL);
    *settings = (struct settings){0};
}
