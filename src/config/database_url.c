/* SPDX-License-Identifier: MIT */
/* Makes an address from DB_HOST and the other DB_ variables. */
#include "config/database_url.h"

#include "base/buf.h"
#include "base/mem.h"
#include "config/variables.h"
#include "base/secret.h"
#include "base/url.h"

#include <stdlib.h>
#include <string.h>

/* bytes; a password of SECRET_MAX bytes fits with each byte encoded */
enum { URL_MAX = 512 * 1024 };

/* Adds a part, with the text that introduces it, if the part is set. */
static void add_part(struct buf *out, const char *introduction, const char *text)
{
    if (!text)
        return;
    buf_add_text(out, introduction);
    url_add_encoded(out, text); /* so a host may be the folder of a Unix socket */
}

static bool check_port(const char *port, struct error *err)
{
    char *end;

    if (!port)
        return true;
    long number = strtol(port, &end, 10);
    if (*end || number < 1 || number > 65535)
        return error_set(err, ERROR_CONFIG, "DB_PORT must be a number from 1 to 65535");
    return true;
}

static bool check_host(const struct env_file *file, const char *password, struct error *err)
{
    static const char *const others[] = {"DB_NAME", "DB_USER", "DB_PORT"};
    const char *lonely = password ? "DB_PASS" : NULL;

    for (size_t i = 0; !lonely && i < sizeof(others) / sizeof(*others); i++)
        if (variables_get(file, others[i]))
            lonely = others[i];
    if (lonely)
        return error_set(err, ERROR_CONFIG, "%s is set, but neither DB_HOST nor DATABASE_URL",
                         lonely);
    return true;
}

static char *build(const struct env_file *file, const char *host, const char *port,
                   const char *password)
{
    SECRET_BUF struct buf url = BUF_INIT(URL_MAX);
    const char *user = variables_get(file, "DB_USER");
    const char *mode = variables_get(file, "DB_SSLMODE");

    /* so that it does not move and leave a copy */
    buf_reserve(&url, 4096 + (password ? 3 * strlen(password) : 0));
    buf_add_text(&url, "postgres://");
    add_part(&url, "", user);
    add_part(&url, ":", password);
    if (user || password)
        buf_add_char(&url, '@');
    add_part(&url, "", host);
    add_part(&url, ":", port);
    add_part(&url, "/", variables_get(file, "DB_NAME"));
    add_part(&url, "?sslmode=", mode);
    add_part(&url, mode ? "&sslrootcert=" : "?sslrootcert=", variables_get(file, "DB_SSLROOTCERT"));
    return mem_copy(buf_text(&url));
}

bool database_url_from_parts(const struct env_file *file, char **out, struct error *err)
{
    const char *host = variables_get(file, "DB_HOST"), *port = variables_get(file, "DB_PORT");
    char *password = NULL, *url = NULL;

    if (!variables_get_secret(file, "DB_PASS", &password, err))
        return false;
    bool ok = host ? check_port(port, err) : check_host(file, password, err);
    if (ok && host)
        url = build(file, host, port, password);
    secret_free(password);
    if (ok)
        *out = url;
    return ok;
}
