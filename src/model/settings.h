/*
 * What the environment and the command line set for this run: addresses, secrets and options.
 *
 * Precedence: flag > environment > .env > profile > default. Secrets (the password, the database's
 * address) are only here; no log call and no error message takes them.
 */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

#include "model/portal.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether the browser isolates its own processes. SANDBOX_AUTO: where the machine lets it, because
 * containers such as Docker's and Fargate's forbid what it needs. */
enum sandbox { SANDBOX_AUTO, SANDBOX_ON, SANDBOX_OFF };

/* How a webhook wants its messages. */
enum alert_format { ALERT_JSON, ALERT_SLACK, ALERT_TEAMS };

/* The variables that are taken out of the environment. */
#define SETTINGS_HIDDEN_NAMES                                                                      \
    {                                                                                              \
        "SIGOS_SENHA", "DB_PASS", "DATABASE_URL", "COPY_FROM_URL", "PING_URL",                     \
            "ALERT_WEBHOOK_URL", "SERVE_PASSWORD_HASH", "SERVE_METRICS_TOKEN",                     \
            "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" \
    }
enum { SETTINGS_HIDDEN = 11 };

/* Where the bronze archive is copied to: a bucket of S3, or of what speaks it. */
struct bucket_settings {
    const char *name;             /* BRONZE_S3_BUCKET; NULL: the archive is not copied */
    const char *prefix;           /* BRONZE_S3_PREFIX, without slashes at its ends; NULL: none */
    const char *region;           /* BRONZE_S3_REGION, else AWS_REGION, else us-east-1 */
    const char *endpoint;         /* BRONZE_S3_ENDPOINT: an origin; NULL: AWS */
    const char *key_id;           /* AWS_ACCESS_KEY_ID; NULL: the keys come from credentials_path */
    const char *secret;           /* AWS_SECRET_ACCESS_KEY */
    const char *token;            /* AWS_SESSION_TOKEN, or NULL */
    const char *credentials_path; /* AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, or NULL */
};

struct settings {
    const char *portal_url; /* SIGOS_URL, else the profile's */
    const char *user;       /* SIGOS_USUARIO; NULL if not set */
    const char *password;   /* SIGOS_SENHA or SIGOS_SENHA_FILE; NULL if not set */
    const char *browser;    /* CHROME_BIN; NULL: the first of the known places */
    bool headless;          /* HEADLESS, true by default */
    enum sandbox sandbox;   /* BROWSER_SANDBOX */
    enum export_mode mode;  /* SIGOS_MODE, else the profile's */
    int jobs;               /* SIGOS_JOBS, else the profile's: windows exported at a time */
    const char *evidence;   /* folder for pictures and pages of failures; NULL: they are not kept */
    const char *proxy; /* HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, for the portal's scheme; or NULL */
    const char *no_proxy; /* NO_PROXY; NULL if not set */
    /* LOG_LEVEL, LOG_FORMAT, LOG_FILE, as they are; NULL if not set. */
    const char *log_level, *log_format, *log_file;
    const char *database;  /* DATABASE_URL, or built from DB_*; "sqlite:sigos.db" by default */
    const char *copy_from; /* COPY_FROM_URL: the database that `copy` reads; NULL if not set */
    const char *ping_url;  /* PING_URL: a dead man's switch; NULL: none */
    const char *alert_url; /* ALERT_WEBHOOK_URL; NULL: none */
    enum alert_format alert_format; /* ALERT_FORMAT, else by the host of alert_url */
    bool alert_digest;              /* ALERT_DIGEST: a digest each day; true by default */
    const char *metrics_file;       /* METRICS_FILE; NULL: none */
    const char *bronze; /* BRONZE_DIR: the folder of the bronze archive; NULL: nothing is kept */
    /* BRONZE_KEEP_DAYS: needless exports that are older are removed from it; 0: none is */
    int bronze_days;
    const char *serve_address; /* SERVE_ADDRESS; NULL if not set */
    const char *serve_hosts;   /* SERVE_HOSTS: names under which the pages are asked for; NULL */
    const char *serve_password_hash; /* SERVE_PASSWORD_HASH; NULL: none */
    const char *serve_metrics_token; /* SERVE_METRICS_TOKEN; NULL: none */
    bool serve_trust_proxy;          /* SERVE_TRUST_PROXY; false by default */
    struct bucket_settings bucket;   /* BRONZE_S3_* and AWS_*: the archive's copy */
    /* What the secrets' variables held before they were taken out of the environment; NULL. */
    const char *hidden[SETTINGS_HIDDEN];
};

#endif
